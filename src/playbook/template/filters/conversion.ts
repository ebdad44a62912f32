import { getAttribute } from '../runtime/access.ts';
import { arithmetic } from '../runtime/arithmetic.ts';
import { truth } from '../runtime/compare.ts';
import { pythonFloat, pythonInt } from '../runtime/numbers.ts';
import { fixed } from '../runtime/percent-format.ts';
import { str } from '../runtime/text.ts';
import {
  dictEntries,
  Fault,
  float,
  int,
  isDict,
  isFloat,
  isInt,
  isNumber,
  type Py,
  Tuple,
  toNumber,
  typeName,
  Undefined,
} from '../runtime/values.ts';
import { type Builtins, wantNumber } from './builtin.ts';

/** Filters that convert one value, and those for what may be missing. */
export const conversionFilters: Builtins = {
  abs: ['value', (_, value) => absolute(value)],
  attr: ['value name', (_, value, name) => attribute(value, str(name))],
  bool: ['value', (_, value) => bool(value)],
  d: ['value default_value? boolean?', (_, value, otherwise, boolean) => orDefault(value, otherwise, boolean)],
  default: ['value default_value? boolean?', (_, value, otherwise, boolean) => orDefault(value, otherwise, boolean)],
  float: ['value default?', (_, value, otherwise) => floatOr(value, otherwise ?? float(0))],
  int: ['value default? base?', (_, value, otherwise, base) => intOr(value, otherwise ?? 0, base)],
  items: ['value', items],
  log: ['value base?', (_, value, base) => logarithm(wantNumber(value, 'log'), base)],
  mandatory: ['value msg?', mandatory],
  pow: ['value exponent', (_, value, exponent) => float(wantNumber(value, 'pow') ** wantNumber(exponent, 'pow'))],
  root: ['value base?', (_, value, base) => root(wantNumber(value, 'root'), base)],
  round: ['value precision? method?', (_, value, precision, method) => rounded(value, precision, method)],
  ternary: ['value true_val false_val none_val?', ternary],
  type_debug: ['value', (_, value) => typeName(value)],
};

function absolute(value: Py): Py {
  if (value instanceof Undefined) return value.fail();
  if (!isNumber(value)) throw new Fault(`bad operand type for abs(): '${typeName(value)}'`);
  if (isFloat(value)) return float(Math.abs(toNumber(value)));
  return typeof value === 'bigint' && value < 0n ? -value : typeof value === 'bigint' ? value : Math.abs(Number(value));
}

/** Only what Python counts as an attribute: a dict's items are none. */
function attribute(value: Py, name: string): Py {
  return isDict(value) ? getAttribute({}, name) : getAttribute(value, name);
}

/** Ansible's `bool`: a few words are true, everything else is false; None stays None. */
function bool(value: Py): Py {
  if (value instanceof Undefined) return value.fail();
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') return ['yes', 'on', '1', 'true'].includes(value.toLowerCase());
  return isNumber(value) && toNumber(value) === 1;
}

function orDefault(value: Py, otherwise: Py, boolean: Py): Py {
  if (value instanceof Undefined) return otherwise ?? '';
  return boolean !== undefined && truth(boolean) && !truth(value) ? (otherwise ?? '') : value;
}

function intOr(value: Py, otherwise: Py, base: Py): Py {
  if (value instanceof Undefined) return value.fail();
  const radix = base === undefined ? 10 : toNumber(base);
  const parsed = typeof value === 'string' ? pythonInt(value, radix) : truncated(value);
  if (parsed !== undefined) return parsed;
  const asFloat = typeof value === 'string' ? pythonFloat(value) : undefined;
  if (asFloat !== undefined && !Number.isFinite(asFloat)) {
    if (Number.isNaN(asFloat)) return otherwise;
    throw new Fault('cannot convert float infinity to integer');
  }
  return asFloat === undefined ? otherwise : int(BigInt(Math.trunc(asFloat)));
}

function truncated(value: Py): Py {
  if (typeof value === 'boolean') return Number(value);
  if (isInt(value)) return value;
  if (!isFloat(value)) return undefined;
  const number = toNumber(value);
  if (Number.isNaN(number)) return undefined;
  if (!Number.isFinite(number)) throw new Fault('cannot convert float infinity to integer');
  return int(BigInt(Math.trunc(number)));
}

function floatOr(value: Py, otherwise: Py): Py {
  if (value instanceof Undefined) return value.fail();
  if (isNumber(value)) return float(toNumber(value));
  const parsed = typeof value === 'string' ? pythonFloat(value) : undefined;
  return parsed === undefined ? otherwise : float(parsed);
}

function items(_: unknown, value: Py): Py {
  if (value instanceof Undefined) return [];
  if (!isDict(value)) throw new Fault('items wants a mapping');
  return dictEntries(value).map((entry) => new Tuple(entry));
}

function logarithm(value: number, base: Py): Py {
  const radix = base === undefined ? Math.E : wantNumber(base, 'log');
  if (value <= 0 || radix <= 0) throw new Fault('log wants numbers above 0');
  if (radix === 10) return float(Math.log10(value));
  return float(base === undefined ? Math.log(value) : Math.log(value) / Math.log(radix));
}

function root(value: number, base: Py): Py {
  const degree = base === undefined ? 2 : wantNumber(base, 'root');
  if (value < 0) throw new Fault('root wants a number of 0 or above');
  return float(degree === 2 ? Math.sqrt(value) : value ** (1 / degree));
}

function mandatory(_: unknown, value: Py, message: Py): Py {
  if (!(value instanceof Undefined)) return value;
  if (message !== undefined && message !== null) throw new Fault(str(message));
  throw new Fault(`Mandatory variable ${value.missing === undefined ? '' : `'${value.missing}' `}not defined.`);
}

function ternary(_: unknown, value: Py, yes: Py, no: Py, none: Py): Py {
  if (value === null && none !== undefined && none !== null) return none;
  return truth(value) ? yes : no;
}

function rounded(value: Py, precision: Py, method: Py): Py {
  const digits = precision === undefined ? 0 : wantNumber(precision, 'round');
  const how = method === undefined ? 'common' : str(method);
  if (!['common', 'ceil', 'floor'].includes(how)) throw new Fault('round knows the methods common, ceil and floor');
  const number = wantNumber(value, 'round');
  if (how !== 'common') {
    const factor = arithmetic('**', 10, digits);
    const scaled = toNumber(arithmetic('*', value, factor));
    const whole = how === 'ceil' ? Math.ceil(scaled) : Math.floor(scaled);
    return arithmetic('/', whole, factor);
  }
  if (!isFloat(value))
    return digits >= 0 ? (typeof value === 'boolean' ? Number(value) : value) : roundInt(value, digits);
  if (!Number.isFinite(number)) return number;
  return float(digits >= 0 ? Number(fixed(number, digits)) : toNumber(roundInt(Math.round(number), digits)));
}

/** Rounding to tens, hundreds …, halves to the even side. */
function roundInt(value: Py, digits: number): Py {
  const unit = 10n ** BigInt(-digits);
  const whole = BigInt(toNumber(value));
  const rest = ((whole % unit) + unit) % unit;
  const down = whole - rest;
  const up = rest * 2n > unit || (rest * 2n === unit && (down / unit) % 2n !== 0n);
  return int(up ? down + unit : down);
}
