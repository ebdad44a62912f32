import { isIPv6 } from './address.ts';

/** One part of a host pattern: hosts to take, to keep only (`&`), or to leave out (`!`). */
export interface Term {
  readonly sign: '' | '&' | '!';
  readonly text: string;
}

/**
 * The parts of a pattern, between commas, colons or blanks outside brackets. A colon inside an IPv6 address, a name that
 * `isName` knows, or the brackets and groups of a `~regex` does not part.
 */
export function splitPattern(pattern: string, isName: (text: string) => boolean): readonly Term[] {
  return splitAt(pattern, /[,\s]/)
    .flatMap((chunk) => {
      const { text } = termOf(chunk);
      return isIPv6(text) || isName(text) ? [chunk] : splitAt(chunk, /:/);
    })
    .map(termOf);
}

function termOf(chunk: string): Term {
  const sign = chunk.startsWith('!') ? '!' : chunk.startsWith('&') ? '&' : '';
  return { sign, text: chunk.slice(sign.length) };
}

function splitAt(text: string, separator: RegExp): string[] {
  const parts: string[] = [];
  for (let start = 0; start <= text.length; ) {
    const end = partEnd(text, start, separator);
    if (end > start) parts.push(text.slice(start, end));
    start = end + 1;
  }
  return parts;
}

/** The next separator outside brackets; in a `~regex` outside parentheses and braces too. */
function partEnd(text: string, start: number, separator: RegExp): number {
  const isRegex = /^[!&]?~/.test(text.slice(start, start + 2));
  let depth = 0;
  for (let index = start; index < text.length; index++) {
    const character = text[index] ?? '';
    if (depth === 0 && separator.test(character)) return index;
    if (character === '[') index = bracketEnd(text, index, isRegex);
    else if (isRegex && character === '\\') index++;
    else if (isRegex) depth = Math.max(0, depth + nesting(character));
  }
  return text.length;
}

function nesting(character: string): number {
  if (character === '(' || character === '{') return 1;
  return character === ')' || character === '}' ? -1 : 0;
}

/** Where a pair of brackets ends; where it does not end it holds the rest. */
function bracketEnd(text: string, start: number, isRegex: boolean): number {
  for (let index = start + 1; index < text.length; index++) {
    if (isRegex && text[index] === '\\') index++;
    else if (text[index] === ']' && index > start + 1) return index;
  }
  return text.length;
}
