import { contains, equal } from '../runtime/compare.ts';
import { type DictLike, dictEntries, dictGet, Fault, isDict, keyOf, makeDict, type Py } from '../runtime/values.ts';

export interface MergeHow {
  readonly recursive: boolean;
  readonly listMerge: string;
}

const LISTS: Readonly<Record<string, (low: readonly Py[], high: readonly Py[]) => readonly Py[]>> = {
  replace: (_low, high) => high,
  keep: (low) => low,
  append: (low, high) => [...low, ...high],
  prepend: (low, high) => [...high, ...low],
  append_rp: (low, high) => [...low.filter((item) => !contains(high, item)), ...high],
  prepend_rp: (low, high) => [...high, ...low.filter((item) => !contains(high, item))],
};

/** Two dicts as one (Ansible's `combine`): what `high` has wins; `low` says the order of the keys that it has. */
export function mergeHash(low: DictLike, high: DictLike, how: MergeHow): DictLike {
  const lists = Object.hasOwn(LISTS, how.listMerge) ? LISTS[how.listMerge] : undefined;
  if (!lists) throw new Fault(`combine: list_merge is one of ${Object.keys(LISTS).join(', ')}, not ${how.listMerge}`);
  if (equal(low, high)) return high;
  const merged = new Map(dictEntries(low).map(([key, value]) => [keyOf(key), [key, value] as readonly [Py, Py]]));
  for (const [key, value] of dictEntries(high)) {
    const id = keyOf(key);
    const old = dictGet(low, key);
    merged.set(id, [merged.get(id)?.[0] ?? key, old === undefined ? value : mergeValue(old, value)]);
  }
  return makeDict(merged.values());

  function mergeValue(old: Py, value: Py): Py {
    if (isDict(old) && isDict(value)) return how.recursive ? mergeHash(old, value, how) : value;
    return Array.isArray(old) && Array.isArray(value) ? lists?.(old, value) : value;
  }
}
