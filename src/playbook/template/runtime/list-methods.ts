import { equal, iterate, sorted, truth } from './compare.ts';
import type { Methods } from './method.ts';
import { Fault, type Py, type Tuple, toNumber, Undefined } from './values.ts';

/** Methods of Python's list. Those that change it work on the copy that the template was given. */
export const listMethods: Methods<Py[]> = {
  append: ['item', (list, item) => none(list.push(item))],
  extend: ['items', (list, items) => none(list.push(...iterate(items)))],
  insert: ['index item', (list, index, item) => none(list.splice(toNumber(index), 0, item))],
  pop: ['index?', popped],
  remove: ['item', (list, item) => none(list.splice(position(list, item), 1))],
  clear: ['', (list) => none(list.splice(0))],
  index: ['item', (list, item) => position(list, item)],
  count: ['item', (list, item) => list.filter((one) => equal(one, item)).length],
  copy: ['', (list) => [...list]],
  reverse: ['', (list) => none(list.reverse())],
  sort: [
    'reverse?',
    (list, reverse) => none(list.splice(0, list.length, ...sorted(list, (item) => item, truth(reverse ?? false)))),
  ],
};

/** Methods of Python's tuple. */
export const tupleMethods: Methods<Tuple> = {
  index: ['item', (tuple, item) => position(tuple.items, item)],
  count: ['item', (tuple, item) => tuple.items.filter((one) => equal(one, item)).length],
};

function none(_result: unknown): null {
  return null;
}

function popped(list: Py[], index: Py): Py {
  if (index instanceof Undefined) return index.fail();
  const wanted = index === undefined ? list.length - 1 : toNumber(index);
  const from = wanted < 0 ? wanted + list.length : wanted;
  if (from < 0 || from >= list.length) throw new Fault('pop index out of range');
  return list.splice(from, 1)[0];
}

function position(items: readonly Py[], item: Py): number {
  const index = items.findIndex((one) => equal(one, item));
  if (index < 0) throw new Fault('the item is not in the list');
  return index;
}
