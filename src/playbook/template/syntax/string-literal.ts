import { SyntaxFault } from './token.ts';

const SIMPLE: Readonly<Record<string, string>> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\n': '',
};

/**
 * The value of a string literal's inside, its escapes read as Python reads them (String and Bytes literals); an unknown
 * escape stays as it is.
 * @throws SyntaxFault for a broken `\x`, `\u` or `\U`, and for `\N{…}`.
 */
export function unescapeString(text: string, offset: number): string {
  if (!text.includes('\\')) return text;
  return text.replace(
    /\\(?:([0-7]{1,3})|x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([\s\S]))/g,
    (whole: string, octal?: string, x?: string, u?: string, long?: string, char = '') => {
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
      const hex = x ?? u ?? long;
      if (hex !== undefined) return codePoint(Number.parseInt(hex, 16), offset);
      if ('xuU'.includes(char)) throw new SyntaxFault(`truncated \\${char} escape`, offset);
      if (char === 'N') throw new SyntaxFault('\\N{…} escapes are not understood; write the character', offset);
      return SIMPLE[char] ?? whole;
    },
  );
}

function codePoint(code: number, offset: number): string {
  if (code > 0x10ffff) throw new SyntaxFault('illegal Unicode character', offset);
  return String.fromCodePoint(code);
}
