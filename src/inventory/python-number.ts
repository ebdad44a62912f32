import { PyFloat } from '../model/value.ts';

/** A number of Python's grammar, and where it ends. */
export interface NumberRead {
  readonly value: number | bigint | PyFloat;
  readonly end: number;
}

/**
 * The Python number at `start` (language reference, 2.4.5 to 2.4.7): underscores between digits, `0x`, `0o`, `0b`, floats.
 * Undefined for what Python refuses (`0644`, `1__0`, a name glued to it) and for imaginary numbers.
 */
export function readNumber(text: string, start: number): NumberRead | undefined {
  const found = matchAt(FLOAT, text, start) ?? matchAt(INTEGER, text, start);
  if (found === undefined) return undefined;
  const end = start + found.length;
  if (/[\w.]/.test(text[end] ?? '') || /[^\x00-\x7f]/.test(text[end] ?? '')) return undefined;
  const digits = found.replaceAll('_', '');
  if (/^0[xob]/i.test(digits)) return { value: small(BigInt(digits)), end };
  if (/[.e]/i.test(digits)) return { value: float(Number(digits)), end };
  return digits.length > MOST_DIGITS ? undefined : { value: small(BigInt(digits)), end };
}

const DIGITS = '[0-9](?:_?[0-9])*';
const EXPONENT = `[eE][-+]?${DIGITS}`;
const FLOAT = new RegExp(`(?:(?:${DIGITS})?\\.${DIGITS}|${DIGITS}\\.)(?:${EXPONENT})?|${DIGITS}${EXPONENT}`, 'y');
/** A decimal number has no leading zero, unless it is zero (`00`). */
const INTEGER = /0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|[1-9](?:_?[0-9])*|0(?:_?0)*(?![0-9_])/y;

/** Python 3.11 refuses to read longer decimal numbers (sys.int_info.default_max_str_digits). */
const MOST_DIGITS = 4300;

function matchAt(pattern: RegExp, text: string, start: number): string | undefined {
  pattern.lastIndex = start;
  return pattern.exec(text)?.[0];
}

function small(value: bigint): number | bigint {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

function float(value: number): number | PyFloat {
  return Number.isInteger(value) || !Number.isFinite(value) ? new PyFloat(value) : value;
}
