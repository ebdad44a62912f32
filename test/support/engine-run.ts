import { type RunRequest, type RunSummary, run } from '../../src/engine/index.ts';
import { coerceArgs } from '../../src/model/coerce.ts';
import { type ConnectionTarget, LOGIN } from '../../src/model/connection.ts';
import type { EventBody, Outcome, Result } from '../../src/model/event.ts';
import type { Group, Host, Inventory } from '../../src/model/inventory.ts';
import type { AnyAction, AnyModule } from '../../src/model/module.ts';
import type { Block, Condition, Include, PlanNode, Play, Scope, Task } from '../../src/model/plan.ts';
import type { JsonObject, Value, Vars } from '../../src/model/value.ts';
import { KprepError } from '../../src/shared/errors.ts';
import { makeSecrets, type Secrets } from '../../src/shared/secrets.ts';
import { type Fleet, makeFleet } from './fake-connection.ts';

/** A task in few words; what is not said is as a playbook without it. */
export interface TaskWords {
  readonly run: AnyModule | AnyAction;
  readonly name?: string;
  readonly args?: Vars | ((scope: Scope) => Vars);
  readonly when?: readonly ((scope: Scope) => boolean)[];
  readonly loop?: (scope: Scope) => readonly Value[];
  readonly rest?: Partial<Task>;
}

let taskCount = 0;

/** A plan task as the playbook would compile it; names that it needs are none unless said. */
export function task(words: TaskWords): Task {
  const id = `test:${++taskCount}`;
  const { run: module } = words;
  return {
    kind: 'task',
    id,
    name: words.name ?? `${module.name} ${id}`,
    label: () => words.name ?? `${module.name} ${id}`,
    tags: [],
    when: (words.when ?? []).map((holds): Condition => ({ text: 'condition', holds })),
    noLog: () => false,
    runOnce: false,
    ignoreErrors: () => false,
    ignoreUnreachable: false,
    anyErrorsFatal: false,
    barrier: false,
    run: module,
    args: async (scope) => argsOf(module, typeof words.args === 'function' ? words.args(scope) : (words.args ?? {})),
    notify: () => [],
    listen: [],
    identity: () => LOGIN,
    environment: () => ({}),
    delegateFacts: false,
    needs: new Set(),
    ...(words.loop ? { loop: { items: words.loop, variable: 'item', extended: false, pause: 0 } } : {}),
    ...words.rest,
  };
}

function argsOf(module: AnyModule | AnyAction, all: Vars) {
  if (module.kind === 'action' && module.anyArgs) return { args: all, all };
  const { args, problems } = coerceArgs(module.args, all);
  if (problems[0]) throw new KprepError('task', problems[0].message);
  return { args, all };
}

export function block(body: readonly PlanNode[], rest: Partial<Block> = {}): Block {
  return { kind: 'block', name: 'block', body, rescue: [], always: [], ...rest };
}

export function include(load: Include['load'], rest: Partial<Include> = {}): Include {
  const id = `test:${++taskCount}`;
  return {
    kind: 'include',
    id,
    name: `include ${id}`,
    label: () => `include ${id}`,
    tags: [],
    when: [],
    noLog: () => false,
    runOnce: false,
    ignoreErrors: () => false,
    ignoreUnreachable: false,
    anyErrorsFatal: false,
    barrier: false,
    load,
    ...rest,
  };
}

export function play(nodes: readonly PlanNode[], rest: Partial<Play> = {}): Play {
  return {
    id: '1',
    name: 'play',
    hosts: (view) => [...view.inventory.hosts.keys()],
    strategy: 'linear',
    serial: [],
    anyErrorsFatal: false,
    nodes,
    handlers: [],
    forceHandlers: false,
    ignoreUnreachable: false,
    ...rest,
  };
}

export function inventoryOf(names: readonly string[]): Inventory {
  const hosts = names.map((name): [string, Host] => [
    name,
    { name, vars: {}, hostVars: {}, playbookVars: {}, groups: ['all', 'ungrouped'] },
  ]);
  const group = (name: string): Group => ({
    name,
    vars: {},
    groupVars: {},
    playbookVars: {},
    children: [],
    directHosts: names,
    hosts: names,
    depth: 0,
    priority: 1,
  });
  return {
    hosts: new Map(hosts),
    groups: new Map([
      ['all', group('all')],
      ['ungrouped', group('ungrouped')],
    ]),
    sources: [],
  };
}

export interface RunWords {
  readonly hosts?: readonly string[];
  readonly check?: boolean;
  readonly diff?: boolean;
  readonly forks?: number;
  readonly fleet?: Fleet;
  readonly play?: Partial<Play>;
  readonly secrets?: Secrets;
  readonly request?: Partial<RunRequest>;
  /** Seen as it comes. */
  readonly onEvent?: (event: EventBody) => void;
  readonly target?: (scope: Scope) => Partial<ConnectionTarget>;
}

export interface Ran {
  readonly events: readonly EventBody[];
  readonly summary: RunSummary;
  readonly fleet: Fleet;
  /** Milliseconds that were slept, each. */
  readonly slept: readonly number[];
  /** Results of a host's tasks, in order. */
  results(host?: string): readonly Result[];
  outcomes(host?: string): readonly Outcome[];
  /** Names of the tasks a host finished, in order. */
  names(host?: string): readonly string[];
  left(host?: string): Extract<EventBody, { type: 'host-left' }> | undefined;
  /** What the host's variables hold at the end. */
  vars(host?: string): Vars;
  registered(name: string, host?: string): JsonObject;
  facts(host?: string): Vars;
}

/** Runs tasks on hosts whose shells are this machine's. */
export function runTasks(nodes: readonly PlanNode[], words: RunWords = {}): Promise<Ran> {
  return runPlays([play(nodes, words.play)], words);
}

export async function runPlays(plays: readonly Play[], words: RunWords = {}): Promise<Ran> {
  const fleet = words.fleet ?? makeFleet();
  const events: EventBody[] = [];
  const slept: number[] = [];
  const first = words.hosts?.[0] ?? 'h1';
  const views: Scope['run'][] = [];
  const watched = plays.map((one): Play => {
    return {
      ...one,
      hosts: (view) => {
        views.push(view);
        return one.hosts(view);
      },
    };
  });
  const summary = await run({
    plan: { plays: watched, target: (scope) => targetOf(scope, words) },
    inventory: inventoryOf(words.hosts ?? ['h1']),
    connect: fleet.connect,
    emit: (event) => {
      events.push(event);
      words.onEvent?.(event);
    },
    secrets: words.secrets ?? makeSecrets(),
    forks: words.forks ?? 64,
    check: words.check ?? false,
    diff: words.diff ?? false,
    verbosity: 0,
    clock: { now: () => Date.now(), sleep: async (ms) => void slept.push(ms) },
    drain: new AbortController().signal,
    kill: new AbortController().signal,
    killOnDrain: false,
    ...words.request,
  });
  const results = (host = first) =>
    events.flatMap((event) => (event.type === 'task-finished' && event.host === host ? [event] : []));
  const runtime = (host = first) => views[0]?.runtimeOf(host) ?? { facts: {}, variables: {}, includeVars: {} };
  return {
    events,
    summary,
    fleet,
    slept,
    results: (host) => results(host).map((event) => event.result),
    outcomes: (host) => results(host).map((event) => event.result.outcome),
    names: (host) => results(host).map((event) => event.task.name),
    left: (host = first) =>
      events.flatMap((event) => (event.type === 'host-left' && event.host === host ? [event] : []))[0],
    vars: (host) => runtime(host).variables,
    registered: (name, host) => (runtime(host).variables[name] ?? {}) as JsonObject,
    facts: (host) => runtime(host).facts,
  };
}

function targetOf(scope: Scope, words: RunWords): ConnectionTarget {
  return { name: scope.host, address: scope.host, privateKeyFiles: [], transport: 'local', ...words.target?.(scope) };
}
