import {
  Callable,
  dictEntries,
  Fault,
  isDict,
  isFloat,
  Namespace,
  Nothing,
  type Py,
  Structure,
  Tuple,
  toNumber,
  Undefined,
  View,
} from './values.ts';

/** Python's `str()`: a string is itself, everything else is written as `repr()` writes it. */
export function str(value: Py): string {
  if (typeof value === 'string') return value;
  if (value instanceof Structure) return value.text();
  return repr(value);
}

/** Python's `repr()`. */
export function repr(value: Py): string {
  if (typeof value === 'string') return quoted(value);
  if (value === null) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (isFloat(value)) return floatText(toNumber(value));
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return `[${value.map(repr).join(', ')}]`;
  return objectText(value);
}

function objectText(value: Py): string {
  if (value instanceof Nothing) return '';
  if (value instanceof Undefined) return value.fail();
  if (value instanceof Tuple) {
    return value.items.length === 1 ? `(${repr(value.items[0])},)` : `(${value.items.map(repr).join(', ')})`;
  }
  if (value instanceof View) return `${value.kind}([${value.items.map(repr).join(', ')}])`;
  if (isDict(value)) {
    return `{${dictEntries(value)
      .map(([key, item]) => `${repr(key)}: ${repr(item)}`)
      .join(', ')}}`;
  }
  if (value instanceof Namespace) {
    const items = [...value.values].map(([key, item]) => `${repr(key)}: ${repr(item)}`);
    return `<Namespace {${items.join(', ')}}>`;
  }
  if (value instanceof Structure) return value.text();
  if (value instanceof Callable)
    throw new Fault(`the function ${value.name} was used as a value; call it: ${value.name}()`);
  throw new Fault('this value has no text');
}

/** Python's `repr()` of a float: the shortest digits that read back the same. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '-0.0';
  const [mantissa = '', exponentText = '0'] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 16) {
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  const text = exponent < 0 ? value.toFixed(fractionDigits(mantissa, exponent)) : plainDigits(mantissa, exponent);
  return text.includes('.') ? text : `${text}.0`;
}

function fractionDigits(mantissa: string, exponent: number): number {
  return Math.min(100, (mantissa.split('.')[1]?.length ?? 0) - exponent);
}

/** The digits of a mantissa with the point moved right by `exponent`. */
function plainDigits(mantissa: string, exponent: number): string {
  const sign = mantissa.startsWith('-') ? '-' : '';
  const digits = mantissa
    .replace('-', '')
    .replace('.', '')
    .padEnd(exponent + 1, '0');
  const fraction = digits.slice(exponent + 1);
  return `${sign}${digits.slice(0, exponent + 1)}${fraction ? `.${fraction}` : ''}`;
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A string literal: single quotes, unless it holds those and no double ones; what cannot be printed is escaped. */
function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let out = '';
  for (const char of text) {
    if (char === quote) out += `\\${quote}`;
    else out += ESCAPES[char] ?? (isPrintable(char) ? char : escapeCode(char.codePointAt(0) ?? 0));
  }
  return `${quote}${out}${quote}`;
}

/** Python's `str.isprintable`: no control, format, surrogate, private or unassigned character and no separator but the space. */
export function isPrintable(char: string): boolean {
  return char === ' ' || !/[\p{C}\p{Z}]/u.test(char);
}

function escapeCode(code: number): string {
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code < 0x10000) return `\\u${code.toString(16).padStart(4, '0')}`;
  return `\\U${code.toString(16).padStart(8, '0')}`;
}

/** Whether indexes into the string count the same as JS counts them. */
const ASTRAL = /[\ud800-\udfff]/;

/** The code points of a string, which is what Python counts. */
export function codePoints(text: string): readonly string[] {
  return ASTRAL.test(text) ? [...text] : text.split('');
}

export function textLength(text: string): number {
  return ASTRAL.test(text) ? [...text].length : text.length;
}
