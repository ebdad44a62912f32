import type { Builtin, Builtins } from '../filters/builtin.ts';
import { arithmetic } from '../runtime/arithmetic.ts';
import { compare, contains, equal, iterate, truth } from '../runtime/compare.ts';
import { str } from '../runtime/text.ts';
import {
  Callable,
  isDict,
  isFloat,
  isInt,
  isNumber,
  type Py,
  sequenceItems,
  Tuple,
  toNumber,
  Undefined,
  View,
} from '../runtime/values.ts';

const equals: Builtin = ['value other', (_, value, other) => equal(value, other)];
const differs: Builtin = ['value other', (_, value, other) => !equal(value, other)];
const above: Builtin = ['value other', (_, value, other) => compare(value, other, '>') > 0];
const notBelow: Builtin = ['value other', (_, value, other) => compare(value, other, '>=') >= 0];
const below: Builtin = ['value other', (_, value, other) => compare(value, other, '<') < 0];
const notAbove: Builtin = ['value other', (_, value, other) => compare(value, other, '<=') <= 0];

/** Jinja's own tests. */
export const basicTests: Builtins = {
  '!=': differs,
  '<': below,
  '<=': notAbove,
  '==': equals,
  '>': above,
  '>=': notBelow,
  boolean: ['value', (_, value) => typeof value === 'boolean'],
  callable: ['value', (_, value) => value instanceof Callable],
  defined: ['value', (_, value) => !(value instanceof Undefined)],
  divisibleby: ['value num', (_, value, by) => equal(arithmetic('%', value, by), 0)],
  eq: equals,
  equalto: equals,
  escaped: ['value', () => false],
  even: ['value', (_, value) => equal(arithmetic('%', value, 2), 0)],
  false: ['value', (_, value) => value === false],
  filter: ['value', (runtime, value) => runtime.services.filters.has(str(value))],
  float: ['value', (_, value) => isFloat(value)],
  ge: notBelow,
  greaterthan: above,
  gt: above,
  in: ['value seq', (_, value, container) => contains(container, value)],
  integer: ['value', (_, value) => isInt(value)],
  iterable: ['value', (_, value) => isIterable(value)],
  le: notAbove,
  lessthan: below,
  lower: ['value', (_, value) => isCase(str(value), 'lower')],
  lt: below,
  mapping: ['value', (_, value) => isDict(value)],
  ne: differs,
  none: ['value', (_, value) => value === null],
  number: ['value', (_, value) => isNumber(value)],
  odd: ['value', (_, value) => equal(arithmetic('%', value, 2), 1)],
  sameas: ['value other', (_, value, other) => isSame(value, other)],
  sequence: ['value', (_, value) => typeof value === 'string' || sequenceItems(value) !== undefined || isDict(value)],
  string: ['value', (_, value) => typeof value === 'string'],
  test: ['value', (runtime, value) => runtime.services.tests.has(str(value))],
  true: ['value', (_, value) => value === true],
  undefined: ['value', (_, value) => value instanceof Undefined],
  upper: ['value', (_, value) => isCase(str(value), 'upper')],
  // Ansible's own, for values of any kind.
  all: ['value', (_, value) => iterate(value).every(truth)],
  any: ['value', (_, value) => iterate(value).some(truth)],
  contains: ['value item', (_, value, item) => contains(value, item)],
  falsy: ['value convert_bool?', (_, value, convert) => !truthy(value, convert)],
  nan: ['value', (_, value) => Number.isNaN(isNumber(value) ? toNumber(value) : 0)],
  isnan: ['value', (_, value) => Number.isNaN(isNumber(value) ? toNumber(value) : 0)],
  truthy: ['value convert_bool?', (_, value, convert) => truthy(value, convert)],
};

function isIterable(value: Py): boolean {
  if (value instanceof Undefined) return value.fail();
  return (
    typeof value === 'string' ||
    value instanceof Tuple ||
    value instanceof View ||
    Array.isArray(value) ||
    isDict(value)
  );
}

function isCase(text: string, which: 'lower' | 'upper'): boolean {
  const same = which === 'lower' ? text.toLowerCase() : text.toUpperCase();
  return text === same && text.toLowerCase() !== text.toUpperCase();
}

/** Identity. Numbers and text are the same object where they are equal and of one kind. */
function isSame(value: Py, other: Py): boolean {
  if (isFloat(value) || isFloat(other)) return isFloat(value) && isFloat(other) && toNumber(value) === toNumber(other);
  return value === other;
}

const TRUE = ['y', 'yes', 'on', '1', 'true', 't', '1.0'];
const FALSE = ['n', 'no', 'off', '0', 'false', 'f', '0.0'];

/** Truth, with the words of Ansible's booleans understood where that is asked for. */
function truthy(value: Py, convert: Py): boolean {
  if (convert === undefined || !truth(convert) || typeof value !== 'string') return truth(value);
  const word = value.toLowerCase().trim();
  return TRUE.includes(word) || (!FALSE.includes(word) && truth(value));
}
