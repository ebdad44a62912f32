import type { Plan, Play, Task } from '../model/plan.ts';
import { isTemplate, type Json, TemplateText, type Value } from '../model/value.ts';
import type { Position, Problem } from '../shared/problem.ts';
import type { YamlNode } from '../shared/yaml/node.ts';
import { type ActionCall, findAction } from './action.ts';
import { makeCompiler } from './compiler.ts';
import type { Context } from './context.ts';
import { chainOf } from './context.ts';
import { Fields } from './fields.ts';
import { hostsOf } from './play-hosts.ts';
import type { CompileSettings } from './request.ts';
import { targetOf } from './target.ts';
import { compileTask } from './task.ts';
import { compileTasks } from './tasks.ts';

export interface AdHocRequest extends CompileSettings {
  readonly module: string;
  /** `k=v` text or the command, as `-a` takes it, or a mapping. */
  readonly args: string | Readonly<Record<string, Json>>;
  readonly pattern: string;
  /** Shown as the task's name; default: the module. */
  readonly name?: string;
  /** `--step-timeout`, `--background`. Seconds. */
  readonly timeout?: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly ignoreErrors?: boolean;
  readonly noLog?: boolean;
  /** Batches, as a play's `serial`. */
  readonly serial?: Play['serial'];
  /** Variables of the command's environment that differ from host to host; never templates. */
  readonly hostEnvironment?: (host: string) => Readonly<Record<string, string>>;
}

/** A plan of one task on the hosts of a pattern, without facts. */
export function compileAdHoc(request: AdHocRequest): { readonly plan?: Plan; readonly problems: readonly Problem[] } {
  const compiler = makeCompiler(request, compileTasks);
  const context = emptyContext();
  const fields = fieldsOf(request);
  const call: ActionCall | undefined = findAction(compiler, fields, 'task');
  const task = call ? compileTask(compiler, context, fields, call) : undefined;
  const hosts = hostsOf(compiler, context, {
    pattern: { text: request.pattern, raw: textValue(request.pattern), at: AT },
    order: 'inventory',
  });
  const problems = compiler.problems.all.map(withoutPlace);
  if (!task || problems.some(({ level }) => level === 'error')) return { problems };
  const play: Play = {
    id: '1',
    name: request.name ?? request.module,
    hosts,
    strategy: 'free',
    serial: request.serial ?? [],
    anyErrorsFatal: false,
    nodes: [withEnvironment(withoutAt(task), request.hostEnvironment)],
    handlers: [],
    forceHandlers: false,
    ignoreUnreachable: false,
  };
  const target = targetOf(compiler, () => ({ keywords: context.keywords, chain: chainOf(context) }));
  return { plan: { plays: [play], target }, problems };
}

const AT: Position = { file: '', line: 1, column: 1 };

function withoutPlace({ at: _at, source: _source, ...problem }: Problem): Problem {
  return problem;
}

/** The command line has no lines. Properties that are computed when asked for stay so. */
function withoutAt<T extends object>(task: T): T {
  const properties = Object.getOwnPropertyDescriptors(task) as Record<string, PropertyDescriptor>;
  delete properties.at;
  properties.id = { value: 'exec', enumerable: true };
  return Object.defineProperties({}, properties) as T;
}

function withEnvironment(task: Task, ofHost: AdHocRequest['hostEnvironment']): Task {
  if (!ofHost) return task;
  const given = task.environment;
  const value: Task['environment'] = (scope) => ({ ...given(scope), ...ofHost(scope.host) });
  return Object.defineProperty(task, 'environment', { value, enumerable: true, configurable: true, writable: true });
}

function emptyContext(): Context {
  const vars = { id: '1', name: '', vars: {}, files: [], roles: [], dir: '.' };
  return {
    play: { vars, handlers: [], notified: [], placed: new Map(), handlersOpen: false },
    keywords: new Map(),
    when: [],
    tags: [],
    environment: [],
    moduleDefaults: [],
    blocks: [],
    params: [],
    file: '',
    dir: '.',
    stack: [],
    handler: false,
    guarded: true,
  };
}

function fieldsOf(request: AdHocRequest): Fields {
  const { module, args, name, timeout, environment, ignoreErrors, noLog } = request;
  const given: readonly (readonly [string, Json | undefined])[] = [
    ['name', name],
    [module, args === '' ? null : args],
    ['timeout', timeout],
    ['environment', environment],
    ['ignore_errors', ignoreErrors],
    ['no_log', noLog],
  ];
  const entries = given.flatMap(([key, value]) =>
    value === undefined ? [] : [{ key: scalar(key), value: nodeOf(value) }],
  );
  return new Fields({ kind: 'mapping', at: AT, entries });
}

function scalar(value: string | number | boolean | null): YamlNode & { readonly kind: 'scalar' } {
  return {
    kind: 'scalar',
    at: AT,
    value,
    source: value === null ? '' : String(value),
    quoted: typeof value === 'string',
  };
}

function nodeOf(value: Json): YamlNode {
  if (Array.isArray(value)) return { kind: 'sequence', at: AT, items: value.map(nodeOf) };
  if (value === null || typeof value !== 'object') return scalar(value as string | number | boolean | null);
  const entries = Object.entries(value).map(([key, item]) => ({ key: scalar(key), value: nodeOf(item) }));
  return { kind: 'mapping', at: AT, entries };
}

function textValue(text: string): Value {
  return isTemplate(text) ? new TemplateText(text) : text;
}
