import type { AnyAction, AnyModule } from '../model/module.ts';
import type { Condition, Evaluate, Task } from '../model/plan.ts';
import { isMapping, type Value } from '../model/value.ts';
import { toValue } from '../model/yaml-value.ts';
import { KprepError } from '../shared/errors.ts';
import type { YamlNode } from '../shared/yaml/node.ts';
import { type ActionCall, shortName } from './action.ts';
import { argsOf } from './args.ts';
import type { Compiler } from './compiler.ts';
import { conditionsOf } from './conditions.ts';
import type { Context } from './context.ts';
import { type Fields, itemsOf } from './fields.ts';
import { includeVarsAction } from './include-vars.ts';
import { inherit } from './inherit.ts';
import { needsOf } from './needs.ts';
import { checkArgs } from './static-args.ts';
import { identityOf } from './target.ts';
import { inheritedBool, isBarrier, type Making, makeSite, staticValue, taskBase } from './task-base.ts';
import { nodeValue, textOf, typed } from './typed.ts';
import { isWritten } from './vars/evaluate.ts';

/** A task of a module or action. Undefined where a problem leaves nothing to run. */
export function compileTask(compiler: Compiler, outer: Context, fields: Fields, call: ActionCall): Task | undefined {
  const context = inherit(compiler, outer, fields);
  const making: Making = { compiler, fields, context, site: makeSite(context) };
  const runner = runnerOf(making, call);
  if (!runner) return undefined;
  const base = taskBase(making, call.written);
  const reach = needsOf(compiler, making.site.uses);
  const task: Task = {
    ...base,
    kind: 'task',
    ...runner,
    ...register(making),
    ...results(making),
    ...timing(making),
    notify: notifyOf(making),
    listen: listenOf(making),
    identity: identityOf(compiler, context, making.site.chain),
    environment: environmentOf(making),
    ...modes(making),
    ...delegation(making, call),
    get barrier(): boolean {
      return call.local || isBarrier(making, base, reach);
    },
    get needs(): ReadonlySet<string> | undefined {
      return reach().needs;
    },
  };
  compiler.contexts.set(task, context);
  compiler.names.tasks.push({ uses: making.site.uses, guarded: context.guarded });
  noteFacts(compiler, call, task.run);
  return task;
}

function runnerOf(making: Making, call: ActionCall): Pick<Task, 'run' | 'args'> | undefined {
  const { compiler, site } = making;
  if (call.name === 'include_vars') return includeVarsAction(compiler, call, site);
  const module = compiler.settings.registry.get(call.name);
  if (!module) return undefined;
  const defaults = defaultsFor(making, call.name);
  const given = new Set(defaults.flatMap((value) => (isMapping(value) ? Object.keys(value) : [])));
  checkArgs(compiler, call, module, given);
  return { run: module, args: argsOf(compiler, call, { module, defaults, site }) };
}

/** `module_defaults` that name this module, the outermost first. */
function defaultsFor({ compiler, context }: Making, name: string): Value[] {
  return context.moduleDefaults.flatMap((node) => {
    if (node.kind !== 'mapping') {
      compiler.problems.error('module_defaults takes a mapping of modules to arguments', node.at);
      return [];
    }
    return node.entries.flatMap(({ key, value }) => {
      const module = String(key.value);
      if (module.startsWith('group/')) compiler.problems.error('groups of modules are not supported here', key.at);
      return shortName(compiler, module) === name ? [toValue(value)] : [];
    });
  });
}

const NAME = /^[A-Za-z_]\w*$/;

function register({ compiler, fields }: Making): Pick<Task, 'register'> {
  const node = fields.get('register');
  if (!node) return {};
  const name = toValue(node);
  if (typeof name !== 'string' || !NAME.test(name)) {
    compiler.problems.error('register takes the name of a variable', node.at);
    return {};
  }
  compiler.names.runtime.add(name);
  return { register: name };
}

function results(making: Making): Pick<Task, 'changedWhen' | 'failedWhen' | 'until'> {
  const of = (keyword: string): Condition[] | undefined => {
    const node = making.fields.get(keyword);
    return node ? conditionsOf(making.compiler, node, making.site) : undefined;
  };
  const [changedWhen, failedWhen, until] = [of('changed_when'), of('failed_when'), of('until')];
  return {
    ...(changedWhen ? { changedWhen } : {}),
    ...(failedWhen ? { failedWhen } : {}),
    ...(until ? { until: { conditions: until } } : {}),
  };
}

/** Ansible's defaults: 3 retries, 5 seconds apart, polled every 15. */
function timing(making: Making): Pick<Task, 'retries' | 'async' | 'timeout' | 'throttle'> {
  const { fields, context } = making;
  const number = (keyword: string, fallback: number, node = fields.get(keyword)): Evaluate<number> =>
    node ? typed(making.compiler, node, { keyword, type: 'float', fallback, site: making.site }) : () => fallback;
  const retries = number('retries', 3);
  const delay = number('delay', 5);
  const seconds = number('async', 0);
  const poll = number('poll', 15);
  const timeout = context.keywords.get('timeout');
  const limit = timeout ? number('timeout', 0, timeout) : undefined;
  const throttle = staticNumber(making, 'throttle');
  const repeats = fields.has('until') || fields.has('retries');
  return {
    ...(repeats
      ? { retries: (scope) => ({ retries: Math.max(0, retries(scope)), delay: Math.max(0, delay(scope)) }) }
      : {}),
    ...(isAsync(fields) ? { async: (scope) => ({ seconds: seconds(scope), poll: poll(scope) }) } : {}),
    ...(limit ? { timeout: limit } : {}),
    ...(throttle > 0 ? { throttle } : {}),
  };
}

function isAsync(fields: Fields): boolean {
  const node = fields.get('async');
  const value = node ? toValue(node) : null;
  return value !== null && value !== 0 && value !== '0';
}

function staticNumber({ compiler, context }: Making, keyword: string): number {
  const node = context.keywords.get(keyword);
  if (!node) return 0;
  return Number(staticValue(compiler, context, { keyword, raw: toValue(node), at: node.at }) ?? 0);
}

function notifyOf(making: Making): Task['notify'] {
  const { compiler, context, site } = making;
  const nodes = itemsOf(context.keywords.get('notify'));
  for (const node of nodes) {
    const name = toValue(node);
    if (typeof name === 'string') context.play.notified.push({ name, node });
  }
  const values = nodes.map((node) => nodeValue(compiler, node, site));
  return (scope) =>
    values
      .map((value) => value(scope))
      .flat(2)
      .map(textOf);
}

/** A role's handler also answers to `role : name`. */
function listenOf({ fields, context }: Making): readonly string[] {
  const topics = itemsOf(fields.get('listen')).map((node) => (node.kind === 'scalar' ? String(node.value) : ''));
  const name = fields.text('name');
  return context.handler && context.role && name ? [...topics, `${context.role.name} : ${name}`] : topics;
}

function environmentOf(making: Making): Task['environment'] {
  const layers = making.context.environment.map((node) => nodeValue(making.compiler, node, making.site));
  return (scope) => Object.assign({}, ...layers.map((layer) => namesAndTexts(layer(scope)))) as Record<string, string>;
}

function namesAndTexts(value: Value): Record<string, string> {
  if (value === null || value === '') return {};
  if (!isMapping(value)) throw new KprepError('task', 'environment takes a mapping of names to values');
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, item === null ? '' : textOf(item)]));
}

function modes(making: Making): Pick<Task, 'checkMode' | 'diff'> {
  const has = (keyword: string) => making.context.keywords.has(keyword);
  return {
    ...(has('check_mode') ? { checkMode: inheritedBool(making, 'check_mode') } : {}),
    ...(has('diff') ? { diff: inheritedBool(making, 'diff') } : {}),
  };
}

function delegation(making: Making, call: ActionCall): Pick<Task, 'delegateTo' | 'delegateFacts'> {
  const { compiler, context, site } = making;
  const node: YamlNode | undefined = context.keywords.get('delegate_to');
  const delegateFacts = context.keywords.has('delegate_facts')
    ? staticValue(compiler, context, delegateFactsNode(context)) === true
    : false;
  if (call.local) return { delegateTo: () => 'localhost', delegateFacts };
  if (!node) return { delegateFacts };
  const value = nodeValue(compiler, node, site);
  return { delegateTo: (scope) => textOf(value(scope)), delegateFacts };
}

function delegateFactsNode(context: Context): Parameters<typeof staticValue>[2] {
  const node = context.keywords.get('delegate_facts');
  return { keyword: 'delegate_facts', raw: node ? toValue(node) : null, at: node?.at };
}

/** Names that this task defines for later ones. */
function noteFacts(compiler: Compiler, call: ActionCall, run: AnyModule | AnyAction): void {
  if (call.name === 'add_host' || run.name === 'add_host') {
    compiler.names.makesGroups = true;
    for (const { name } of call.args) compiler.names.fixed.add(name);
    if (call.whole) compiler.names.open = true;
  }
  if (run.name === 'group_by') compiler.names.makesGroups = true;
  if (run.name !== 'set_fact') return;
  if (call.whole) compiler.names.open = true;
  for (const arg of call.args) {
    if (isWritten(arg.name)) compiler.names.open = true;
    compiler.names.runtime.add(arg.name);
    if (arg.name.includes('{{')) compiler.names.open = true;
  }
}
