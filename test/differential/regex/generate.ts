import type { RegexCase } from './cases.ts';

/** Random patterns over a small alphabet, the same for the same seed. */
export function generated(seed: number, count: number): RegexCase[] {
  const random = generator(seed);
  return Array.from({ length: count }, () => ({
    pattern: choice(random, 3),
    text: text(random),
    replacement: '<\\g<0>>',
    flags: (['multiline', 'ignoreCase', 'dotAll'] as const).filter(() => random() < 0.2),
  }));
}

/** mulberry32. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const pick = <T>(random: () => number, items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;

const TEXTS = ['a', 'b', 'A', '1', ' ', '\n', '_', 'ä', '.', '\r'];
const ATOMS = [
  'a',
  'b',
  'A',
  '.',
  '\\d',
  '\\w',
  '\\s',
  '\\W',
  '[ab]',
  '[^a]',
  '[a-c1]',
  '\\n',
  ' ',
  '_',
  'ä',
  '\\b',
  '^',
  '$',
  '\\Z',
  '\\.',
];
const REPEATS = ['', '', '', '', '*', '+', '?', '*?', '+?', '??', '{2}', '{1,2}', '{,2}'];
/** On single characters only: Python 3.11.2 itself goes wrong with possessive groups (CPython issues 101955 and 106052). */
const POSSESSIVE = ['*+', '++', '?+'];

function text(random: () => number): string {
  return Array.from({ length: Math.floor(random() * 9) }, () => pick(random, TEXTS)).join('');
}

function choice(random: () => number, depth: number): string {
  const branches = random() < 0.2 ? 2 : 1;
  return Array.from({ length: branches }, () => sequence(random, depth)).join('|');
}

function sequence(random: () => number, depth: number): string {
  return Array.from({ length: Math.floor(random() * 4) }, () => {
    const one = atom(random, depth);
    return one + (one.startsWith('(') || random() < 0.8 ? pick(random, REPEATS) : pick(random, POSSESSIVE));
  }).join('');
}

function atom(random: () => number, depth: number): string {
  if (depth === 0 || random() < 0.6) return pick(random, ATOMS);
  const open = pick(random, ['(', '(', '(?:', '(?=', '(?!', '(?>', '(?i:', '(?<=', '(?<!']);
  return `${open}${choice(random, depth - 1)})`;
}
