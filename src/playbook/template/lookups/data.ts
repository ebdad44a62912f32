import { randomInt } from 'node:crypto';
import { subelements as subelementsOf } from '../filters/data.ts';
import { iterate, truth } from '../runtime/compare.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { repr, str } from '../runtime/text.ts';
import {
  dictEntries,
  dictGet,
  Fault,
  isDict,
  makeDict,
  type Py,
  sequenceItems,
  Tuple,
  typeName,
  Undefined,
} from '../runtime/values.ts';
import type { Lookup, Options } from './types.ts';

/** Lookups that only rearrange what they are given, or read variables. */
export const dataLookups: Readonly<Record<string, Lookup>> = {
  dict: (_, terms) => terms.flatMap(dictItems),
  flattened: (_, terms) => deep(terms),
  indexed_items: (_, terms) => flatten(terms).map((item, index) => new Tuple([index, item])),
  items: (_, terms) => flatten(terms),
  list: (_, terms) => terms,
  nested,
  cartesian: nested,
  random_choice: (runtime, terms) => (terms.length === 0 ? [] : [terms[chosen(runtime, terms.length)]]),
  subelements,
  together,
  varnames: (runtime, terms) => names(runtime, terms),
  vars: variables,
};

/** Lists among the terms are opened one level. */
function flatten(terms: readonly Py[]): Py[] {
  return terms.flatMap((term) => [...(sequenceItems(term) ?? [term])]);
}

function deep(terms: readonly Py[]): Py[] {
  return terms.flatMap((term) => {
    const inner = sequenceItems(term);
    return inner ? deep(inner) : [term];
  });
}

function dictItems(term: Py): Py[] {
  if (!isDict(term)) throw new Fault(`the dict lookup wants a dict, not ${typeName(term)}`);
  return dictEntries(term).map(([key, value]) => ({ key, value }));
}

function nested(_: Runtime, terms: readonly Py[]): readonly Py[] {
  if (terms.length === 0) throw new Fault('nested wants at least one list');
  const lists = terms.map((term) => sequenceItems(term) ?? [term]);
  const rows = lists.reduce<readonly (readonly Py[])[]>(
    (all, list) => all.flatMap((row) => list.map((item) => [...row, item])),
    [[]],
  );
  return rows.map(flatten);
}

function together(_: Runtime, terms: readonly Py[]): readonly Py[] {
  if (terms.length === 0) throw new Fault('together wants at least one list');
  const lists = terms.map((term) => sequenceItems(term) ?? [term]);
  const length = Math.max(...lists.map((list) => list.length));
  return Array.from({ length }, (_item, index) =>
    flatten(lists.map((list) => (index < list.length ? list[index] : null))),
  );
}

function chosen(runtime: Runtime, count: number): number {
  const { host } = runtime.services;
  return host ? Math.floor(host.random() * count) : randomInt(count);
}

/** Items that the registered result of a skipped loop left are passed over. */
function subelements(_: Runtime, terms: readonly Py[]): readonly Py[] {
  const [first, path, flags] = terms;
  if (terms.length < 2 || terms.length > 3 || typeof path !== 'string') {
    throw new Fault('subelements wants a list or dict, the path of the list in it, and maybe flags');
  }
  if (isDict(first) && truth(dictGet(first, 'skipped') ?? false)) return [];
  const all = isDict(first) ? dictEntries(first).map(([, value]) => value) : iterate(first);
  const elements = all.filter((element) => !isDict(element) || !truth(dictGet(element, 'skipped') ?? false));
  const skip = flags !== undefined && isDict(flags) && truth(dictGet(flags, 'skip_missing') ?? false);
  const rows = subelementsOf([...elements], path, skip);
  return rows.map((row) =>
    row instanceof Tuple ? new Tuple([without(row.items[0], path.split('.')), row.items[1]]) : row,
  );
}

/** The element beside an item no longer has the list. */
function without(element: Py, [key = '', ...rest]: readonly string[]): Py {
  if (!isDict(element)) return element;
  const entries = dictEntries(element);
  if (rest.length === 0) return makeDict(entries.filter(([name]) => name !== key));
  return makeDict(entries.map(([name, value]) => [name, name === key ? without(value, rest) : value]));
}

function variables(runtime: Runtime, terms: readonly Py[], options: Options): readonly Py[] {
  const otherwise = options.get('default');
  return terms.map((term) => {
    if (typeof term !== 'string') throw new Fault(`the vars lookup wants names, and ${repr(term)} is none`);
    const value = runtime.resolve(term);
    if (value !== undefined && !(value instanceof Undefined)) return value;
    if (otherwise !== undefined && otherwise !== null) return otherwise;
    return value instanceof Undefined ? value.fail() : new Undefined(`'${term}' is undefined`, term).fail();
  });
}

function names(runtime: Runtime, terms: readonly Py[]): readonly Py[] {
  const patterns = terms.map((term) => new RegExp(str(term), 'u'));
  return [...runtime.names()].filter((name) => patterns.some((pattern) => pattern.test(name)));
}
