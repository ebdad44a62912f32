import { coerceValue } from '../model/coerce.ts';
import type { PlanNode, Play, Task } from '../model/plan.ts';
import { TemplateText, type Value, type Vars } from '../model/value.ts';
import { toValue } from '../model/yaml-value.ts';
import { KprepError } from '../shared/errors.ts';
import type { Position } from '../shared/problem.ts';
import type { YamlMapping, YamlNode } from '../shared/yaml/node.ts';
import type { ActionCall, RawArg } from './action.ts';
import type { Compiler } from './compiler.ts';
import type { Context, PlayContext } from './context.ts';
import { Fields, itemsOf, scalarText } from './fields.ts';
import { checkNotified, compileHandlers, withoutShadowed } from './handlers.ts';
import { checkKeywords, inherit, varsIn } from './inherit.ts';
import { hostsOf } from './play-hosts.ts';
import { playSettings } from './play-settings.ts';
import { askPrompts } from './prompts.ts';
import { compileRoleEntry } from './role.ts';
import { isSelected } from './tags.ts';
import { compileTask } from './task.ts';
import { staticValue } from './task-base.ts';
import { textOf } from './typed.ts';
import type { PlayVars, VarsFileEntry } from './vars/chain.ts';
import { findVarsFile, readVars } from './vars/vars-files.ts';

/** Where a play comes from: its file, and what an `import_playbook` above it says. */
export interface PlaySource {
  readonly file: string;
  readonly dir: string;
  readonly vars: Vars;
  readonly tags: readonly string[];
  readonly when: readonly YamlNode[];
}

export interface CompiledPlay {
  readonly play: Play;
  readonly context: Context;
  /** The pattern as written. */
  readonly pattern: string;
}

/** One play, with all its tasks. What is wrong is in the compiler's problems. */
export async function compilePlay(
  compiler: Compiler,
  node: YamlMapping,
  source: PlaySource & { readonly number: number },
): Promise<CompiledPlay> {
  const fields = withUser(compiler, new Fields(node));
  checkKeywords(compiler, fields, 'play');
  const answers = await askPrompts(compiler, fields);
  const pattern = patternOf(compiler, fields);
  const vars: PlayVars = {
    id: String(source.number),
    name: nameOf(fields, pattern.text),
    vars: { ...source.vars, ...varsIn(compiler, fields), ...answers },
    files: [],
    roles: [],
    dir: source.dir,
  };
  const base = contextOf(compiler, source, vars);
  const withFiles: PlayVars = { ...vars, files: varsFiles(compiler, fields, vars) };
  const playContext: PlayContext = { ...base.play, vars: withFiles };
  const context = inherit(compiler, { ...base, play: playContext }, fields, { ownVars: false });
  const nodes = sections(compiler, context, fields);
  playContext.handlers.push(...compileHandlers(compiler, context, fields.get('handlers')));
  checkNotified(compiler, playContext);
  const setting = playSettings(compiler, context, fields);
  const play: Play = {
    id: vars.id,
    name: vars.name,
    at: fields.at,
    hosts: hostsOf(compiler, context, { pattern, order: setting.order }),
    ...setting.play,
    nodes,
    handlers: withoutShadowed(playContext.handlers),
  };
  return { play, context, pattern: pattern.text };
}

/** `user:` is an old name of `remote_user:`. */
function withUser(compiler: Compiler, fields: Fields): Fields {
  if (!fields.has('user')) return fields;
  if (fields.has('remote_user'))
    compiler.problems.error('user and remote_user are the same keyword', fields.keyAt('user'));
  return fields.renamed('user', 'remote_user');
}

function contextOf(compiler: Compiler, source: PlaySource, vars: PlayVars): Context {
  compiler.names.define(vars.vars);
  return {
    play: { vars, handlers: [], notified: [], placed: new Map(), handlersOpen: false },
    keywords: new Map(),
    when: source.when,
    tags: source.tags,
    environment: [],
    moduleDefaults: [],
    blocks: [],
    params: [],
    file: source.file,
    dir: source.dir,
    stack: [source.file],
    handler: false,
    guarded: source.when.length > 0,
  };
}

function patternOf(
  compiler: Compiler,
  fields: Fields,
): { readonly text: string; readonly raw: Value; readonly at: Position } {
  const node = fields.get('hosts');
  if (!node) {
    compiler.problems.error('a play needs hosts', fields.at);
    return { text: '', raw: '', at: fields.at };
  }
  const raw = toValue(node);
  const words = itemsOf(node).map((item) => (item.kind === 'scalar' ? scalarText(item) : ''));
  if (words.length === 0 || words.some((word) => word === '')) {
    compiler.problems.error('hosts takes a pattern or a list of them', node.at);
  }
  return { text: words.join(','), raw, at: node.at };
}

function nameOf(fields: Fields, pattern: string): string {
  const name = fields.text('name');
  return name === undefined || name === '' ? pattern : name;
}

/** Files that are known by name are read now, so that what is wrong in them is known now. */
function varsFiles(compiler: Compiler, fields: Fields, play: PlayVars): VarsFileEntry[] {
  return itemsOf(fields.get('vars_files')).map((item) => {
    const alternatives = itemsOf(item).map((one): string | TemplateText => {
      const value = toValue(one);
      return value instanceof TemplateText ? value : textOf(value);
    });
    lookInto(compiler, { alternatives, at: item.at }, play);
    return { alternatives, at: item.at };
  });
}

function lookInto(compiler: Compiler, entry: VarsFileEntry, play: PlayVars): void {
  if (entry.alternatives.some((one) => one instanceof TemplateText)) compiler.names.open = true;
  const names = entry.alternatives.filter((one) => typeof one === 'string');
  const found = names.map((name) => findVarsFile(name, play.dir, compiler.files)).filter((path) => path !== undefined);
  if (found.length === 0 && names.length === entry.alternatives.length) {
    compiler.problems.error(`there is no vars file ${names.join(' or ')}`, entry.at);
  }
  for (const path of found) {
    const { problems } = compiler.loader.read(path, entry.at);
    for (const problem of problems) compiler.problems.add(problem);
    if (problems.some(({ level }) => level === 'error')) continue;
    try {
      compiler.names.define(readVars(path, compiler.loader));
    } catch (error) {
      if (!(error instanceof KprepError)) throw error;
      compiler.problems.error(error.message, entry.at);
    }
  }
}

/** Facts, pre_tasks, roles and tasks, post_tasks; handlers are flushed between. */
function sections(compiler: Compiler, context: Context, fields: Fields): PlanNode[] {
  const tasks = (key: string) => compiler.compileTasks(compiler, context, fields.get(key));
  const pre = tasks('pre_tasks');
  const roles = compileRoles(compiler, context, fields);
  const flush: PlanNode = { kind: 'flush' };
  return [
    ...gatherFacts(compiler, context, fields),
    ...pre,
    flush,
    ...roles,
    ...tasks('tasks'),
    flush,
    ...tasks('post_tasks'),
    flush,
  ];
}

function compileRoles(compiler: Compiler, context: Context, fields: Fields): PlanNode[] {
  const made = itemsOf(fields.get('roles')).flatMap((node) => {
    const role = compileRoleEntry(compiler, context, node);
    if (role) {
      context.play.vars.roles.push(role.role);
      context.play.handlers.push(...role.handlers);
    }
    return role ? [role] : [];
  });
  return made.flatMap(({ nodes }) => nodes);
}

/** The implicit task of a play that does not say `gather_facts: false`. It always runs, unless the play has tags. */
function gatherFacts(compiler: Compiler, context: Context, fields: Fields): Task[] {
  const node = fields.get('gather_facts');
  const value = node
    ? staticValue(compiler, context, { keyword: 'gather_facts', raw: toValue(node), at: node.at })
    : true;
  const wanted = value === null ? { value: true } : coerceValue({ type: 'bool', doc: '' }, value);
  if ('problem' in wanted) compiler.problems.error(`gather_facts: ${wanted.problem}`, node?.at);
  if (!('value' in wanted) || wanted.value !== true) return [];
  if (!compiler.settings.registry.has('setup')) {
    compiler.problems.error('there is no module setup to gather facts with', fields.at, 'write gather_facts: false');
    return [];
  }
  const tags = context.tags.length > 0 ? context.tags : ['always'];
  if (!isSelected(tags, compiler.tags)) return [];
  const names = [
    ['gather_subset', 'gather_subset'],
    ['gather_timeout', 'gather_timeout'],
    ['fact_path', 'fact_path'],
  ] as const;
  const args = names.flatMap(([keyword, name]): RawArg[] => {
    const arg = fields.get(keyword);
    return arg ? [{ name, value: toValue(arg), at: arg.at, node: arg }] : [];
  });
  const call: ActionCall = { written: 'setup', name: 'setup', at: fields.at, args, local: false };
  const task = compileTask(
    compiler,
    { ...context, tags, keywords: withoutNotify(context) },
    gatheringFields(fields.at),
    call,
  );
  return task ? [task] : [];
}

function withoutNotify(context: Context): Context['keywords'] {
  return new Map([...context.keywords].filter(([key]) => key !== 'notify' && key !== 'run_once'));
}

function gatheringFields(at: Position): Fields {
  const scalar = (value: string) => ({ kind: 'scalar' as const, at, value, source: value, quoted: true });
  return new Fields({ kind: 'mapping', at, entries: [{ key: scalar('name'), value: scalar('Gathering Facts') }] });
}
