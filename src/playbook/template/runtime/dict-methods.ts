import { iterate } from './compare.ts';
import type { Methods } from './method.ts';
import { repr } from './text.ts';
import {
  type DictLike,
  dictEntries,
  dictGet,
  dictKeys,
  Fault,
  isDict,
  keyOf,
  makeDict,
  type Py,
  PyDict,
  sequenceItems,
  Tuple,
  View,
} from './values.ts';

/** Methods of Python's dict. Those that change it work on the copy that the template was given. */
export const dictMethods: Methods<DictLike> = {
  get: ['key default?', (dict, key, otherwise) => dictGet(dict, key) ?? missing(key, otherwise ?? null)],
  keys: ['', (dict) => new View('dict_keys', dictKeys(dict))],
  values: [
    '',
    (dict) =>
      new View(
        'dict_values',
        dictEntries(dict).map(([, value]) => value),
      ),
  ],
  items: [
    '',
    (dict) =>
      new View(
        'dict_items',
        dictEntries(dict).map((entry) => new Tuple(entry)),
      ),
  ],
  copy: ['', (dict) => makeDict(dictEntries(dict))],
  update: ['other? **more', updated],
  setdefault: ['key default?', (dict, key, value) => dictGet(dict, key) ?? store(dict, key, value ?? null)],
  pop: ['key default?', popped],
  popitem: ['', lastPopped],
  clear: ['', (dict) => dictKeys(dict).map((key) => remove(dict, key)) && null],
};

function missing(key: Py, otherwise: Py): Py {
  keyOf(key);
  return otherwise;
}

function updated(dict: DictLike, other: Py, more: Py): null {
  if (other !== undefined) for (const [key, value] of pairsOf(other)) store(dict, key, value);
  for (const [key, value] of more as Map<string, Py>) store(dict, key, value);
  return null;
}

/** The pairs of a dict, or of a list of pairs. */
export function pairsOf(value: Py): (readonly [Py, Py])[] {
  if (isDict(value)) return dictEntries(value);
  return iterate(value).map((item) => {
    const pair = typeof item === 'string' ? [...item] : sequenceItems(item);
    if (pair?.length !== 2) throw new Fault('a dict is made of pairs');
    return [pair[0], pair[1]];
  });
}

function store(dict: DictLike, key: Py, value: Py): Py {
  if (dict instanceof PyDict) dict.map.set(keyOf(key), [dict.map.get(keyOf(key))?.[0] ?? key, value]);
  else if (Object.getPrototypeOf(dict) === null)
    throw new Fault('variables as a whole cannot be changed by a template');
  else if (typeof key === 'string') define(dict, key, value);
  else throw new Fault(`a key of a variable must be text, not ${repr(key)}`);
  return value;
}

/** Never by assignment: a key `__proto__` would change the object's nature. */
function define(dict: object, key: string, value: Py): void {
  Object.defineProperty(dict, key, { value, writable: true, enumerable: true, configurable: true });
}

function popped(dict: DictLike, key: Py, otherwise: Py): Py {
  const value = dictGet(dict, key);
  if (value === undefined) {
    if (otherwise === undefined) throw new Fault(`there is no key ${repr(key)}`);
    return otherwise;
  }
  remove(dict, key);
  return value;
}

function lastPopped(dict: DictLike): Tuple {
  const last = dictEntries(dict).at(-1);
  if (!last) throw new Fault('popitem(): dictionary is empty');
  remove(dict, last[0]);
  return new Tuple(last);
}

function remove(dict: DictLike, key: Py): void {
  if (!(dict instanceof PyDict) && Object.getPrototypeOf(dict) === null) {
    throw new Fault('variables as a whole cannot be changed by a template');
  }
  if (dict instanceof PyDict) dict.map.delete(keyOf(key));
  else Reflect.deleteProperty(dict, String(key));
}
