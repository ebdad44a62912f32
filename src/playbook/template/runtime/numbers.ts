import { stripped } from './string-methods.ts';
import { int } from './values.ts';

const PREFIX: Readonly<Record<string, number>> = { '0x': 16, '0o': 8, '0b': 2 };

/** Python's `int(text, base)`; undefined where Python raises. Base 0 takes the prefix's. */
export function pythonInt(text: string, base = 10): number | bigint | undefined {
  const [, sign = '', body = ''] = /^([+-]?)(.*)$/s.exec(stripped(text, undefined, 'both').toLowerCase()) ?? [];
  const prefix = PREFIX[body.slice(0, 2)];
  const prefixed = prefix !== undefined && (base === 0 || base === prefix);
  if (base === 0 && !prefixed && /^0[\d_]*[1-9]/.test(body)) return undefined;
  const digits = (prefixed ? body.slice(2) : body).replace(/(?<=[0-9a-z])_(?=[0-9a-z])/g, '');
  const value = digitsValue(digits, base === 0 ? (prefix ?? 10) : base);
  if (value === undefined) return undefined;
  return int(sign === '-' ? -value : value);
}

function digitsValue(digits: string, base: number): bigint | undefined {
  if (digits === '' || base < 2 || base > 36) return undefined;
  let value = 0n;
  for (const char of digits) {
    const digit = Number.parseInt(asciiDigit(char), 36);
    if (Number.isNaN(digit) || digit >= base) return undefined;
    value = value * BigInt(base) + BigInt(digit);
  }
  return value;
}

/** Decimal digits of other scripts count as digits in Python. */
function asciiDigit(char: string): string {
  if (!/^\p{Nd}$/u.test(char) || /[0-9]/.test(char)) return char;
  const code = char.codePointAt(0) ?? 0;
  let zero = code;
  while (/^\p{Nd}$/u.test(String.fromCodePoint(zero - 1)) && code - zero < 9) zero--;
  return String(code - zero);
}

/** Python's `float(text)`; undefined where Python raises. */
export function pythonFloat(text: string): number | undefined {
  const trimmed = stripped(text, undefined, 'both').toLowerCase();
  if (/^[+-]?(inf|infinity)$/.test(trimmed))
    return trimmed.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^[+-]?nan$/.test(trimmed)) return Number.NaN;
  const plain = trimmed.replace(/(?<=\d)_(?=\d)/g, '');
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(plain) ? Number(plain) : undefined;
}
