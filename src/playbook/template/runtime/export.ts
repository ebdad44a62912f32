import { PyFloat, type Value } from '../../../model/value.ts';
import { repr, str } from './text.ts';
import {
  Callable,
  dictEntries,
  Fault,
  isDict,
  Namespace,
  Nothing,
  type Py,
  PyDict,
  Structure,
  Tuple,
  Undefined,
  View,
} from './values.ts';

/**
 * A value as it leaves a template: tuples and views become lists, keys become text, dates become text. What holds
 * nothing of that kind stays the same object.
 * @throws Fault for something undefined in it, and for functions.
 */
export function exportValue(value: Py): Value {
  if (value === null || typeof value !== 'object') return scalar(value);
  if (value instanceof PyFloat) return value;
  if (Array.isArray(value)) return exportItems(value);
  if (value instanceof Tuple || value instanceof View) return value.items.map(exportValue);
  if (value instanceof Nothing) return '';
  if (value instanceof Undefined) return value.fail();
  if (value instanceof Structure) return value.text();
  if (value instanceof Callable || value instanceof Namespace)
    throw new Fault(`a template cannot result in ${describe(value)}`);
  if (!isDict(value)) return value as Value;
  const entries = dictEntries(value);
  const made = entries.map(([key, item]) => [str(key), exportValue(item)] as const);
  const same = !(value instanceof PyDict) && made.every(([, item], index) => item === entries[index]?.[1]);
  return same ? (value as Value) : Object.fromEntries(made);
}

function scalar(value: Py): Value {
  if (value === undefined || typeof value === 'function' || typeof value === 'symbol')
    throw new Fault('the template gave no value');
  return value as Value;
}

function exportItems(items: readonly Py[]): Value {
  const made = items.map(exportValue);
  return made.every((item, index) => item === items[index]) ? (items as Value) : made;
}

function describe(value: Callable | Namespace): string {
  return value instanceof Callable
    ? `the function ${value.name}; call it: ${value.name}()`
    : `a namespace ${repr(value)}`;
}

/** A copy that a template may change without anybody else seeing it. What is made when it is asked for is copied then. */
export function copied(value: Py): Py {
  if (Array.isArray(value)) return value.map(copied);
  if (!isDict(value) || value instanceof PyDict) return value;
  if (Object.getPrototypeOf(value) === null) return copiedLater(value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copied(item)]));
}

/** Each item once, so that an item that was changed stays changed. */
function copiedLater(value: { readonly [key: string]: Py }): Py {
  const made = new Map<string, Py>();
  return new Proxy(value, {
    get(source, key) {
      if (typeof key !== 'string') return undefined;
      if (!made.has(key)) made.set(key, copied(source[key]));
      return made.get(key);
    },
  });
}
