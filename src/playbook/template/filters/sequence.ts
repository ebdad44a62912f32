import { arithmetic } from '../runtime/arithmetic.ts';
import { compare, equal, iterate, sorted, truth } from '../runtime/compare.ts';
import type { BuiltinCall, Runtime } from '../runtime/runtime.ts';
import { codePoints, str, textLength } from '../runtime/text.ts';
import {
  dictKeys,
  Fault,
  Group,
  isDict,
  keyOf,
  type Py,
  sequenceItems,
  typeName,
  Undefined,
  View,
} from '../runtime/values.ts';
import { attributeGetter, type Builtins, foldCase, wantNumber } from './builtin.ts';

/** Filters that go through lists. */
export const sequenceFilters: Builtins = {
  batch: [
    'value linecount fill_with?',
    (_, value, count, fill) => batches(iterate(value), wantNumber(count, 'batch'), fill),
  ],
  count: ['value', (_, value) => lengthOf(value)],
  first: ['seq', (_, value) => iterate(value)[0] ?? new Undefined('there is no first item, the sequence is empty')],
  groupby: [
    'value attribute default? case_sensitive?',
    (_, value, attribute, ...rest) => groups(value, attribute, rest),
  ],
  last: ['seq', (_, value) => iterate(value).at(-1) ?? new Undefined('there is no last item, the sequence is empty')],
  length: ['value', (_, value) => lengthOf(value)],
  list: ['value', (_, value) => [...iterate(value)]],
  map: ['value *args **named', mapped],
  max: [
    'value case_sensitive? attribute?',
    (_, value, sensitive, attribute) => extreme(value, { sensitive, attribute, sign: 1 }),
  ],
  min: [
    'value case_sensitive? attribute?',
    (_, value, sensitive, attribute) => extreme(value, { sensitive, attribute, sign: -1 }),
  ],
  reject: ['value *args **named', (runtime, ...given) => selected(runtime, given, { keep: false, byAttribute: false })],
  rejectattr: [
    'value *args **named',
    (runtime, ...given) => selected(runtime, given, { keep: false, byAttribute: true }),
  ],
  reverse: ['value', (_, value) => reversed(value)],
  select: ['value *args **named', (runtime, ...given) => selected(runtime, given, { keep: true, byAttribute: false })],
  selectattr: [
    'value *args **named',
    (runtime, ...given) => selected(runtime, given, { keep: true, byAttribute: true }),
  ],
  slice: [
    'value slices fill_with?',
    (_, value, count, fill) => slices(iterate(value), wantNumber(count, 'slice'), fill),
  ],
  sort: ['value reverse? case_sensitive? attribute?', sort],
  sum: ['iterable attribute? start?', sum],
};

/** Python's `len()`. */
function lengthOf(value: Py): number {
  if (value instanceof Undefined) return value.fail();
  if (typeof value === 'string') return textLength(value);
  if (value instanceof View) return value.items.length;
  const items = sequenceItems(value);
  if (items) return items.length;
  if (isDict(value)) return dictKeys(value).length;
  throw new Fault(`object of type '${typeName(value)}' has no len()`);
}

function batches(items: readonly Py[], size: number, fill: Py): Py[] {
  const out: Py[][] = [];
  for (let from = 0; from < items.length; from += Math.max(1, size))
    out.push(items.slice(from, from + Math.max(1, size)));
  const last = out.at(-1);
  if (fill !== undefined && fill !== null) while (last && last.length < size) last.push(fill);
  return out;
}

function slices(items: readonly Py[], count: number, fill: Py): Py[] {
  if (count === 0) throw new Fault('integer division or modulo by zero');
  const each = Math.floor(items.length / count);
  const longer = items.length % count;
  const out: Py[][] = [];
  let from = 0;
  for (let index = 0; index < count; index++) {
    const size = each + (index < longer ? 1 : 0);
    const part = items.slice(from, from + size);
    if (fill !== undefined && fill !== null && index >= longer) part.push(fill);
    out.push(part);
    from += size;
  }
  return out;
}

function groups(value: Py, attribute: Py, [otherwise, sensitive]: readonly Py[]): Py[] {
  const get = attributeGetter(attribute, otherwise);
  const key = truth(sensitive ?? false) ? get : (item: Py) => foldCase(get(item));
  const rows: { readonly key: Py; readonly items: Py[] }[] = [];
  for (const item of sorted(iterate(value), key)) {
    const last = rows.at(-1);
    if (last && equal(last.key, key(item))) last.items.push(item);
    else rows.push({ key: key(item), items: [item] });
  }
  return rows.map(({ items }) => new Group([get(items[0]), items]));
}

function mapped(runtime: Runtime, value: Py, rest: Py, more: Py): Py {
  const [args, named] = [rest as Py[], new Map(more as Map<string, Py>)];
  if (!truth(value)) return [];
  if (args.length === 0 && named.has('attribute')) {
    const get = attributeGetter(named.get('attribute'), named.get('default'));
    const extra = [...named.keys()].find((name) => name !== 'attribute' && name !== 'default');
    if (extra) throw new Fault(`map got an unexpected keyword argument '${extra}'`);
    return iterate(value).map(get);
  }
  const [name, ...others] = args;
  if (name === undefined) throw new Fault('map wants the name of a filter');
  const filter = namedBuiltin(runtime.services.filters, name, 'filter');
  return iterate(value).map((item) => filter(runtime, { positional: [item, ...others], named }));
}

/** A filter or test that is named by a value, so that it can only be looked up when it runs. */
function namedBuiltin(table: ReadonlyMap<string, BuiltinCall>, name: Py, what: string): BuiltinCall {
  const found = table.get(str(name).replace(/^ansible\.(builtin|legacy)\./, ''));
  if (!found) throw new Fault(`there is no ${what} named '${str(name)}'`);
  return found;
}

interface Selection {
  readonly keep: boolean;
  readonly byAttribute: boolean;
}

function selected(runtime: Runtime, [value, rest, more]: readonly Py[], how: Selection): Py {
  const args = [...(rest as Py[])];
  if (!truth(value)) return [];
  if (how.byAttribute && args.length === 0) throw new Fault('selectattr and rejectattr want the name of an attribute');
  const get = how.byAttribute ? attributeGetter(args.shift()) : (item: Py) => item;
  const [name, ...others] = args;
  const test = name === undefined ? undefined : namedBuiltin(runtime.services.tests, name, 'test');
  const holds = (item: Py): boolean =>
    truth(test ? test(runtime, { positional: [item, ...others], named: more as Map<string, Py> }) : item);
  return iterate(value).filter((item) => holds(get(item)) === how.keep);
}

function reversed(value: Py): Py {
  if (typeof value === 'string') return [...codePoints(value)].reverse().join('');
  return [...iterate(value)].reverse();
}

function sort(_: Runtime, value: Py, reverse: Py, sensitive: Py, attribute: Py): Py {
  const paths = typeof attribute === 'string' ? attribute.split(',') : [attribute];
  const getters = paths.map((path) => attributeGetter(path));
  const fold = truth(sensitive ?? false) ? (item: Py) => item : foldCase;
  return sorted(iterate(value), (item) => getters.map((get) => fold(get(item))), truth(reverse ?? false));
}

function extreme(value: Py, how: { readonly sensitive: Py; readonly attribute: Py; readonly sign: number }): Py {
  const get = attributeGetter(how.attribute);
  const key = truth(how.sensitive ?? false) ? get : (item: Py) => foldCase(get(item));
  const [first, ...rest] = iterate(value);
  if (first === undefined) return new Undefined('there is no item to aggregate, the sequence is empty');
  return rest.reduce((best, item) => (compare(key(item), key(best)) * how.sign > 0 ? item : best), first);
}

function sum(_: Runtime, value: Py, attribute: Py, start: Py): Py {
  const get = attributeGetter(attribute);
  if (typeof start === 'string') throw new Fault("sum() can't sum strings; use join");
  return iterate(value).reduce((total, item) => arithmetic('+', total, get(item)), start ?? 0);
}

/** The items without doubles, in order. */
export function uniqueItems(items: readonly Py[], key: (item: Py) => Py): Py[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    const id = keyOf(key(item));
    if (seen.has(id)) return false;
    seen.add(id);
    return true;
  });
}

/** The items without doubles where some cannot be keys: compared one by one. */
export function uniqueByEquality(items: readonly Py[]): Py[] {
  const out: Py[] = [];
  for (const item of items) if (!out.some((one) => equal(one, item))) out.push(item);
  return out;
}
