/** Names made of one pattern, in the order in which Ansible lists them, or in words why there are none. */
export type Expansion = { readonly names: readonly string[] } | { readonly problem: string };

/** More names than this from one pattern are a slip of the hand. */
const MOST_NAMES = 1_000_000;

/**
 * Names of a pattern with ranges: Ansible's `node[01:20:2]` and `[a:f]`, pdsh's `node[01-20,25]`, nodeset's `[1-9/2]`,
 * several in one name too. Zero padding is kept. A pattern without brackets is its own name.
 */
export function expandNames(pattern: string): Expansion {
  const pieces = splitBrackets(pattern);
  if (typeof pieces === 'string') return { problem: pieces };
  const choices: (readonly string[])[] = [];
  let size = 1;
  for (const [index, piece] of pieces.entries()) {
    const choice = index % 2 === 0 ? [piece] : expandBracket(piece);
    if (typeof choice === 'string') return { problem: choice };
    size *= choice.length;
    if (size > MOST_NAMES) return { problem: tooMany(pattern) };
    choices.push(choice);
  }
  return { names: product(choices) };
}

/** Text and bracket contents by turns, text first. A string says what is wrong. */
function splitBrackets(pattern: string): string[] | string {
  const pieces = pattern.split(/[[\]]/);
  const signs = pattern.replace(/[^[\]]/g, '');
  if (signs !== '[]'.repeat(signs.length / 2)) return `the brackets of ${pattern} do not match`;
  return pieces;
}

function product(choices: readonly (readonly string[])[]): string[] {
  let heads = [''];
  for (const choice of choices) {
    const [only] = choice;
    if (choice.length === 1 && only !== undefined) heads = heads.map((head) => head + only);
    else heads = heads.flatMap((head) => choice.map((part) => head + part));
  }
  return heads;
}

/** What one pair of brackets stands for; a string says what is wrong. */
function expandBracket(inner: string): readonly string[] | string {
  const out: string[] = [];
  for (const part of inner.split(',')) {
    const made = expandPart(part.trim(), inner);
    if (typeof made === 'string') return made;
    if (out.length + made.length > MOST_NAMES) return tooMany(`[${inner}]`);
    for (const item of made) out.push(item);
  }
  return out;
}

const NUMBERS = /^(\d*)[:-](\d+)(?:[:/](\d+))?$/;
const LETTERS = /^([a-zA-Z])[:-]([a-zA-Z])(?:[:/](\d+))?$/;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

function expandPart(part: string, inner: string): string[] | string {
  if (/^\d+$/.test(part) && !inner.includes(':')) return [part];
  const numbers = NUMBERS.exec(part);
  if (numbers) return numberRange(part, numbers);
  const letters = LETTERS.exec(part);
  if (letters) return letterRange(part, letters);
  return part === '' ? 'empty brackets are no range' : `${part} is no range; write [01:20], [01-20,25] or [a:f]`;
}

function numberRange(part: string, match: RegExpExecArray): string[] | string {
  const [, from = '', to = '', by = '1'] = match;
  const [first, last, step] = [Number(from), Number(to), Number(by)];
  const padded = from.length > 1 && from.startsWith('0');
  if (to.length > 15 || from.length > 15) return `the numbers of ${part} are too long for a range`;
  if (last < first) return reversed(part, to, from);
  if (step < 1) return stepOfZero(part);
  if (padded ? from.length !== to.length : to.length > 1 && to.startsWith('0')) {
    return `${part} pads its ends to different widths, so its names are not certain`;
  }
  if ((last - first) / step >= MOST_NAMES) return tooMany(`[${part}]`);
  const width = padded ? from.length : 0;
  const out: string[] = [];
  for (let number = first; number <= last; number += step) out.push(String(number).padStart(width, '0'));
  return out;
}

/** Letters count as Ansible counts them: `a` to `z`, then `A` to `Z`. */
function letterRange(part: string, match: RegExpExecArray): string[] | string {
  const [, from = '', to = '', by = '1'] = match;
  const [first, last, step] = [ALPHABET.indexOf(from), ALPHABET.indexOf(to), Number(by)];
  if (last < first) return reversed(part, to, from);
  if (step < 1) return stepOfZero(part);
  return [...ALPHABET.slice(first, last + 1)].filter((_, index) => index % step === 0);
}

function reversed(part: string, low: string, high: string): string {
  return `the range ${part} runs backwards; did you mean ${low}${part.includes(':') ? ':' : '-'}${high}?`;
}

function stepOfZero(part: string): string {
  return `the step of ${part} must be at least 1`;
}

function tooMany(pattern: string): string {
  return `${pattern} stands for more than ${MOST_NAMES.toLocaleString('en-US')} names`;
}
