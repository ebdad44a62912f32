import { timeArithmetic } from './datetime.ts';
import { formatPercent } from './percent-format.ts';
import { codePoints, str } from './text.ts';
import {
  Fault,
  float,
  int,
  isFloat,
  isInt,
  isNumber,
  type Py,
  sequenceItems,
  Tuple,
  toNumber,
  typeName,
  Undefined,
} from './values.ts';

export type Operator = '+' | '-' | '*' | '/' | '//' | '%' | '**';

/** `left operator right` with Python's meaning: ints stay ints and exact, `/` makes floats, text and lists add and repeat. */
export function arithmetic(operator: Operator, left: Py, right: Py): Py {
  if (left instanceof Undefined) return left.fail();
  if (operator === '%' && typeof left === 'string') return formatPercent(left, right);
  if (right instanceof Undefined) return right.fail();
  if (isNumber(left) && isNumber(right)) return numbers(operator, left, right);
  const joined = operator === '+' ? added(left, right) : operator === '*' ? repeated(left, right) : undefined;
  if (joined !== undefined) return joined;
  const time = timeArithmetic(operator, left, right);
  if (time !== undefined) return time;
  throw unsupported(operator, left, right);
}

function unsupported(operator: string, left: Py, right: Py): Fault {
  if (operator === '+' && typeof left === 'string') {
    return new Fault(`can only concatenate str (not "${typeName(right)}") to str`);
  }
  return new Fault(`unsupported operand type(s) for ${operator}: '${typeName(left)}' and '${typeName(right)}'`);
}

function added(left: Py, right: Py): Py {
  if (typeof left === 'string' && typeof right === 'string') return left + right;
  if (Array.isArray(left) && Array.isArray(right)) return [...left, ...right];
  return left instanceof Tuple && right instanceof Tuple ? new Tuple([...left.items, ...right.items]) : undefined;
}

/** More would not fit in memory; a slip in a template must not take the program down. */
const LONGEST = 100_000_000;

function repeated(left: Py, right: Py): Py {
  const [value, times] = isNumber(left) && !isFloat(left) ? [right, left] : [left, right];
  if (isFloat(times) || !isNumber(times)) return undefined;
  const count = Math.max(0, toNumber(times));
  const items = sequenceItems(value);
  const size = typeof value === 'string' ? value.length : items?.length;
  if (size === undefined) return undefined;
  if (size * count > LONGEST) throw new Fault(`the result of * would have ${size * count} items`);
  if (typeof value === 'string') return value.repeat(count);
  const all = Array.from({ length: count }, () => items ?? []).flat();
  return value instanceof Tuple ? new Tuple(all) : all;
}

function numbers(operator: Operator, left: Py, right: Py): Py {
  if (isFloat(left) || isFloat(right)) return floats(operator, toNumber(left), toNumber(right));
  return ints(operator, asInt(left), asInt(right));
}

function asInt(value: Py): number | bigint {
  return typeof value === 'bigint' ? value : Number(value);
}

function ints(operator: Operator, left: number | bigint, right: number | bigint): Py {
  if (operator === '/') return float(divided(Number(left), Number(right)));
  if (operator === '**') return power(left, right);
  if ((operator === '//' || operator === '%') && Number(right) === 0) throw division(operator);
  if (typeof left === 'number' && typeof right === 'number') {
    const quick = smallInts(operator, left, right);
    if (Number.isSafeInteger(quick)) return quick + 0;
  }
  return int(bigInts(operator, BigInt(left), BigInt(right)));
}

function smallInts(operator: Operator, left: number, right: number): number {
  if (operator === '+') return left + right;
  if (operator === '-') return left - right;
  if (operator === '*') return left * right;
  return operator === '//' ? Math.floor(left / right) : left - right * Math.floor(left / right);
}

function bigInts(operator: Operator, left: bigint, right: bigint): bigint {
  if (operator === '+') return left + right;
  if (operator === '-') return left - right;
  if (operator === '*') return left * right;
  const rest = left % right;
  const modulo = rest !== 0n && rest < 0n !== right < 0n ? rest + right : rest;
  return operator === '%' ? modulo : (left - modulo) / right;
}

function power(left: number | bigint, right: number | bigint): Py {
  if (Number(right) < 0) {
    if (Number(left) === 0) throw new Fault('0.0 cannot be raised to a negative power');
    return float(Number(left) ** Number(right));
  }
  if (Number(right) > 100_000) throw new Fault(`the exponent ${right} is too large`);
  return int(BigInt(left) ** BigInt(right));
}

function floats(operator: Operator, left: number, right: number): Py {
  if (operator === '+') return float(left + right);
  if (operator === '-') return float(left - right);
  if (operator === '*') return float(left * right);
  if (operator === '/') return float(divided(left, right));
  if (operator === '**') return floatPower(left, right);
  if (right === 0) throw division(operator);
  const modulo = floatModulo(left, right);
  return float(operator === '%' ? modulo : Math.round((left - modulo) / right));
}

function floatPower(left: number, right: number): Py {
  if (left === 0 && right < 0) throw new Fault('0.0 cannot be raised to a negative power');
  if (left < 0 && !Number.isInteger(right))
    throw new Fault('a negative number cannot be raised to a fractional power here');
  return float(left ** right);
}

function floatModulo(left: number, right: number): number {
  const rest = left % right;
  return rest !== 0 && rest < 0 !== right < 0 ? rest + right : rest;
}

function divided(left: number, right: number): number {
  if (right === 0) throw new Fault('division by zero');
  return left / right;
}

function division(operator: string): Fault {
  return new Fault(operator === '%' ? 'integer modulo by zero' : 'integer division or modulo by zero');
}

/** `-value` or `+value`. */
export function signed(sign: '-' | '+', value: Py): Py {
  if (value instanceof Undefined) return value.fail();
  if (!isNumber(value)) throw new Fault(`bad operand type for unary ${sign}: '${typeName(value)}'`);
  if (isFloat(value)) return float(sign === '-' ? -toNumber(value) : toNumber(value));
  if (typeof value === 'bigint') return int(sign === '-' ? -value : value);
  return sign === '-' ? 0 - Number(value) : Number(value);
}

/** `left ~ right`: both as text. */
export function concatenated(parts: readonly Py[]): string {
  return parts.map(str).join('');
}

/** An index or slice bound as Python takes it: an int or a boolean. */
export function indexOf(value: Py): number | undefined {
  if (typeof value === 'boolean') return Number(value);
  return isInt(value) ? Number(value) : undefined;
}

/** `value[start:stop:step]` of text, a list or a tuple. */
export function sliced(value: Py, bounds: { readonly start: Py; readonly stop: Py; readonly step: Py }): Py {
  const items = typeof value === 'string' ? codePoints(value) : sequenceItems(value);
  if (!items) throw new Fault(`'${typeName(value)}' object cannot be sliced`);
  const picked = pick(items, bounds);
  if (typeof value === 'string') return picked.join('');
  return value instanceof Tuple ? new Tuple(picked) : picked;
}

function pick(items: readonly Py[], bounds: { readonly start: Py; readonly stop: Py; readonly step: Py }): Py[] {
  const step = bound(bounds.step) ?? 1;
  if (step === 0) throw new Fault('slice step cannot be zero');
  const low = step > 0 ? 0 : -1;
  const high = step > 0 ? items.length : items.length - 1;
  const clamp = (index: number) => Math.min(high, Math.max(low, index < 0 ? index + items.length : index));
  const start = bound(bounds.start);
  const stop = bound(bounds.stop);
  const from = start === undefined ? (step > 0 ? low : high) : clamp(start);
  const to = stop === undefined ? (step > 0 ? high : low) : clamp(stop);
  const out: Py[] = [];
  for (let index = from; step > 0 ? index < to : index > to; index += step) out.push(items[index]);
  return out;
}

function bound(value: Py): number | undefined {
  if (value === null || value === undefined) return undefined;
  if (value instanceof Undefined) return value.fail();
  const index = indexOf(value);
  if (index === undefined) throw new Fault('slice indices must be integers or None');
  return index;
}
