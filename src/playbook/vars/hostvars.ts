import type { Lookup } from '../../model/template.ts';
import type { Value } from '../../model/value.ts';
import { markPlain } from './evaluate.ts';

/**
 * `hostvars`: a mapping of hosts to mappings of variables, each made when it is asked for. Looks like data to whoever
 * reads own properties, which is all that templates do.
 */
export function makeHostvars(hosts: () => Iterable<string>, lookupOf: (host: string) => Lookup | undefined): Value {
  const made = new Map<string, Value>();
  return lazyMapping(hosts, (host) => {
    const known = made.get(host);
    if (known !== undefined) return known;
    const lookup = lookupOf(host);
    if (!lookup) return undefined;
    const vars = lookupMapping(lookup);
    made.set(host, vars);
    return vars;
  });
}

/** All variables of a lookup as a mapping (`vars`, one host of `hostvars`). */
export function lookupMapping(lookup: Lookup): Value {
  return lazyMapping(
    () => lookup.names(),
    (name) => lookup.get(name),
  );
}

function lazyMapping(keys: () => Iterable<string>, get: (key: string) => Value | undefined): Value {
  const valueAt = (key: string | symbol): Value | undefined => (typeof key === 'string' ? get(key) : undefined);
  const lazy = new Proxy<{ [key: string]: Value }>(Object.create(null), {
    get: (_target, key) => valueAt(key),
    has: (_target, key) => valueAt(key) !== undefined,
    ownKeys: () => [...new Set(keys())],
    getOwnPropertyDescriptor: (_target, key) => {
      const value = valueAt(key);
      return value === undefined ? undefined : { value, enumerable: true, configurable: true, writable: false };
    },
    set: () => false,
    defineProperty: () => false,
    deleteProperty: () => false,
  });
  return markPlain(lazy);
}
