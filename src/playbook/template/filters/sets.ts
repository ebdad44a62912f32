import { arithmetic } from '../runtime/arithmetic.ts';
import { contains, equal, iterate, truth } from '../runtime/compare.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { Fault, isNumber, type Py, Tuple, toNumber, Undefined } from '../runtime/values.ts';
import { attributeGetter, type Builtins, foldCase } from './builtin.ts';
import { uniqueByEquality, uniqueItems } from './sequence.ts';

/** Set theory and combinations. */
export const setFilters: Builtins = {
  combinations: ['iterable r', (_, items, size) => tuples(combinations(iterate(items), countOf(size)))],
  difference: ['a b', (_, a, b) => uniqueByEquality(iterate(a).filter((item) => !contains([...iterate(b)], item)))],
  intersect: ['a b', (_, a, b) => uniqueByEquality(iterate(a).filter((item) => contains([...iterate(b)], item)))],
  permutations: [
    'iterable r?',
    (_, items, size) =>
      tuples(permutations(iterate(items), size === undefined ? iterate(items).length : countOf(size))),
  ],
  product: ['*iterables **options', product],
  symmetric_difference: ['a b', (_, a, b) => symmetric(iterate(a), iterate(b))],
  union: ['a b', (_, a, b) => union(a, b)],
  unique: ['value case_sensitive? attribute?', unique],
  zip: ['*iterables **options', (_, lists) => zipped(lists as Py[], undefined)],
  zip_longest: [
    '*iterables **options',
    (_, lists, options) => zipped(lists as Py[], (options as Map<string, Py>).get('fillvalue') ?? null),
  ],
};

function countOf(value: Py): number {
  if (value instanceof Undefined) return value.fail();
  if (!isNumber(value)) throw new Fault('a number of items is wanted');
  if (toNumber(value) < 0) throw new Fault('r must be non-negative');
  return toNumber(value);
}

/** More than this is a slip. */
const MOST = 1_000_000;

function tuples(rows: Iterable<readonly Py[]>): Tuple[] {
  const out: Tuple[] = [];
  for (const row of rows) {
    if (out.length >= MOST) throw new Fault(`there are more than ${MOST} combinations`);
    out.push(new Tuple(row));
  }
  return out;
}

function* combinations(items: readonly Py[], size: number, from = 0): Iterable<readonly Py[]> {
  if (size === 0) {
    yield [];
    return;
  }
  for (let index = from; index <= items.length - size; index++) {
    for (const rest of combinations(items, size - 1, index + 1)) yield [items[index], ...rest];
  }
}

function* permutations(items: readonly Py[], size: number): Iterable<readonly Py[]> {
  if (size === 0) {
    yield [];
    return;
  }
  for (const [index, item] of items.entries()) {
    const others = items.filter((_, other) => other !== index);
    for (const rest of permutations(others, size - 1)) yield [item, ...rest];
  }
}

function product(_: Runtime, lists: Py, options: Py): Tuple[] {
  const repeat = countOf((options as Map<string, Py>).get('repeat') ?? 1);
  const once = (lists as Py[]).map(iterate);
  const all = Array.from({ length: repeat }, () => once).flat();
  const size = all.reduce((total, list) => total * list.length, 1);
  if (size > MOST) throw new Fault(`the product has ${size} rows`);
  return all
    .reduce<readonly (readonly Py[])[]>((rows, list) => rows.flatMap((row) => list.map((item) => [...row, item])), [[]])
    .map((row) => new Tuple(row));
}

function union(a: Py, b: Py): Py[] {
  return uniqueByEquality(iterate(arithmetic('+', a, b)));
}

function symmetric(a: readonly Py[], b: readonly Py[]): Py[] {
  const both = a.filter((item) => contains([...b], item));
  return uniqueByEquality([...a, ...b]).filter((item) => !both.some((one) => equal(one, item)));
}

function unique(_: Runtime, value: Py, sensitive: Py, attribute: Py): Py[] {
  const get = attributeGetter(attribute);
  const fold = sensitive !== undefined && sensitive !== null && truth(sensitive) ? (item: Py) => item : foldCase;
  const items = iterate(value);
  try {
    return uniqueItems(items, (item) => fold(get(item)));
  } catch (error) {
    // Dicts cannot be keys; Ansible then compares them one by one.
    if (!(error instanceof Fault) || attribute !== undefined || !error.message.startsWith('unhashable')) throw error;
    return uniqueByEquality(items);
  }
}

function zipped(lists: Py[], fill: Py): Tuple[] {
  const all = lists.map(iterate);
  const lengths = all.map((list) => list.length);
  const length = all.length === 0 ? 0 : fill === undefined ? Math.min(...lengths) : Math.max(...lengths);
  return Array.from({ length }, (_, index) => new Tuple(all.map((list) => (index < list.length ? list[index] : fill))));
}
