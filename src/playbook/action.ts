import type { AnyAction, AnyModule } from '../model/module.ts';
import { TemplateText, type Value } from '../model/value.ts';
import { toValue } from '../model/yaml-value.ts';
import { nearName, type Position } from '../shared/problem.ts';
import type { YamlNode } from '../shared/yaml/node.ts';
import type { Compiler } from './compiler.ts';
import type { Fields } from './fields.ts';
import { KEYWORDS, keywordsOf, mayStand, type Place, REFUSED } from './keywords.ts';
import { type KeyValues, parseKv, splitModule } from './kv.ts';
import { written } from './typed.ts';

/** One argument as it is written. */
export interface RawArg {
  readonly name: string;
  readonly value: Value;
  readonly at: Position;
  /** Absent where it comes from `k=v` text. */
  readonly node?: YamlNode;
}

/** What a task does: the module's name as written and short, and its arguments. */
export interface ActionCall {
  readonly written: string;
  readonly name: string;
  readonly at: Position;
  readonly args: readonly RawArg[];
  /** `args: "{{ all_of_them }}"`. */
  readonly whole?: { readonly value: TemplateText; readonly at: Position };
  readonly local: boolean;
}

/** Statements that look like modules and are compiled here. */
export const STATEMENTS: ReadonlySet<string> = new Set([
  ...['include', 'include_tasks', 'import_tasks', 'include_role', 'import_role', 'include_vars', 'import_playbook'],
]);
const COMMANDS = new Set(['command', 'shell', 'script', 'raw']);
/** Whose text may hold words without `=`. */
const RAW_TEXT = new Set([...STATEMENTS, 'meta', 'add_host', 'group_by', 'set_fact']);

/** Finds what a task does; what is wrong is a problem, and the answer then undefined. */
export function findAction(compiler: Compiler, fields: Fields, place: Place): ActionCall | undefined {
  const candidates = [...fields].filter(([key]) => !isKeyword(compiler, key, place) && !key.startsWith('with_'));
  const old = (['action', 'local_action'] as const).filter((key) => fields.has(key));
  if (candidates.length + old.length > 1) {
    const extra = [...old, ...candidates.map(([key]) => key)];
    return refuseExtra(compiler, fields, extra, place);
  }
  const [first] = candidates;
  if (first) return newStyle(compiler, fields, { key: first[0], at: first[1].key.at, node: first[1].value }, place);
  const [legacy] = old;
  if (legacy) return oldStyle(compiler, fields, legacy);
  compiler.problems.error('this task names no module', fields.at);
  return undefined;
}

/** `user` is a keyword of plays and a module. */
function isKeyword(compiler: Compiler, key: string, place: Place): boolean {
  if (Object.hasOwn(REFUSED, key)) return true;
  return Object.hasOwn(KEYWORDS, key) && (mayStand(key, place) || !shortName(compiler, key));
}

/** Of several keys that are no keywords those that are no modules either are the wrong ones. */
function refuseExtra(compiler: Compiler, fields: Fields, keys: readonly string[], place: Place): undefined {
  const unknown = keys.filter((key) => key !== 'action' && key !== 'local_action' && !shortName(compiler, key));
  if (unknown.length === 0) {
    compiler.problems.error(
      `a task runs one module, and this one names ${keys.join(' and ')}`,
      fields.keyAt(keys[1] ?? ''),
    );
    return undefined;
  }
  for (const key of unknown) refuseUnknown(compiler, key, fields.keyAt(key), place);
  return undefined;
}

function refuseUnknown(compiler: Compiler, key: string, at: Position, place: Place): void {
  const near = nearName(key, [...compiler.settings.registry.keys(), ...STATEMENTS, ...keywordsOf(place)]);
  compiler.problems.error(`there is no module or keyword ${key}`, at, near ? `did you mean ${near}?` : undefined);
}

interface Called {
  readonly key: string;
  readonly at: Position;
  readonly node: YamlNode;
}

function newStyle(compiler: Compiler, fields: Fields, called: Called, place: Place): ActionCall | undefined {
  const name = shortName(compiler, called.key);
  if (!name) {
    refuseUnknown(compiler, called.key, called.at, place);
    return undefined;
  }
  return makeCall(compiler, fields, { written: called.key, name, at: called.at, local: false }, called.node);
}

type CallHead = Pick<ActionCall, 'written' | 'name' | 'at' | 'local'>;

/** `action: copy src=a dest=b`, `local_action: {module: copy, src: a}`. */
function oldStyle(compiler: Compiler, fields: Fields, key: 'action' | 'local_action'): ActionCall | undefined {
  const node = fields.get(key);
  const at = node?.at ?? fields.keyAt(key);
  const parts = node ? moduleOf(node) : undefined;
  if (!node || !parts) {
    compiler.problems.error(`${key} names a module: as text, or as a mapping with module`, at);
    return undefined;
  }
  const name = shortName(compiler, parts.module);
  if (!name) {
    refuseUnknown(compiler, parts.module, at, 'task');
    return undefined;
  }
  const head: CallHead = { written: parts.module, name, at, local: key === 'local_action' };
  if (node.kind !== 'mapping') return makeCall(compiler, fields, head, textNode(parts.rest, at));
  const rest = { ...node, entries: node.entries.filter((entry) => entry.key.value !== 'module') };
  const call = makeCall(compiler, fields, head, rest);
  const more = call && parts.rest !== '' ? textArgs(compiler, parts.rest, { name, at }) : undefined;
  return call && more ? { ...call, args: merged(call.args, more) } : call;
}

function moduleOf(node: YamlNode): { readonly module: string; readonly rest: string } | undefined {
  const entry = node.kind === 'mapping' ? node.entries.find(({ key }) => key.value === 'module')?.value : node;
  if (entry?.kind !== 'scalar' || typeof entry.value !== 'string') return undefined;
  try {
    return splitModule(entry.value);
  } catch {
    return undefined;
  }
}

function textNode(text: string, at: Position): YamlNode {
  return { kind: 'scalar', at, value: text === '' ? null : text, source: text, quoted: false };
}

/** `args:` is below what the module's own key says. */
function makeCall(compiler: Compiler, fields: Fields, head: CallHead, node: YamlNode): ActionCall | undefined {
  const more = fields.get('args');
  const extra = more ? nodeArgs(compiler, more, head) : { args: [] };
  const own = nodeArgs(compiler, node, head);
  if (!own || !extra) return undefined;
  const whole = own.whole ?? extra.whole;
  return { ...head, args: merged(extra.args, own.args), ...(whole ? { whole } : {}) };
}

function merged(weak: readonly RawArg[], strong: readonly RawArg[]): readonly RawArg[] {
  const names = new Set(strong.map(({ name }) => name));
  return [...weak.filter(({ name }) => !names.has(name)), ...strong];
}

type Arguments = Pick<ActionCall, 'args' | 'whole'>;

function nodeArgs(compiler: Compiler, node: YamlNode, head: CallHead): Arguments | undefined {
  if (node.kind === 'mapping') {
    return {
      args: node.entries.map(({ key, value }) => ({
        name: String(key.value),
        value: toValue(value),
        at: value.kind === 'scalar' ? value.at : key.at,
        node: value,
      })),
    };
  }
  if (node.kind === 'scalar' && node.value === null) return { args: [] };
  const value = toValue(node);
  if (value instanceof TemplateText && isWhole(value.text) && !COMMANDS.has(head.name) && !RAW_TEXT.has(head.name)) {
    return { args: [], whole: { value, at: node.at } };
  }
  if (node.kind === 'scalar') {
    const text = typeof node.value === 'string' ? node.value : node.source;
    const args = textArgs(compiler, text, { name: head.name, at: node.at });
    return args ? { args } : undefined;
  }
  compiler.problems.error(`${head.written} takes its arguments as a mapping or as text`, node.at);
  return undefined;
}

function isWhole(text: string): boolean {
  return /^\s*\{\{.*\}\}\s*$/s.test(text);
}

function textArgs(
  compiler: Compiler,
  text: string,
  head: { readonly name: string; readonly at: Position },
): readonly RawArg[] | undefined {
  const found = parsed(compiler, text, head);
  if (!found) return undefined;
  const { name, at } = head;
  const args = Object.entries(found.options).map(([key, value]) => ({ name: key, value: written(value, at), at }));
  if (found.raw === undefined) return args;
  const freeForm = compiler.settings.registry.get(name)?.freeForm;
  if (freeForm !== undefined || STATEMENTS.has(name)) {
    return [...args, { name: freeForm ?? '_raw_params', value: written(found.raw, at), at }];
  }
  compiler.problems.error(`${name} takes no free text: ${found.raw.trim()}`, at, 'write name=value, or a mapping');
  return undefined;
}

function parsed(
  compiler: Compiler,
  text: string,
  head: { readonly name: string; readonly at: Position },
): KeyValues | undefined {
  try {
    return parseKv(text, { command: COMMANDS.has(head.name) });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    compiler.problems.error(error.message, head.at, 'put the whole text in quotes');
    return undefined;
  }
}

/** The short name that a module or statement is registered under; undefined when there is none. */
export function shortName(compiler: Compiler, name: string): string | undefined {
  const parts = name.split('.');
  const short = parts.at(-1) ?? '';
  const module = compiler.settings.registry.get(short);
  if (!module && !STATEMENTS.has(short)) return undefined;
  if (parts.length === 1) return short;
  const collection = parts.slice(0, -1).join('.');
  return fits(collection, module) ? short : undefined;
}

function fits(collection: string, module: AnyModule | AnyAction | undefined): boolean {
  return (
    collection === 'ansible.builtin' ||
    collection === 'ansible.legacy' ||
    (module?.collections?.includes(collection) ?? false)
  );
}
