import { bind } from './bind.ts';
import { dictMethods } from './dict-methods.ts';
import { listMethods, tupleMethods } from './list-methods.ts';
import type { Methods } from './method.ts';
import { numberMethods } from './number-methods.ts';
import { stringMethods } from './string-methods.ts';
import { Callable, isDict, isNumber, type Py, Tuple } from './values.ts';

/** The method of Python's that a value has under a name, bound to it; JS `undefined`: none. */
export function methodOf(value: Py, name: string): Callable | undefined {
  const methods = methodsOf(value);
  if (methods === undefined || !Object.hasOwn(methods, name)) return undefined;
  const method = methods[name];
  if (method === undefined) return undefined;
  const [signature, call] = method;
  return new Callable(name, (_runtime, args) => call(value, ...bind(name, signature, args)));
}

function methodsOf(value: Py): Methods<Py> | undefined {
  if (typeof value === 'string') return stringMethods as Methods<Py>;
  if (Array.isArray(value)) return listMethods as Methods<Py>;
  if (value instanceof Tuple) return tupleMethods as Methods<Py>;
  if (isDict(value)) return dictMethods as Methods<Py>;
  return isNumber(value) ? (numberMethods as Methods<Py>) : undefined;
}
