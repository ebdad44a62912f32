import { floatText, repr, str } from './text.ts';
import { dictGet, Fault, isDict, isFloat, isNumber, type Py, Tuple, toNumber, typeName, Undefined } from './values.ts';

/** A conversion of `%` or `str.format`, taken apart. */
export interface NumberFormat {
  readonly type: string;
  readonly precision: number | undefined;
  readonly alternate: boolean;
}

const CONVERSION =
  /%(?:\((?<key>[^)]*)\))?(?<flags>[-+ #0]*)(?<width>\*|\d+)?(?:\.(?<precision>\*|\d+)?)?[hlL]?(?<type>[\s\S])?/g;

/** `text % values`, as Python formats (printf-style String Formatting, Python library reference). */
export function formatPercent(text: string, values: Py): string {
  const arguments_ = new Arguments(values);
  CONVERSION.lastIndex = 0;
  const out = text.replace(CONVERSION, (whole: string, ...rest: unknown[]) => {
    const groups = rest.at(-1) as Record<string, string | undefined>;
    if (whole === '%%') return '%';
    return convert(groups, whole, arguments_);
  });
  arguments_.finish();
  return out;
}

function convert(groups: Record<string, string | undefined>, whole: string, from: Arguments): string {
  const { key, flags = '', type } = groups;
  if (type === undefined) throw new Fault('incomplete format');
  const width = groups.width === '*' ? from.nextInt() : Number(groups.width ?? 0);
  const precision = /\.\*/.test(whole)
    ? from.nextInt()
    : /\./.test(whole.slice(0, -1))
      ? Number(groups.precision ?? 0)
      : undefined;
  if (type === '%') return '%';
  const value = key === undefined ? from.next() : from.named(key);
  const body = converted(value, { type, precision, alternate: flags.includes('#') });
  return padded(body, {
    flags: width < 0 ? `${flags}-` : flags,
    width: Math.abs(width),
    numeric: !'scra'.includes(type),
  });
}

function converted(value: Py, format: NumberFormat): string {
  const { type, precision } = format;
  if (type === 's') return str(value).slice(0, precision);
  if (type === 'r' || type === 'a') return repr(value).slice(0, precision);
  if (type === 'c') return typeof value === 'string' ? value : String.fromCodePoint(toNumber(value));
  if ('diuxXo'.includes(type)) return integerText(wholeNumber(value, type), format);
  if ('eEfFgG'.includes(type)) {
    if (!isNumber(value)) throw new Fault(`must be real number, not ${typeName(value)}`);
    return floatFormat(toNumber(value), format);
  }
  throw new Fault(`unsupported format character '${type}'`);
}

function wholeNumber(value: Py, type: string): bigint {
  if (value instanceof Undefined) return value.fail();
  if (!isNumber(value) || (isFloat(value) && 'xXo'.includes(type))) {
    const wanted = 'xXo'.includes(type) ? 'an integer' : 'a real number';
    throw new Fault(`%${type} format: ${wanted} is required, not ${typeName(value)}`);
  }
  return typeof value === 'bigint' ? value : BigInt(Math.trunc(toNumber(value)));
}

/** An int in the base of `d x X o b`, with its sign. */
export function integerText(value: bigint, format: NumberFormat): string {
  const { type, precision, alternate } = format;
  const base = type === 'x' || type === 'X' ? 16 : type === 'o' ? 8 : type === 'b' ? 2 : 10;
  const digits = (value < 0n ? -value : value).toString(base).padStart(precision ?? 0, '0');
  const prefix = alternate && base !== 10 ? `0${type === 'X' ? 'x' : type}` : '';
  const text = `${value < 0n ? '-' : ''}${prefix}${digits}`;
  return type === 'X' ? text.toUpperCase() : text;
}

/** A float as `e f g` (or upper case) write it. */
export function floatFormat(value: number, format: NumberFormat): string {
  const { type, alternate } = format;
  const lower = type.toLowerCase();
  if (!Number.isFinite(value)) return type === lower ? floatText(value) : floatText(value).toUpperCase();
  const precision = format.precision ?? 6;
  const text =
    lower === 'f'
      ? fixed(value, precision)
      : lower === 'e'
        ? scientific(value, precision)
        : general(value, precision, alternate);
  const signed = Object.is(value, -0) && !text.startsWith('-') ? `-${text}` : text;
  return type === lower ? signed : signed.toUpperCase();
}

/** Digits enough to see whether a double lies exactly between two roundings. */
const GUARD = 30;

/**
 * A float with so many decimals. JS rounds an exact half up, Python to the even digit; and JS `toFixed` stops at 1e21
 * (an int that large has no fraction anyway).
 */
export function fixed(value: number, precision: number): string {
  if (Math.abs(value) >= 1e21) return `${BigInt(value)}${precision > 0 ? `.${'0'.repeat(precision)}` : ''}`;
  const text = value.toFixed(Math.min(precision, 100));
  if (precision + GUARD > 100) return text;
  const exact = Math.abs(value).toFixed(precision + GUARD);
  const cut = exact.length - GUARD;
  if (!/^50*$/.test(exact.slice(cut)) || !/[02468]/.test(exact.slice(0, cut).replace(/\.$/, '').at(-1) ?? ''))
    return text;
  return `${value < 0 ? '-' : ''}${exact.slice(0, cut).replace(/\.$/, '')}`;
}

function scientific(value: number, precision: number): string {
  const digits = Math.min(precision, 100);
  let [mantissa = '', exponent = '+0'] = value.toExponential(digits).split('e');
  const [exact = '', same] = value.toExponential(Math.min(100, digits + GUARD)).split('e');
  const kept = exact.slice(0, exact.length - GUARD).replace(/\.$/, '');
  if (same === exponent && /^50*$/.test(exact.slice(-GUARD)) && /[02468]$/.test(kept)) mantissa = kept;
  exponent = `${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
  return `${mantissa}e${exponent}`;
}

function general(value: number, digits: number, alternate: boolean): string {
  const precision = Math.max(1, digits);
  const exponent = value === 0 ? 0 : Number(value.toExponential(Math.min(precision - 1, 100)).split('e')[1]);
  const plain = exponent >= -4 && exponent < precision;
  const text = plain ? fixed(value, precision - 1 - exponent) : scientific(value, precision - 1);
  if (alternate || !text.includes('.')) return text;
  return text.replace(/\.?0+(?=e|$)/, '');
}

/** Sign, zeros and blanks as the flags of `%` ask for. */
function padded(
  body: string,
  how: { readonly flags: string; readonly width: number; readonly numeric: boolean },
): string {
  const { flags, width, numeric } = how;
  const positive = numeric && !body.startsWith('-');
  const signed = positive && flags.includes('+') ? `+${body}` : positive && flags.includes(' ') ? ` ${body}` : body;
  const missing = width - [...signed].length;
  if (missing <= 0) return signed;
  if (flags.includes('-')) return signed + ' '.repeat(missing);
  if (!flags.includes('0') || !numeric) return ' '.repeat(missing) + signed;
  const sign = /^[-+ ]?(?:0[xXo])?/.exec(signed)?.[0] ?? '';
  return sign + '0'.repeat(missing) + signed.slice(sign.length);
}

/** The values of `%`, taken one after the other: a tuple gives its items, anything else is the one value. */
class Arguments {
  readonly #values: Py;
  #next = 0;
  #named = false;
  constructor(values: Py) {
    this.#values = values;
  }

  next(): Py {
    const items = this.#values instanceof Tuple ? this.#values.items : [this.#values];
    if (this.#next >= items.length) throw new Fault('not enough arguments for format string');
    return items[this.#next++];
  }

  nextInt(): number {
    const value = this.next();
    if (typeof value !== 'number') throw new Fault('* wants int');
    return value;
  }

  named(key: string): Py {
    if (!isDict(this.#values)) throw new Fault('format requires a mapping');
    this.#named = true;
    const value = dictGet(this.#values, key);
    if (value === undefined) throw new Fault(`the format names a missing key: ${repr(key)}`);
    return value;
  }

  /** Python refuses values that no conversion took, but for a mapping. */
  finish(): void {
    if (this.#named || isDict(this.#values) || Array.isArray(this.#values)) return;
    const count = this.#values instanceof Tuple ? this.#values.items.length : 1;
    if (this.#next < count) throw new Fault('not all arguments converted during string formatting');
  }
}
