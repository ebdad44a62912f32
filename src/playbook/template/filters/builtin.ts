import { getItem } from '../runtime/access.ts';
import { bind } from '../runtime/bind.ts';
import type { BuiltinCall, Runtime } from '../runtime/runtime.ts';
import { Fault, isNumber, type Py, toNumber, typeName, Undefined } from '../runtime/values.ts';

/** A filter, test or function: its signature (see `bind`), and what it does. */
export type Builtin = readonly [signature: string, call: (runtime: Runtime, ...args: Py[]) => Py];
export type Builtins = Readonly<Record<string, Builtin>>;

/** The tables as the evaluator wants them. A later table wins. */
export function builtinMap(tables: readonly Builtins[]): Map<string, BuiltinCall> {
  const out = new Map<string, BuiltinCall>();
  for (const table of tables) {
    for (const [name, [signature, call]] of Object.entries(table)) {
      out.set(name, (runtime, args) => call(runtime, ...bind(name, signature, args)));
    }
  }
  return out;
}

/** A reader of an attribute path such as `address.city` or `0.name`. Without a path it gives the item. */
export function attributeGetter(path: Py, otherwise?: Py): (item: Py) => Py {
  if (path instanceof Undefined) return path.fail();
  if (path === undefined || path === null) return (item) => item;
  const parts =
    typeof path === 'string' ? path.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part)) : [path];
  return (item) => {
    let value = item;
    for (const part of parts) {
      value = getItem(value, part);
      if (value instanceof Undefined && otherwise !== undefined && otherwise !== null) value = otherwise;
    }
    return value;
  };
}

/** Text in lower case, anything else as it is: Jinja sorts and compares without case. */
export function foldCase(value: Py): Py {
  return typeof value === 'string' ? value.toLowerCase() : value;
}

export function wantText(value: Py, what: string): string {
  if (value instanceof Undefined) return value.fail();
  if (typeof value === 'string') return value;
  throw new Fault(`${what} wants a string, not ${typeName(value)}`);
}

export function wantNumber(value: Py, what: string): number {
  if (value instanceof Undefined) return value.fail();
  if (isNumber(value)) return toNumber(value);
  throw new Fault(`${what} wants a number, not ${typeName(value)}`);
}
