import { getItem } from '../runtime/access.ts';
import { equal, iterate, sorted, truth } from '../runtime/compare.ts';
import { fromJson, type JsonStyle, toJson } from '../runtime/json.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { repr, str } from '../runtime/text.ts';
import {
  type DictLike,
  dictEntries,
  dictGet,
  Fault,
  isDict,
  isNumber,
  makeDict,
  type Py,
  sequenceItems,
  Tuple,
  toNumber,
  typeName,
  Undefined,
} from '../runtime/values.ts';
import { type Builtins, foldCase, wantText } from './builtin.ts';
import { mergeHash } from './merge.ts';
import { prettyPrint } from './pprint.ts';
import { toYaml } from './yaml-writer.ts';

/** Filters for lists and dicts as data, JSON and YAML. */
export const dataFilters: Builtins = {
  combine: ['*terms **options', combine],
  dict2items: ['mydict key_name? value_name?', dictToItems],
  dictsort: ['value case_sensitive? by? reverse?', sortDict],
  extract: ['item container morekeys?', extract],
  flatten: [
    'mylist levels? skip_nulls?',
    (_, list, levels, skip) => flattened(iterate(list), { levels, skipNulls: truth(skip ?? true) }),
  ],
  from_json: ['value', (_, value) => fromJson(wantText(value, 'from_json'))],
  from_yaml: ['value', (runtime, value) => (typeof value === 'string' ? readYaml(runtime, value) : value)],
  from_yaml_all: ['value', (runtime, value) => (typeof value === 'string' ? readAllYaml(runtime, value) : value)],
  items2dict: ['mylist key_name? value_name?', itemsToDict],
  pprint: ['value', (_, value) => prettyPrint(value)],
  rekey_on_member: ['data key duplicates?', rekey],
  subelements: ['obj subelements skip_missing?', (_, obj, path, skip) => subelements(obj, path, truth(skip ?? false))],
  to_json: ['value **options', (_, value, options) => toJson(value, jsonStyle(options, {}))],
  to_nice_json: [
    'value indent? sort_keys? **options',
    (_, value, indent, sort, options) => {
      const usual = new Map<string, Py>([
        ['indent', indent ?? 4],
        ['sort_keys', sort ?? true],
        ['separators', new Tuple([',', ': '])],
      ]);
      return toJson(value, jsonStyle(new Map([...usual, ...(options as Map<string, Py>)]), {}));
    },
  ],
  to_nice_yaml: [
    'value indent? **options',
    (_, value, indent, options) => toYaml(value, yamlOptions(options, { indent: indent ?? 4, flow: false })),
  ],
  to_yaml: ['value **options', (_, value, options) => toYaml(value, yamlOptions(options, { indent: 2, flow: null }))],
  tojson: [
    'value indent?',
    (_, value, indent) => htmlJson(toJson(value, jsonStyle(new Map([['indent', indent]]), { sortKeys: true }))),
  ],
};

function jsonStyle(options: Py, usual: { readonly sortKeys?: boolean }): JsonStyle {
  const given = options as ReadonlyMap<string, Py>;
  const indentValue = given.get('indent');
  const indent = indentValue === undefined || indentValue === null ? undefined : indentValue;
  const separators = iterateOr(given.get('separators'));
  const style = {
    itemSeparator: separators ? str(separators[0]) : indent === undefined ? ', ' : ',',
    keySeparator: separators ? str(separators[1]) : ': ',
    sortKeys: truth(given.get('sort_keys') ?? usual.sortKeys ?? false),
    ascii: truth(given.get('ensure_ascii') ?? true),
  };
  return indent === undefined
    ? style
    : { ...style, indent: typeof indent === 'string' ? indent : ' '.repeat(toNumber(indent)) };
}

function iterateOr(value: Py): readonly Py[] | undefined {
  return value === undefined || value === null ? undefined : iterate(value);
}

function htmlJson(text: string): string {
  return text.replace(/[<>&']/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function yamlOptions(options: Py, usual: { readonly indent: Py; readonly flow: boolean | null }) {
  const given = options as ReadonlyMap<string, Py>;
  const flow = given.get('default_flow_style');
  return {
    indent: toNumber(given.get('indent') ?? usual.indent),
    flow: flow === undefined ? usual.flow : flow === null ? null : truth(flow),
    width: widthOf(given.get('width')),
    sortKeys: truth(given.get('sort_keys') ?? true),
    explicitStart: truth(given.get('explicit_start') ?? false),
    explicitEnd: truth(given.get('explicit_end') ?? false),
  };
}

function widthOf(value: Py): number {
  return value === undefined || value === null ? 80 : isNumber(value) ? toNumber(value) : Number(str(value));
}

function readYaml(runtime: Runtime, text: string): Py {
  const { parseYaml } = runtime.services;
  if (!parseYaml) throw new Fault('from_yaml is not possible here');
  return parseYaml(text);
}

function readAllYaml(runtime: Runtime, text: string): Py {
  const documents = text.split(/^---(?:[ \t]+|$)/m).filter((part, index) => index > 0 || part.trim() !== '');
  return documents.map((part) => readYaml(runtime, part.replace(/^\.\.\.\s*$/m, '')));
}

function combine(_: Runtime, terms: Py, options: Py): Py {
  const given = options as ReadonlyMap<string, Py>;
  const unknown = [...given.keys()].find((name) => name !== 'recursive' && name !== 'list_merge');
  if (unknown) throw new Fault("combine takes the options 'recursive' and 'list_merge' only");
  const dicts = flattened(terms as Py[], { levels: 1, skipNulls: true });
  for (const dict of dicts) {
    if (dict instanceof Undefined) dict.fail();
    if (!isDict(dict)) throw new Fault(`combine wants dicts, not ${typeName(dict)}`);
  }
  const how = {
    recursive: truth(given.get('recursive') ?? false),
    listMerge: str(given.get('list_merge') ?? 'replace'),
  };
  if (dicts.length === 0) return {};
  return (dicts as DictLike[]).reduceRight((result, dict) => mergeHash(dict, result, how));
}

function dictToItems(_: Runtime, dict: Py, keyName: Py, valueName: Py): Py {
  if (dict instanceof Undefined) return dict.fail();
  if (!isDict(dict)) throw new Fault(`dict2items wants a dict, not ${typeName(dict)}`);
  const [key, value] = [keyName ?? 'key', valueName ?? 'value'];
  return dictEntries(dict).map(([name, item]) =>
    makeDict([
      [key, name],
      [value, item],
    ]),
  );
}

function itemsToDict(_: Runtime, list: Py, keyName: Py, valueName: Py): Py {
  if (list instanceof Undefined) return list.fail();
  const items = sequenceItems(list);
  if (!items) throw new Fault(`items2dict wants a list, not ${typeName(list)}`);
  return makeDict(items.map((item) => [member(item, keyName ?? 'key'), member(item, valueName ?? 'value')]));
}

function member(item: Py, key: Py): Py {
  if (!isDict(item)) throw new Fault(`items2dict wants a list of dicts, not of ${typeName(item)}`);
  const value = dictGet(item, key);
  if (value === undefined)
    throw new Fault(`items2dict wants the key ${repr(key)} in each item, and ${repr(item)} has none`);
  return value;
}

function sortDict(_: Runtime, value: Py, sensitive: Py, by: Py, reverse: Py): Py {
  if (value instanceof Undefined) return value.fail();
  if (!isDict(value)) throw new Fault(`dictsort wants a dict, not ${typeName(value)}`);
  const index = by === undefined || by === 'key' ? 0 : by === 'value' ? 1 : undefined;
  if (index === undefined) throw new Fault('dictsort sorts by "key" or "value"');
  const fold = truth(sensitive ?? false) ? (item: Py) => item : foldCase;
  return sorted(dictEntries(value), (entry) => fold(entry[index]), truth(reverse ?? false)).map(
    (entry) => new Tuple(entry),
  );
}

function extract(_: Runtime, item: Py, container: Py, more: Py): Py {
  const keys = more === undefined || more === null ? [item] : Array.isArray(more) ? [item, ...more] : [item, more];
  return keys.reduce((value: Py, key) => getItem(value, key), container);
}

/** Nested lists as one; nulls, and the words for it, are dropped. */
function flattened(items: readonly Py[], how: { readonly levels: Py; readonly skipNulls: boolean }): Py[] {
  const levels = how.levels === undefined || how.levels === null ? Number.POSITIVE_INFINITY : toNumber(how.levels);
  return items.flatMap((item) => {
    if (how.skipNulls && (item === null || item === 'None' || item === 'null')) return [];
    const inner = sequenceItems(item);
    return inner && levels >= 1 ? flattened(inner, { ...how, levels: levels - 1 }) : [item];
  });
}

/** Each element with each item of a list in it. */
export function subelements(obj: Py, path: Py, skipMissing: boolean): Py[] {
  if (obj instanceof Undefined) return obj.fail();
  const elements = isDict(obj)
    ? dictEntries(obj).map(([, value]) => value)
    : Array.isArray(obj)
      ? (obj as Py[])
      : undefined;
  if (!elements) throw new Fault('subelements wants a list of dicts or a dict of dicts');
  const keys = typeof path === 'string' ? path.split('.') : Array.isArray(path) ? (path as Py[]) : undefined;
  if (!keys) throw new Fault('subelements wants the path as a list or a string');
  return elements.flatMap((element) => subList(element, keys, skipMissing).map((item) => new Tuple([element, item])));
}

function subList(element: Py, keys: readonly Py[], skipMissing: boolean): readonly Py[] {
  let value = element;
  for (const key of keys) {
    if (!isDict(value)) throw new Fault(`the key ${str(key)} should point to a dict, got ${repr(value)}`);
    const next = dictGet(value, key);
    if (next === undefined && skipMissing) return [];
    if (next === undefined) throw new Fault(`there is no key ${repr(key)} in ${repr(value)}`);
    value = next;
  }
  if (!Array.isArray(value)) throw new Fault(`the key ${repr(keys.at(-1))} should point to a list, got ${repr(value)}`);
  return value;
}

function rekey(_: Runtime, data: Py, key: Py, duplicates: Py): Py {
  const policy = duplicates === undefined ? 'error' : str(duplicates);
  if (policy !== 'error' && policy !== 'overwrite')
    throw new Fault(`rekey_on_member: duplicates is error or overwrite, not ${policy}`);
  const items = isDict(data) ? dictEntries(data).map(([, value]) => value) : iterate(data);
  const out: [Py, Py][] = [];
  for (const item of items) {
    if (!isDict(item)) throw new Fault('rekey_on_member: an item is no dict');
    const id = dictGet(item, key);
    if (id === undefined) throw new Fault(`rekey_on_member: the key ${str(key)} was not found`);
    if (policy === 'error' && out.some(([one]) => equal(one, id)))
      throw new Fault(`rekey_on_member: the key ${str(id)} is not unique`);
    out.push([id, item]);
  }
  return makeDict(out);
}
