import { isMapping, PyFloat } from '../../../model/value.ts';
import type { CallArgs, Runtime } from './runtime.ts';

/**
 * A value while a template runs: a `Value` of the playbook language, or one of the classes below, which never leave the
 * evaluation. JS `undefined` is no value; it stands for an argument that was not given.
 */
export type Py = unknown;

/** Something went wrong in a template; the engine adds where. */
export class Fault extends Error {}

/** A name or attribute that does not exist was used. */
export class UndefinedFault extends Fault {
  /** The missing name, where it is known. */
  readonly missing: string | undefined;
  constructor(message: string, missing: string | undefined) {
    super(message);
    this.missing = missing;
  }
}

/** Python's tuple. */
export class Tuple {
  readonly items: readonly Py[];
  constructor(items: readonly Py[]) {
    this.items = items;
  }
}

/** A row of `groupby`: a tuple whose fields have names. */
export class Group extends Tuple {}

/** What `.keys()`, `.values()` and `.items()` give: can be iterated and counted, but not indexed. */
export class View {
  readonly kind: 'dict_keys' | 'dict_values' | 'dict_items';
  readonly items: readonly Py[];
  constructor(kind: View['kind'], items: readonly Py[]) {
    this.kind = kind;
    this.items = items;
  }
}

/** A dict whose keys are not all plain words: a JS object would make text of them and sort those that look like numbers. */
export class PyDict {
  readonly map: Map<string, readonly [Py, Py]>;
  constructor(entries: Iterable<readonly [Py, Py]>) {
    this.map = new Map();
    for (const [key, value] of entries) this.map.set(keyOf(key), [this.map.get(keyOf(key))?.[0] ?? key, value]);
  }
}

/** What a missing name or attribute evaluates to. Every use of it but `default` and `is defined` fails with its message. */
export class Undefined {
  readonly message: string;
  /** The missing name, where it is known. */
  readonly missing: string | undefined;
  constructor(message: string, missing?: string) {
    this.message = message;
    this.missing = missing;
  }
  fail(): never {
    throw new UndefinedFault(this.message, this.missing);
  }
}

/** What an inline `if` without `else` gives: undefined, but used as text it is nothing (Jinja's lenient Undefined). */
export class Nothing extends Undefined {}

/** A function that a template can call. */
export class Callable {
  readonly name: string;
  readonly call: (runtime: Runtime, args: CallArgs) => Py;
  /** What `x.attribute` reads of it (`loop.index`, `macro.name`). */
  readonly attributes: ((name: string) => Py) | undefined;
  constructor(name: string, call: Callable['call'], attributes?: (name: string) => Py) {
    this.name = name;
    this.call = call;
    this.attributes = attributes;
  }
}

/** An object with named attributes and nothing else: `loop`, an imported template, a date. */
export class Structure {
  readonly kind: string;
  readonly get: (name: string) => Py;
  readonly text: () => string;
  constructor(kind: string, get: (name: string) => Py, text: () => string = () => `<${kind}>`) {
    this.kind = kind;
    this.get = get;
    this.text = text;
  }
}

/** `namespace()`: the one thing whose attributes `set` may write. */
export class Namespace {
  readonly values = new Map<string, Py>();
}

export type DictLike = PyDict | { readonly [key: string]: Py };

/** A float, as the value model wants it: with a fraction a JS number, without one a `PyFloat`. */
export function float(value: number): number | PyFloat {
  return Number.isInteger(value) ? new PyFloat(value) : value;
}

/** An int: a JS number as long as that is exact. */
export function int(value: bigint): number | bigint {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

export function isInt(value: Py): value is number | bigint {
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
}

export function isFloat(value: Py): value is number | PyFloat {
  return value instanceof PyFloat || (typeof value === 'number' && !Number.isInteger(value));
}

/** Int or float, or a boolean, which Python counts as an int. */
export function isNumber(value: Py): boolean {
  return typeof value === 'boolean' || isInt(value) || isFloat(value);
}

/** The number as a JS number, whatever kind it is. */
export function toNumber(value: Py): number {
  return value instanceof PyFloat ? value.value : Number(value);
}

export function isDict(value: Py): value is DictLike {
  if (value instanceof PyDict) return true;
  if (!isMapping(value)) return false;
  const proto: unknown = Object.getPrototypeOf(value);
  return proto === Object.prototype || proto === null;
}

/** A list or tuple. */
export function sequenceItems(value: Py): readonly Py[] | undefined {
  if (Array.isArray(value)) return value;
  return value instanceof Tuple ? value.items : undefined;
}

/** A dict. Words as keys make a plain object, anything else a `PyDict`. */
export function makeDict(entries: Iterable<readonly [Py, Py]>): DictLike {
  const list = [...entries];
  if (list.every(([key]) => typeof key === 'string' && !/^\d+$/.test(key))) {
    return Object.fromEntries(list as [string, Py][]);
  }
  return new PyDict(list);
}

export function dictEntries(dict: DictLike): (readonly [Py, Py])[] {
  return dict instanceof PyDict ? [...dict.map.values()] : Object.entries(dict);
}

export function dictKeys(dict: DictLike): Py[] {
  return dict instanceof PyDict ? [...dict.map.values()].map(([key]) => key) : Object.keys(dict);
}

/** The value under a key, or JS `undefined`. An int finds the word of its digits too: YAML's `80: http` is kept as a word. */
export function dictGet(dict: DictLike, key: Py): Py {
  if (dict instanceof PyDict) return dict.map.get(keyOf(key))?.[1];
  const name = typeof key === 'string' ? key : isInt(key) ? String(key) : undefined;
  return name !== undefined && Object.hasOwn(dict, name) ? dict[name] : undefined;
}

/** What makes two keys the same: Python's `1`, `1.0` and `True` are one key, `'1'` is another. */
export function keyOf(key: Py): string {
  if (key instanceof Undefined) return key.fail();
  if (typeof key === 'string') return `s${key}`;
  if (key === null) return 'none';
  if (isNumber(key)) return `n${typeof key === 'bigint' ? key : toNumber(key)}`;
  if (key instanceof Tuple) return `t${JSON.stringify(key.items.map(keyOf))}`;
  throw new Fault(`unhashable type: '${typeName(key)}'`);
}

/** The name of a value's type, as Python's messages have it. */
export function typeName(value: Py): string {
  if (value === null) return 'NoneType';
  if (typeof value === 'string') return 'str';
  if (typeof value === 'boolean') return 'bool';
  if (isInt(value)) return 'int';
  if (isFloat(value)) return 'float';
  if (Array.isArray(value)) return 'list';
  if (value instanceof Tuple) return 'tuple';
  if (isDict(value)) return 'dict';
  if (value instanceof Undefined) return 'AnsibleUndefined';
  if (value instanceof View) return value.kind;
  if (value instanceof Structure) return value.kind;
  if (value instanceof Namespace) return 'Namespace';
  return value instanceof Callable ? 'function' : 'object';
}
