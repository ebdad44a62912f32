import type { YamlScalar } from './node.ts';

type ScalarValue = YamlScalar['value'];

/** What a plain scalar means, or why it means nothing. */
export type Resolved = { readonly value: ScalarValue } | { readonly problem: string };

/**
 * A plain (unquoted) scalar as PyYAML's SafeLoader resolves it: YAML 1.1's types by PyYAML's own patterns
 * (`1e3` and `y` are text, `1:30` is 90, `0o644` is text). A timestamp stays its text.
 */
export function resolvePlain(text: string): Resolved {
  const word = WORDS.get(text);
  if (word !== undefined) return { value: word };
  if (text === '=') return { problem: 'a lone = has no meaning in YAML 1.1' };
  const first = text.charCodeAt(0);
  const numeric = (first >= 0x30 && first <= 0x39) || first === 0x2b || first === 0x2d || first === 0x2e;
  if (!numeric) return { value: text };
  if (FLOAT.test(text)) return { value: toFloat(text) };
  if (INT.test(text)) return toInt(text);
  return { value: text };
}

/** A scalar under an explicit `!!int`, `!!float`, `!!bool` or `!!null`. */
export function resolveTagged(tag: 'int' | 'float' | 'bool' | 'null', text: string): Resolved {
  if (tag === 'null') return { value: null };
  if (tag === 'bool') {
    const word = WORDS.get(text.toLowerCase());
    return typeof word === 'boolean' ? { value: word } : { problem: `${text} is no boolean` };
  }
  if (tag === 'float') {
    return FLOAT.test(text) || INT.test(text) ? { value: toFloat(text) } : { problem: `${text} is no number` };
  }
  return INT.test(text) ? toInt(text) : { problem: `${text} is no whole number` };
}

/** A mapping key as Python's `str` writes it. */
export function keyText(value: ScalarValue): string {
  if (value === null) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (typeof value !== 'object') return String(value);
  if (Number.isFinite(value.float)) return `${value.float}.0`;
  return Number.isNaN(value.float) ? 'nan' : value.float > 0 ? 'inf' : '-inf';
}

const WORDS: ReadonlyMap<string, boolean | null> = new Map<string, boolean | null>([
  ...['yes', 'true', 'on'].flatMap((word) => spellings(word).map((spelling) => [spelling, true] as const)),
  ...['no', 'false', 'off'].flatMap((word) => spellings(word).map((spelling) => [spelling, false] as const)),
  ...['null', '~', ''].flatMap((word) => spellings(word).map((spelling) => [spelling, null] as const)),
]);

function spellings(word: string): string[] {
  return [word, word.slice(0, 1).toUpperCase() + word.slice(1), word.toUpperCase()];
}

/** The patterns of PyYAML's resolver.py; floats are tried first there too. */
const FLOAT = new RegExp(
  [
    '^(?:[-+]?[0-9][0-9_]*\\.[0-9_]*(?:[eE][-+][0-9]+)?',
    '\\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?',
    '[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\\.[0-9_]*',
    '[-+]?\\.(?:inf|Inf|INF)',
    '\\.(?:nan|NaN|NAN))$',
  ].join('|'),
);
const INT = new RegExp(
  [
    '^(?:[-+]?0b[0-1_]+',
    '[-+]?0[0-7_]+',
    '[-+]?(?:0|[1-9][0-9_]*)',
    '[-+]?0x[0-9a-fA-F_]+',
    '[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$',
  ].join('|'),
);

function toInt(text: string): Resolved {
  const negative = text.startsWith('-');
  const digits = text.replaceAll('_', '').replace(/^[-+]/, '');
  const size = intOf(digits);
  if (size === undefined) return { problem: `${text} looks like a number but has no digits` };
  const value = negative ? -size : size;
  const small = value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
  return { value: small ? Number(value) : value };
}

function intOf(digits: string): bigint | undefined {
  if (digits === '0') return 0n;
  if (digits.startsWith('0b') || digits.startsWith('0x')) return digits.length > 2 ? BigInt(digits) : undefined;
  if (digits.startsWith('0')) return BigInt(`0o${digits.slice(1)}`);
  return digits.split(':').reduce((sum, part) => sum * 60n + BigInt(part), 0n);
}

function toFloat(text: string): number | { readonly float: number } {
  const negative = text.startsWith('-');
  const digits = text.replaceAll('_', '').toLowerCase().replace(/^[-+]/, '');
  const size = floatOf(digits);
  const value = negative ? -size : size;
  return Number.isFinite(value) && !Number.isInteger(value) ? value : { float: value };
}

function floatOf(digits: string): number {
  if (digits === '.inf') return Number.POSITIVE_INFINITY;
  if (digits === '.nan') return Number.NaN;
  // The same order of additions as PyYAML, for the same rounding.
  const parts = digits.split(':').reverse();
  let base = 1;
  let sum = 0;
  for (const part of parts) {
    sum += Number(part) * base;
    base *= 60;
  }
  return sum;
}
