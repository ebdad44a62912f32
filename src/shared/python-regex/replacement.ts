import { PythonRegexError } from './node.ts';

/** A replacement text taken apart: text, and numbers of groups. */
export type Replacement = readonly (string | number)[];

const SIMPLE: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

const ESCAPE = /\\(?:g<([^>]*)>|(0[0-7]{0,2}|[0-3][0-7]{2}|[4-7][0-7]{2})|([1-9][0-9]?)|([\s\S]|$))/gu;

/**
 * A replacement of `re.sub`: `\1`, `\g<1>`, `\g<name>`, and escapes such as `\n`.
 * @throws PythonRegexError for a group that the pattern has not, and for an unknown escape of a letter.
 */
export function parseReplacement(
  text: string,
  pattern: { readonly groups: number; readonly names: ReadonlyMap<string, number> },
): Replacement {
  const out: (string | number)[] = [];
  let from = 0;
  for (const match of text.matchAll(ESCAPE)) {
    const [whole, name, octal, digits, char = ''] = match;
    out.push(text.slice(from, match.index));
    from = match.index + whole.length;
    if (name !== undefined) out.push(groupNamed(name, pattern));
    else if (octal !== undefined) out.push(octalChar(octal));
    else if (digits !== undefined) out.push(checked(Number(digits), pattern.groups));
    else out.push(simple(char));
  }
  out.push(text.slice(from));
  return out.filter((part) => part !== '');
}

function groupNamed(
  name: string,
  pattern: { readonly groups: number; readonly names: ReadonlyMap<string, number> },
): number {
  if (name === '') throw new PythonRegexError('missing group name in the replacement');
  if (/^\d+$/.test(name)) return checked(Number(name), pattern.groups);
  const index = pattern.names.get(name);
  if (index === undefined) throw new PythonRegexError(`unknown group name '${name}' in the replacement`);
  return index;
}

function checked(index: number, groups: number): number {
  if (index > groups) throw new PythonRegexError(`invalid group reference ${index} in the replacement`);
  return index;
}

function octalChar(digits: string): string {
  const code = Number.parseInt(digits, 8);
  if (code > 0o377) throw new PythonRegexError(`octal escape value \\${digits} outside of range 0-0o377`);
  return String.fromCodePoint(code);
}

function simple(char: string): string {
  const known = SIMPLE[char];
  if (known !== undefined) return known;
  if (char === '') throw new PythonRegexError('bad escape (end of replacement)');
  if (char === 'g') throw new PythonRegexError('missing < after \\g in the replacement');
  if (/[A-Za-z0-9]/.test(char)) throw new PythonRegexError(`bad escape \\${char} in the replacement`);
  return `\\${char}`;
}
