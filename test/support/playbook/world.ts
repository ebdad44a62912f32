import { basename, normalize } from 'node:path';
import type { LocalFile } from '../../../src/model/args.ts';
import { plain } from '../../../src/model/coerce.ts';
import { contentOf } from '../../../src/model/content.ts';
import type { Group, Host, Inventory } from '../../../src/model/inventory.ts';
import {
  type AnyAction,
  type AnyModule,
  defineAction,
  defineModule,
  type Registry,
} from '../../../src/model/module.ts';
import type { HostRuntime, Include, Plan, PlanNode, Play, RunView, Scope, Task } from '../../../src/model/plan.ts';
import type { Json, Value, Vars } from '../../../src/model/value.ts';
import type { PlaybookFiles } from '../../../src/playbook/files.ts';
import { type CompileRequest, compilePlaybooks, makeTemplateEngine } from '../../../src/playbook/index.ts';
import { KprepError } from '../../../src/shared/errors.ts';
import { renderProblem } from '../../../src/shared/problem.ts';
import { makeSecrets, type Secrets } from '../../../src/shared/secrets.ts';
import { sh } from '../../../src/shared/sh.ts';

/** Files that exist only in the test: path → text. */
export function memoryFiles(texts: Readonly<Record<string, string>>): PlaybookFiles {
  const files = new Map(Object.entries(texts).map(([path, text]) => [normalize(path), text]));
  const under = (path: string) =>
    [...files.keys()].filter((one) => one.startsWith(`${normalize(path).replace(/\/$/, '')}/`));
  const kindOf = (path: string) => {
    const clean = normalize(path).replace(/\/$/, '');
    if (files.has(clean)) return 'file' as const;
    return under(clean).length > 0 ? ('directory' as const) : undefined;
  };
  const list = (path: string) => {
    const clean = normalize(path).replace(/\/$/, '');
    return [...new Set(under(clean).map((one) => one.slice(clean.length + 1).split('/')[0] ?? ''))].sort();
  };
  const local = async (path: string): Promise<LocalFile> => {
    const clean = normalize(path).replace(/\/$/, '');
    const text = files.get(clean);
    const base = { path: clean, name: basename(clean), mode: 0o644 };
    if (text !== undefined) return { ...base, content: contentOf(text, clean) };
    return { ...base, entries: await Promise.all(list(clean).map((name) => local(`${clean}/${name}`))) };
  };
  const readText = (path: string): string => {
    const text = files.get(normalize(path));
    if (text === undefined) throw new Error(`there is no file ${path}`);
    return text;
  };
  return { readText, kindOf, list, absolute: (path) => normalize(`/${path}`), local };
}

export interface GroupDraft {
  readonly hosts?: readonly string[];
  readonly vars?: Vars;
  readonly groupVars?: Vars;
  readonly playbookVars?: Vars;
}

export interface HostDraft {
  readonly vars?: Vars;
  readonly hostVars?: Vars;
  readonly playbookVars?: Vars;
}

/** An inventory without nested groups: `all`, and the groups given. */
export function makeInventory(
  hosts: Readonly<Record<string, HostDraft>>,
  groups: Readonly<Record<string, GroupDraft>> = {},
): Inventory {
  const names = Object.keys(hosts);
  const all: Record<string, GroupDraft> = { all: {}, ungrouped: {}, ...groups };
  const made = Object.entries(all).map(([name, draft]): [string, Group] => {
    const members = name === 'all' ? names : (draft.hosts ?? []);
    return [
      name,
      {
        name,
        vars: draft.vars ?? {},
        groupVars: draft.groupVars ?? {},
        playbookVars: draft.playbookVars ?? {},
        children: [],
        directHosts: members,
        hosts: members,
        depth: name === 'all' ? 0 : 1,
        priority: 1,
      },
    ];
  });
  const groupsOf = (host: string) => [
    'all',
    ...made
      .filter(([name, group]) => name !== 'all' && group.hosts.includes(host))
      .map(([name]) => name)
      .sort(),
  ];
  return {
    hosts: new Map(
      Object.entries(hosts).map(([name, draft]): [string, Host] => [
        name,
        {
          name,
          vars: draft.vars ?? {},
          hostVars: draft.hostVars ?? {},
          playbookVars: draft.playbookVars ?? {},
          groups: groupsOf(name),
        },
      ]),
    ),
    groups: new Map(made),
    sources: ['/inventory/hosts'],
  };
}

/** Names, groups, commas and `!`; enough for playbooks of tests. */
export function matchHosts(inventory: Inventory, pattern: string): readonly string[] {
  const found = new Set<string>();
  for (const word of pattern.split(/[,:]/).filter(Boolean)) {
    const out = word.startsWith('!');
    const name = out ? word.slice(1) : word;
    const hosts =
      inventory.groups.get(name)?.hosts ?? (inventory.hosts.has(name) || name === 'localhost' ? [name] : undefined);
    if (!hosts) throw new KprepError('task', `no host or group is named ${name}`);
    for (const host of hosts) {
      if (out) found.delete(host);
      else found.add(host);
    }
  }
  return [...found];
}

const fake = (name: string, extra: Partial<AnyModule> = {}): AnyModule =>
  ({
    ...defineModule({
      name,
      summary: '',
      args: {},
      touches: () => [],
      read: () => ({ script: sh`:`, parse: () => ({ now: {} }) }),
      plan: () => [],
    }),
    ...extra,
  }) as AnyModule;

/** Small stand-ins with the argument types that the compiler has to make. */
const MODULES: readonly (AnyModule | AnyAction)[] = [
  fake('setup', { args: { gather_subset: { type: 'list', doc: '' } } }),
  fake('ping', { args: { data: { type: 'str', doc: '', default: 'pong' } } }),
  fake('command', {
    args: {
      cmd: { type: 'str', doc: '', aliases: ['_raw_params'] },
      argv: { type: 'list', doc: '' },
      chdir: { type: 'path', doc: '' },
      creates: { type: 'path', doc: '' },
    },
    freeForm: 'cmd',
  }),
  fake('file', {
    args: {
      path: { type: 'path', doc: '', required: true, aliases: ['dest', 'name'] },
      state: { type: 'str', doc: '', choices: ['file', 'directory', 'absent'], default: 'file' },
      mode: { type: 'mode', doc: '' },
      recurse: { type: 'bool', doc: '', default: false },
    },
    validate: (args: { recurse?: boolean; state?: string }) =>
      args.recurse && args.state !== 'directory' ? 'recurse needs state=directory' : undefined,
  }),
  fake('copy', {
    args: {
      src: { type: 'localFile', doc: '', hostPathIf: 'remote_src' },
      content: { type: 'str', doc: '' },
      dest: { type: 'path', doc: '', required: true },
      remote_src: { type: 'bool', doc: '', default: false },
      decrypt: { type: 'bool', doc: '', default: true },
    },
  }),
  fake('template', {
    args: {
      src: { type: 'templateFile', doc: '', required: true },
      dest: { type: 'path', doc: '', required: true },
      trim_blocks: { type: 'bool', doc: '', default: true },
    },
  }),
  fake('script', { args: { cmd: { type: 'localCommand', doc: '', required: true } }, freeForm: 'cmd' }),
  fake('modprobe', { args: { name: { type: 'str', doc: '', required: true } }, collections: ['community.general'] }),
  fake('user', {
    args: { name: { type: 'str', doc: '', required: true }, password: { type: 'str', doc: '', secret: true } },
  }),
  defineAction({
    name: 'debug',
    summary: '',
    args: { msg: { type: 'any', doc: '' }, var: { type: 'expression', doc: '' } },
    run: (args) => ({ show: (args.var ? args.var.value : args.msg) ?? null }),
  }),
  defineAction({
    name: 'assert',
    summary: '',
    args: { that: { type: 'conditions', doc: '', required: true } },
    run: () => ({}),
  }),
  defineAction({
    name: 'set_fact',
    summary: '',
    args: {},
    anyArgs: true,
    freeForm: '_raw_params',
    run: (_args, all) => ({ facts: all }),
  }),
  defineAction({
    name: 'meta',
    summary: '',
    args: { action: { type: 'str', doc: '' } },
    freeForm: 'action',
    run: () => ({}),
  }),
  defineAction({
    name: 'add_host',
    summary: '',
    args: { name: { type: 'str', doc: '' } },
    anyArgs: true,
    run: () => ({}),
  }),
  defineAction({ name: 'fail', summary: '', args: { msg: { type: 'str', doc: '' } }, run: () => ({ failed: 'fail' }) }),
];

export const REGISTRY: Registry = new Map(
  MODULES.flatMap((module) => [module.name, ...(module.aliases ?? [])].map((name) => [name, module] as const)),
);

export interface World {
  readonly files: Readonly<Record<string, string>>;
  readonly inventory?: Inventory;
  readonly request?: Partial<CompileRequest>;
  readonly secrets?: Secrets;
}

/** Compiles `site.yml` of a world. */
export async function compileWorld(world: World): Promise<Awaited<ReturnType<typeof compilePlaybooks>>> {
  return compilePlaybooks({
    playbooks: ['site.yml'],
    registry: REGISTRY,
    engine: makeTemplateEngine(),
    inventory: world.inventory ?? makeInventory({ h1: {}, h2: {} }, { web: { hosts: ['h1'] } }),
    matchHosts,
    withChanges: (inventory) => inventory,
    secrets: world.secrets ?? makeSecrets(),
    files: memoryFiles(world.files),
    ...world.request,
  });
}

/** The plan, where there must be no error. */
export async function planOf(world: World): Promise<Plan> {
  const { plan, problems } = await compileWorld(world);
  if (!plan) throw new Error(problems.map(renderProblem).join('\n'));
  return plan;
}

/** What a run of the plan on one host comes to, with nothing but the actions that matter for variables. */
export interface Trace {
  /** What `debug` shows, in order; a template error as `!message`. */
  readonly shown: Json[];
  /** Names of tasks that ran, in order. */
  readonly ran: string[];
}

interface Host1 {
  readonly runtime: {
    facts: Record<string, Value>;
    variables: Record<string, Value>;
    includeVars: Record<string, Value>;
  };
  readonly view: RunView;
  readonly trace: Trace;
  readonly host: string;
}

/** Runs a plan on one host: conditions, loops, set_fact, register, include_vars, includes, blocks. No handlers. */
export async function runOn(plan: Plan, inventory: Inventory, host = 'h1', facts: Vars = {}): Promise<Trace> {
  const runtime = {
    facts: { ...facts },
    variables: {} as Record<string, Value>,
    includeVars: {} as Record<string, Value>,
  };
  const trace: Trace = { shown: [], ran: [] };
  for (const play of plan.plays) {
    const view = viewOf(
      inventory,
      play,
      (name): HostRuntime => (name === host ? runtime : { facts: {}, variables: {}, includeVars: {} }),
    );
    if (!play.hosts(view).includes(host)) continue;
    await runNodes(play.nodes, {}, { runtime, view, trace, host });
  }
  return trace;
}

export function viewOf(
  inventory: Inventory,
  play?: Play,
  runtimeOf: (host: string) => HostRuntime = () => ({ facts: {}, variables: {}, includeVars: {} }),
): RunView {
  return {
    check: false,
    diff: false,
    inventory,
    changes: { hosts: new Map(), groups: new Map() },
    playHosts: [...inventory.hosts.keys()],
    playHostsAll: [...inventory.hosts.keys()],
    playBatch: [...inventory.hosts.keys()],
    ...(play ? { play: { id: play.id, name: play.name } } : {}),
    runtimeOf,
    now: () => 0,
  };
}

async function runNodes(nodes: readonly PlanNode[], local: Vars, at: Host1): Promise<void> {
  for (const node of nodes) {
    if (node.kind === 'block') await runNodes([...node.body, ...node.always], local, at);
    else if (node.kind !== 'flush') await runItems(node, local, at);
  }
}

async function runItems(node: Task | Include, local: Vars, at: Host1): Promise<void> {
  for (const item of itemsOf(node, local, at)) {
    const scope = scopeOf(at, item, node.kind === 'task' ? node : undefined);
    if (!node.when.every((condition) => condition.holds(scope))) continue;
    at.trace.ran.push(node.label(scope));
    if (node.kind === 'include') await runNodes((await node.load(scope)).nodes, {}, at);
    else await runTask(node, scope, at);
  }
}

function itemsOf(node: Task | Include, local: Vars, at: Host1): Vars[] {
  const { loop } = node;
  if (!loop) return [local];
  return loop.items(scopeOf(at, local)).map((item, index) => ({
    ...local,
    [loop.variable]: item,
    ...(loop.indexVariable === undefined ? {} : { [loop.indexVariable]: index }),
  }));
}

function scopeOf(at: Host1, local: Vars, task?: Task): Scope {
  return { host: at.host, local, runtime: at.runtime, run: at.view, ...(task ? { task } : {}) };
}

async function runTask(task: Task, scope: Scope, at: Host1): Promise<void> {
  const outcome = await result(task, scope, at);
  if (task.register) at.runtime.variables[task.register] = outcome as Value;
}

async function result(task: Task, scope: Scope, at: Host1): Promise<Json> {
  try {
    const { args, all } = await task.args(scope);
    if (task.run.kind !== 'action') return { changed: false, args: plain(args) };
    const answer = task.run.run(args, all, { host: at.host, check: false, verbosity: 0 });
    Object.assign(task.run.name === 'include_vars' ? at.runtime.includeVars : at.runtime.variables, answer.facts);
    if (answer.show !== undefined) at.trace.shown.push(answer.show);
    return { changed: false, ...answer.result };
  } catch (error) {
    if (!(error instanceof KprepError)) throw error;
    at.trace.shown.push(`!${error.message}`);
    return { failed: true };
  }
}
