import { codePoints } from './text.ts';
import {
  type DictLike,
  dictEntries,
  dictGet,
  dictKeys,
  Fault,
  isDict,
  isNumber,
  keyOf,
  Namespace,
  Nothing,
  type Py,
  sequenceItems,
  Tuple,
  toNumber,
  typeName,
  Undefined,
  View,
} from './values.ts';

/** Python's truth of a value: empty and zero are false. */
export function truth(value: Py): boolean {
  if (typeof value === 'boolean') return value;
  if (value === null) return false;
  if (typeof value === 'string') return value !== '';
  if (isNumber(value)) return toNumber(value) !== 0;
  if (value instanceof Nothing) return false;
  if (value instanceof Undefined) return value.fail();
  const items = value instanceof View ? value.items : sequenceItems(value);
  if (items) return items.length > 0;
  return isDict(value) ? dictKeys(value).length > 0 : true;
}

/** Python's `==`. Values of different kinds are unequal; ints, floats and booleans compare as numbers. */
export function equal(left: Py, right: Py): boolean {
  if (left instanceof Undefined) return left.fail();
  if (right instanceof Undefined) return right.fail();
  if (left === right) return true;
  if (isNumber(left) && isNumber(right)) return compareNumbers(left, right) === 0;
  if (Array.isArray(left) && Array.isArray(right)) return equalItems(left, right);
  if (left instanceof Tuple && right instanceof Tuple) return equalItems(left.items, right.items);
  if (isDict(left) && isDict(right)) return equalDicts(left, right);
  return comparable(left) && comparable(right) ? left.compareTo(right) === 0 : false;
}

function equalItems(left: readonly Py[], right: readonly Py[]): boolean {
  return left.length === right.length && left.every((item, index) => equal(item, right[index]));
}

function equalDicts(left: DictLike, right: DictLike): boolean {
  const entries = dictEntries(left);
  if (entries.length !== dictKeys(right).length) return false;
  return entries.every(([key, value]) => {
    const other = dictGet(right, key);
    return other !== undefined && equal(value, other);
  });
}

/** Dates and the like, which know how to compare themselves. NaN: of another kind. */
interface Comparable {
  compareTo(other: Py): number;
}

function comparable(value: Py): value is Comparable {
  return value !== null && typeof value === 'object' && typeof (value as Partial<Comparable>).compareTo === 'function';
}

/** Negative, zero, positive, or NaN where one is NaN. Ints compare exactly whatever their size. */
function compareNumbers(left: Py, right: Py): number {
  if (typeof left === 'bigint' || typeof right === 'bigint') {
    const [a, b] = [bigOrNumber(left), bigOrNumber(right)];
    return a < b ? -1 : a > b ? 1 : 0;
  }
  const [a, b] = [toNumber(left), toNumber(right)];
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.NaN;
  return a === b ? 0 : a - b < 0 ? -1 : 1;
}

function bigOrNumber(value: Py): bigint | number {
  return typeof value === 'bigint' ? value : toNumber(value);
}

/**
 * Python's order: numbers with numbers, text by code point, lists and tuples item by item.
 * @throws Fault for values of different kinds, as Python does.
 */
export function compare(left: Py, right: Py, operator = '<'): number {
  if (left instanceof Undefined) return left.fail();
  if (right instanceof Undefined) return right.fail();
  if (isNumber(left) && isNumber(right)) return compareNumbers(left, right);
  if (typeof left === 'string' && typeof right === 'string') return compareText(left, right);
  const [a, b] = [sequenceItems(left), sequenceItems(right)];
  if (a && b && Array.isArray(left) === Array.isArray(right)) return compareItems(a, b, operator);
  if (comparable(left) && comparable(right)) return left.compareTo(right);
  throw new Fault(`'${operator}' not supported between instances of '${typeName(left)}' and '${typeName(right)}'`);
}

function compareItems(left: readonly Py[], right: readonly Py[], operator: string): number {
  for (const [index, item] of left.entries()) {
    if (index >= right.length) return 1;
    if (!equal(item, right[index])) return compare(item, right[index], operator);
  }
  return left.length - right.length;
}

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  const [a, b] = [codePoints(left), codePoints(right)];
  for (let index = 0; index < a.length && index < b.length; index++) {
    const difference = (a[index]?.codePointAt(0) ?? 0) - (b[index]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Python's `in`. */
export function contains(container: Py, item: Py): boolean {
  if (container instanceof Undefined) return container.fail();
  if (typeof container === 'string') {
    if (item instanceof Undefined) return item.fail();
    if (typeof item === 'string') return container.includes(item);
    throw new Fault(`'in <string>' requires string as left operand, not ${typeName(item)}`);
  }
  const items = container instanceof View ? container.items : sequenceItems(container);
  if (items) return items.some((one) => equal(one, item));
  if (isDict(container)) {
    keyOf(item);
    return dictGet(container, item) !== undefined;
  }
  throw new Fault(`argument of type '${typeName(container)}' is not iterable`);
}

/** Sorts as Python's `sorted`: stable, by keys that must be comparable. */
export function sorted<T>(items: readonly T[], key: (item: T) => Py, reverse = false): T[] {
  const keyed = items.map((item) => ({ item, key: key(item) }));
  // Python sorts the reversed list and reverses back, so that equal items keep their order either way.
  keyed.sort((a, b) => (reverse ? compare(b.key, a.key) : compare(a.key, b.key)));
  return keyed.map(({ item }) => item);
}

/** What a `for` or a filter goes through: items of lists and views, keys of dicts, characters of text. */
export function iterate(value: Py): readonly Py[] {
  if (value instanceof Nothing) return [];
  if (value instanceof Undefined) return value.fail();
  const items = value instanceof View ? value.items : sequenceItems(value);
  if (items) return items;
  if (typeof value === 'string') return codePoints(value);
  if (isDict(value)) return dictKeys(value);
  if (value instanceof Namespace) throw new Fault("'Namespace' object is not iterable");
  throw new Fault(`'${typeName(value)}' object is not iterable`);
}
