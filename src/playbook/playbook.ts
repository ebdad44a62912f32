import { dirname, isAbsolute, join } from 'node:path';
import { textOf } from '../model/coerce.ts';
import type { Vars } from '../model/value.ts';
import { TemplateText } from '../model/value.ts';
import { toValue } from '../model/yaml-value.ts';
import { KprepError } from '../shared/errors.ts';
import type { Position } from '../shared/problem.ts';
import type { YamlMapping, YamlNode } from '../shared/yaml/node.ts';
import { type Compiler, staticLookup } from './compiler.ts';
import { Fields, itemsOf, wordsOf } from './fields.ts';
import { checkKeywords, varsIn } from './inherit.ts';
import { parseKv } from './kv.ts';
import { type CompiledPlay, compilePlay, type PlaySource } from './play.ts';
import { readList } from './read-list.ts';

/** The plays of a playbook file and of those that it imports, in order. `plays` is filled. */
export async function compileFile(
  compiler: Compiler,
  file: string,
  plays: CompiledPlay[],
  above: { readonly source?: PlaySource; readonly stack: readonly string[]; readonly at?: Position } = { stack: [] },
): Promise<void> {
  if (above.stack.includes(file)) {
    compiler.problems.error(`${file} imports itself: ${[...above.stack, file].join(' → ')}`, above.at);
    return;
  }
  const root = readList(compiler, file, above.at);
  if (!root) return;
  if (root.kind !== 'sequence') {
    compiler.problems.error('a playbook is a list of plays', root.at, 'each play begins with a dash: - hosts: …');
    return;
  }
  const base = above.source ?? { vars: {}, tags: [], when: [] };
  const source: PlaySource = { ...base, file, dir: dirname(file) };
  for (const node of root.items) {
    await compileEntry(compiler, node, plays, { source, stack: [...above.stack, file] });
  }
}

interface Place {
  readonly source: PlaySource;
  readonly stack: readonly string[];
}

async function compileEntry(compiler: Compiler, node: YamlNode, plays: CompiledPlay[], place: Place): Promise<void> {
  if (node.kind !== 'mapping') {
    compiler.problems.error('a play is a mapping', node.at);
    return;
  }
  const fields = new Fields(node);
  const key = importKey(fields);
  if (key) {
    await importPlaybook(compiler, { fields, key }, plays, place);
    return;
  }
  if (looksLikeTask(compiler, node, fields)) return;
  plays.push(await compilePlay(compiler, node, { ...place.source, number: plays.length + 1 }));
}

const IMPORTS = ['import_playbook', 'ansible.builtin.import_playbook', 'ansible.legacy.import_playbook', 'include'];

function importKey(fields: Fields): string | undefined {
  return IMPORTS.find((key) => fields.has(key) && !fields.has('hosts'));
}

/** A file of tasks handed in as a playbook gets one message, not one for each keyword. */
function looksLikeTask(compiler: Compiler, node: YamlMapping, fields: Fields): boolean {
  if (fields.has('hosts')) return false;
  const module = node.entries.find(({ key }) => compiler.settings.registry.has(String(key.value)));
  if (!module && !fields.has('block')) return false;
  compiler.problems.error('this is a task, and here plays are wanted', node.at, 'put it under hosts: … and tasks:');
  return true;
}

async function importPlaybook(
  compiler: Compiler,
  one: { readonly fields: Fields; readonly key: string },
  plays: CompiledPlay[],
  place: Place,
): Promise<void> {
  const { fields, key } = one;
  const rest = fields.renamed(key, 'name');
  checkKeywords(compiler, fields.has('name') ? without(fields, key) : rest, 'import_playbook');
  const node = fields.get(key);
  const at = node?.at ?? fields.keyAt(key);
  const named = node ? nameAndVars(compiler, node, place.source) : undefined;
  if (!named) {
    compiler.problems.error('import_playbook needs a file', at);
    return;
  }
  const path = isAbsolute(named.name) ? named.name : join(place.source.dir, named.name);
  const tags = wordsOf(fields.get('tags')).map(({ text }) => text);
  const source: PlaySource = {
    ...place.source,
    vars: { ...place.source.vars, ...named.vars, ...varsIn(compiler, fields) },
    tags: [...new Set([...place.source.tags, ...tags])],
    when: [...place.source.when, ...itemsOf(fields.get('when'))],
  };
  await compileFile(compiler, path, plays, { source, stack: place.stack, at });
}

function without(fields: Fields, key: string): Fields {
  const entries = [...fields]
    .filter(([name]) => name !== key)
    .map(([, { key: name, value }]) => ({ key: name, value }));
  return new Fields({ kind: 'mapping', at: fields.at, entries });
}

/** `import_playbook: other.yml a=1`: the rest are variables. */
function nameAndVars(
  compiler: Compiler,
  node: YamlNode,
  source: PlaySource,
): { readonly name: string; readonly vars: Vars } | undefined {
  const raw = toValue(node);
  const text = raw instanceof TemplateText ? staticText(compiler, raw, source) : raw;
  if (typeof text !== 'string' || text === '') return undefined;
  const { options, raw: name } = parseKv(text);
  return name === undefined ? undefined : { name: name.trim(), vars: options };
}

function staticText(compiler: Compiler, raw: TemplateText, source: PlaySource): string | undefined {
  const play = { id: '', name: '', vars: source.vars, files: [], roles: [], dir: source.dir };
  try {
    return textOf(
      compiler.evaluator.value(raw, staticLookup(compiler, { play, blocks: [], params: [], dir: source.dir })),
    );
  } catch (error) {
    if (!(error instanceof KprepError)) throw error;
    compiler.problems.error(`import_playbook is needed before the run: ${error.message}`, raw.at);
    return undefined;
  }
}
