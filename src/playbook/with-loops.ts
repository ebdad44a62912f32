import { textOf } from '../model/coerce.ts';
import type { Scope } from '../model/plan.ts';
import type { Lookup } from '../model/template.ts';
import { isMapping, type Value } from '../model/value.ts';
import { KprepError } from '../shared/errors.ts';
import type { Position } from '../shared/problem.ts';
import type { Compiler } from './compiler.ts';
import { parseKv } from './kv.ts';
import { asRunFailure } from './vars/evaluate.ts';

/** What a `with_…` loop is made with, besides its terms. */
export interface WithSite {
  readonly compiler: Compiler;
  readonly scope: Scope;
  readonly lookup: Lookup;
  /** Where the loop stands: files are searched from there. */
  readonly at: Position;
}

type With = (terms: readonly Value[], site: WithSite) => readonly Value[];

/** Loops over data; all others are lookup plugins, and the template language knows those. */
const DATA_LOOPS: Readonly<Record<string, With>> = {
  items: (terms) => terms.flatMap((term) => (Array.isArray(term) ? term : [term])),
  list: (terms) => terms,
  flattened: (terms) => flatten(terms),
  dict: (terms) => terms.flatMap(pairs),
  indexed_items: (terms) => items(terms).map((item, index) => [index, item]),
  together: (terms) => together(terms.map(listOf)),
  nested: (terms) => product(terms.map(listOf)),
  cartesian: (terms) => product(terms.map(listOf)),
  subelements: (terms) => subelements(terms),
  sequence: (terms, site) => terms.flatMap((term) => sequence(textOf(term), site)),
  inventory_hostnames: (terms, site) => hostNames(terms, site),
};
/** Those that the template language has as lookups. */
const FILE_LOOPS = new Set([
  ...['fileglob', 'filetree', 'file', 'lines', 'first_found', 'env', 'pipe', 'password', 'random_choice', 'template'],
  ...['vars', 'varnames', 'url', 'csvfile', 'ini', 'unvault', 'config'],
]);

export const WITH_NAMES: readonly string[] = [...Object.keys(DATA_LOOPS), ...FILE_LOOPS];

/** The items of `with_NAME: terms`. @throws KprepError `task` or `template`. */
export function withItems(name: string, value: Value, site: WithSite): readonly Value[] {
  const terms: readonly Value[] = Array.isArray(value) ? value : [value];
  const data = DATA_LOOPS[name];
  return data ? data(terms, site) : lookupItems(name, terms, site);
}

function lookupItems(name: string, terms: readonly Value[], site: WithSite): readonly Value[] {
  const expression = site.compiler.evaluator.expression(`query('${name}', *kprep_terms)`, site.at);
  const found = asRunFailure(() => expression.evaluate(withLocal(site.lookup, { kprep_terms: terms })));
  return Array.isArray(found) ? found : [found];
}

function withLocal(lookup: Lookup, local: Readonly<Record<string, Value>>): Lookup {
  return {
    get: (name) => (Object.hasOwn(local, name) ? local[name] : lookup.get(name)),
    has: (name) => Object.hasOwn(local, name) || lookup.has(name),
    names: () => [...lookup.names(), ...Object.keys(local)],
  };
}

function items(terms: readonly Value[]): readonly Value[] {
  return terms.flatMap((term) => (Array.isArray(term) ? term : [term]));
}

/** A list stays a list; anything else is one of itself. */
function listOf(term: Value): readonly Value[] {
  return Array.isArray(term) ? term : [term];
}

function flatten(terms: readonly Value[]): Value[] {
  return terms.flatMap((term) => (Array.isArray(term) ? flatten(term) : term === null ? [] : [term]));
}

function pairs(term: Value): Value[] {
  if (!isMapping(term)) throw new KprepError('task', 'with_dict expects a dict');
  return Object.entries(term).map(([key, value]) => ({ key, value }));
}

/** Shorter lists are filled up with null. */
function together(lists: readonly (readonly Value[])[]): Value[] {
  if (lists.length === 0) throw new KprepError('task', 'with_together requires at least one element in each list');
  const length = Math.max(...lists.map((list) => list.length));
  return Array.from({ length }, (_, index) => lists.map((list) => list[index] ?? null));
}

function product(lists: readonly (readonly Value[])[]): Value[] {
  if (lists.length === 0) throw new KprepError('task', 'with_nested requires at least one element in the nested list');
  let rows: (readonly Value[])[] = [[]];
  for (const list of lists) rows = rows.flatMap((row) => list.map((item) => [...row, item]));
  return rows;
}

function subelements(terms: readonly Value[]): Value[] {
  const [elements, path, flags] = terms;
  if (elements === undefined || typeof path !== 'string') {
    throw new KprepError('task', 'with_subelements wants a list of mappings and the name of a key');
  }
  const skip = isMapping(flags) && flags.skip_missing === true;
  const list = Array.isArray(elements) ? elements : isMapping(elements) ? Object.values(elements) : [];
  return list.flatMap((element: Value) => {
    const inner = at(element, path.split('.'));
    if (Array.isArray(inner)) return inner.map((one) => [element, one]);
    if (skip) return [];
    throw new KprepError('task', `with_subelements: ${path} is no list in each of the elements`);
  });
}

function at(value: Value, path: readonly string[]): Value | undefined {
  let current: Value | undefined = value;
  for (const key of path) current = isMapping(current) && Object.hasOwn(current, key) ? current[key] : undefined;
  return current;
}

function hostNames(terms: readonly Value[], { compiler, scope }: WithSite): Value[] {
  const inventory = compiler.core.inventoryView.current(scope.run);
  return [...compiler.settings.matchHosts(inventory, items(terms).map(textOf).join(','))];
}

const SHORTCUT = /^(?:(0?x?[0-9a-f]+)-)?(0?x?[0-9a-f]+)(?:\/(-?0?x?[0-9a-f]+))?(?::(.+))?$/i;
const MOST = 1_000_000;

/** `5`, `2-10/2:host%02d`, `start=1 end=5 stride=2 format=%02d`, `count=4`. */
function sequence(term: string, site: WithSite): Value[] {
  const short = SHORTCUT.exec(term.trim());
  const given = short
    ? { start: short[1], end: short[2], stride: short[3], format: short[4] }
    : (parseKv(term).options as Readonly<Record<string, string | undefined>>);
  const unknown = Object.keys(given).filter((key) => !['start', 'end', 'count', 'stride', 'format'].includes(key));
  if (unknown.length > 0) throw new KprepError('task', `with_sequence does not know ${unknown.join(', ')}`);
  return numbers(given).map((value) => formatted(given.format ?? '%d', value, site));
}

function numbers(given: Readonly<Record<string, string | undefined>>): number[] {
  const stride = whole('stride', given.stride) ?? 1;
  const start = whole('start', given.start) ?? 1;
  const count = whole('count', given.count);
  const last = whole('end', given.end);
  if ((count === undefined) === (last === undefined)) throw new KprepError('task', 'with_sequence wants count or end');
  if (count === 0 || stride === 0) return [];
  const end = last ?? start + (count ?? 0) * stride - Math.sign(stride);
  if (stride > 0 && end < start) throw new KprepError('task', 'to count backwards make stride negative');
  if (stride < 0 && end > start) throw new KprepError('task', "to count forward don't make stride negative");
  const length = Math.floor((end - start) / stride) + 1;
  if (length > MOST) throw new KprepError('task', `with_sequence would have ${length} items`);
  return Array.from({ length }, (_, index) => start + index * stride);
}

/** As Python's `int(text, 0)`. */
function whole(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text.replaceAll('_', ''));
  if (!Number.isInteger(value)) throw new KprepError('task', `can't parse ${name}=${text} as integer`);
  return value;
}

function formatted(format: string, value: number, site: WithSite): Value {
  if (format.split('%').length !== 2) throw new KprepError('task', `bad formatting string: ${format}`);
  const expression = site.compiler.evaluator.expression('format % value');
  return textOf(asRunFailure(() => expression.evaluate(withLocal(site.lookup, { format, value }))));
}
