import { floatFormat, integerText } from './percent-format.ts';
import { floatText, str } from './text.ts';
import { Fault, isFloat, isNumber, type Py, toNumber, typeName, Undefined } from './values.ts';

const SPEC =
  /^(?:(?<fill>[\s\S])?(?<align>[<>=^]))?(?<sign>[-+ ])?(?<alternate>#)?(?<zero>0)?(?<width>\d+)?(?<group>[,_])?(?:\.(?<precision>\d+))?(?<type>[bcdeEfFgGnosxX%])?$/u;

type Parts = Readonly<Record<string, string | undefined>>;

/** `format(value, spec)` (Format Specification Mini-Language, Python library reference). */
export function formatSpec(value: Py, spec: string): string {
  if (value instanceof Undefined) return value.fail();
  if (spec === '') return str(value);
  const parts = SPEC.exec(spec)?.groups;
  if (!parts) throw new Fault(`Invalid format specifier '${spec}'`);
  if (isNumber(value) && (typeof value !== 'boolean' || parts.type !== undefined)) return formatNumber(value, parts);
  if (typeof value !== 'string' && typeof value !== 'boolean') {
    throw new Fault(`unsupported format string passed to ${typeName(value)}.__format__`);
  }
  if (parts.type !== undefined && parts.type !== 's') {
    throw new Fault(`Unknown format code '${parts.type}' for object of type 'str'`);
  }
  const text = [...str(value)].slice(0, parts.precision === undefined ? undefined : Number(parts.precision)).join('');
  return aligned(text, parts, '<');
}

function formatNumber(value: Py, parts: Parts): string {
  const negative = toNumber(value) < 0 || Object.is(toNumber(value), -0);
  const digits = unsignedText(value, parts).replace(/^-/, '');
  const grouped = parts.group === undefined ? digits : withGroups(digits, parts.group);
  const sign = negative ? '-' : parts.sign === '+' || parts.sign === ' ' ? parts.sign : '';
  return aligned(sign + grouped, parts, '>');
}

function unsignedText(value: Py, parts: Parts): string {
  const precision = parts.precision === undefined ? undefined : Number(parts.precision);
  const alternate = parts.alternate !== undefined;
  const type = parts.type;
  if (type === 's') throw new Fault(`Unknown format code 's' for object of type '${typeName(value)}'`);
  if (type === '%') return `${floatFormat(toNumber(value) * 100, { type: 'f', precision, alternate })}%`;
  if (type !== undefined && 'eEfFgG'.includes(type))
    return floatFormat(toNumber(value), { type, precision, alternate });
  if (isFloat(value)) return plainFloat(value, type, precision);
  if (type === 'c') return String.fromCodePoint(toNumber(value));
  if (precision !== undefined) throw new Fault('Precision not allowed in integer format specifier');
  const whole = typeof value === 'bigint' ? value : BigInt(toNumber(value));
  return integerText(whole, { type: type ?? 'd', precision: undefined, alternate });
}

function plainFloat(value: Py, type: string | undefined, precision: number | undefined): string {
  if (type !== undefined && type !== 'n') throw new Fault(`Unknown format code '${type}' for object of type 'float'`);
  if (precision === undefined) return floatText(toNumber(value));
  const text = floatFormat(toNumber(value), { type: 'g', precision, alternate: false });
  return /[.en]/.test(text) ? text : `${text}.0`;
}

function withGroups(digits: string, separator: string): string {
  const [, whole = '', rest = ''] = /^(\d*)(.*)$/s.exec(digits) ?? [];
  return whole.replace(/\B(?=(\d{3})+$)/g, separator) + rest;
}

function aligned(text: string, parts: Parts, usual: string): string {
  const missing = Number(parts.width ?? 0) - [...text].length;
  if (missing <= 0) return text;
  const zero = parts.zero !== undefined && parts.align === undefined;
  const fill = (parts.fill ?? (zero ? '0' : ' ')).repeat(1);
  const align = parts.align ?? (zero && usual === '>' ? '=' : usual);
  if (align === '<') return text + fill.repeat(missing);
  if (align === '>') return fill.repeat(missing) + text;
  if (align === '^') return fill.repeat(Math.floor(missing / 2)) + text + fill.repeat(Math.ceil(missing / 2));
  const sign = /^[-+ ]?(?:0[xXob])?/.exec(text)?.[0] ?? '';
  return sign + fill.repeat(missing) + text.slice(sign.length);
}
