import type { Source } from './source.ts';

const SIMPLE: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11 };

/** The character that an escape in a pattern means, its first letter already read. @throws PythonRegexError */
export function simpleEscape(source: Source, char: string): number {
  if (char === 'x') return hexadecimal(source, char, 2);
  if (char === 'u') return hexadecimal(source, char, 4);
  if (char === 'U') return hexadecimal(source, char, 8);
  if (char === '0') return Number.parseInt(`0${source.match(/[0-7]{0,2}/y)?.[0] ?? ''}`, 8);
  if (char === 'N') throw source.error('\\N{…} is not understood here; write the character');
  const code = SIMPLE[char];
  if (code !== undefined && char !== 'b') return code;
  if (/[A-Za-z0-9]/.test(char)) throw source.error(`bad escape \\${char}`);
  return char.codePointAt(0) ?? 0;
}

function hexadecimal(source: Source, letter: string, digits: number): number {
  const text = source.match(new RegExp(`[\\da-fA-F]{${digits}}`, 'y'))?.[0];
  if (text === undefined) throw source.error(`incomplete escape \\${letter}`);
  const code = Number.parseInt(text, 16);
  if (code > 0x10ffff) throw source.error(`bad escape \\${letter}${text}`);
  return code;
}

/** Three octal digits after a backslash, the first already read; undefined: there are not three. */
export function numericEscape(source: Source, first: string): number | undefined {
  if (!/[0-7]/.test(first)) return undefined;
  const more = source.match(/[0-7]{2}/y)?.[0];
  if (more === undefined) return undefined;
  const code = Number.parseInt(first + more, 8);
  if (code > 0o377) throw source.error(`octal escape value \\${first}${more} outside of range 0-0o377`);
  return code;
}

/** In a class every digit escape is octal. */
export function classEscape(source: Source, char: string): number {
  if (char === 'b') return 8;
  if (!/[0-7]/.test(char)) return simpleEscape(source, char);
  const code = Number.parseInt(char + (source.match(/[0-7]{0,2}/y)?.[0] ?? ''), 8);
  if (code > 0o377) throw source.error('octal escape value outside of range 0-0o377');
  return code;
}
