import type { Effect } from '../model/module.ts';
import { isMapping, type JsonObject, type Value, type Vars } from '../model/value.ts';
import { KprepError } from '../shared/errors.ts';
import { sh } from '../shared/sh.ts';
import { scopeOf } from './context.ts';
import { failureOf } from './failure.ts';
import { failedItem, type ItemEnd } from './item.ts';
import { openSite, workplace } from './place-of-work.ts';
import type { TaskContext } from './task-context.ts';

/**
 * Makes what an item came to known to the run: variables, facts, new hosts and groups, waiting. What ends a host, batch
 * or play stays in the result for the walk. Never throws.
 */
export async function applyItem(context: TaskContext, end: ItemEnd): Promise<ItemEnd> {
  if (end.outcome !== 'ok' && end.outcome !== 'changed') return end;
  try {
    setFacts(context, end);
    return end.effect ? await applyEffect(context, end, end.effect) : end;
  } catch (error) {
    return failedItem(failureOf(error));
  }
}

function setFacts(context: TaskContext, end: ItemEnd): void {
  const { task, host } = context;
  const found = end.data.ansible_facts;
  const facts = isMapping(found) && task.run.kind === 'module' && end.unsettled === undefined ? found : undefined;
  if (!facts && !end.facts) return;
  for (const name of factHosts(context)) {
    const runtime = host.run.world.runtimeOf(name);
    if (facts) runtime.setFacts(facts as Vars);
    if (!end.facts) continue;
    if (task.run.name === 'include_vars') runtime.setIncludeVars(end.facts);
    else runtime.setVariables(end.facts);
    for (const variable of Object.keys(end.facts)) host.run.ledgerOf(name).settle(variable);
  }
}

/** Whose facts they are: the delegate's, all hosts' after `run_once`, or the host's own. */
function factHosts(context: TaskContext): readonly string[] {
  const { task, host } = context;
  if (task.delegateFacts && task.delegateTo) return [task.delegateTo(scopeOf(host, task, {}))];
  return sharedHosts(context);
}

/** Hosts that get what a task registers. */
function sharedHosts(context: TaskContext): readonly string[] {
  const { task, host } = context;
  const all = task.runOnce && host.playRun.play.strategy === 'linear';
  return all ? host.playRun.hosts.filter((name) => !host.run.gone.has(name)) : [host.host];
}

async function applyEffect(context: TaskContext, end: ItemEnd, effect: Effect): Promise<ItemEnd> {
  const { run, host } = context.host;
  switch (effect.kind) {
    case 'add_host':
      return withChanged(end, run.world.addHost(effect.name, effect.groups, effect.vars));
    case 'group_by':
      return withChanged(end, run.world.groupBy(host, effect.group, effect.parents));
    case 'reset_connection':
      await run.links.reset(host);
      return end;
    case 'refresh_inventory':
      run.warn('refresh_inventory: the inventory is read once, at the start');
      return end;
    case 'pause':
      return pause(context, end, effect);
    case 'wait_for_connection':
      return waitForConnection(context, end, effect);
    default:
      return end;
  }
}

function withChanged(end: ItemEnd, changed: boolean): ItemEnd {
  return { ...end, changed, outcome: changed ? 'changed' : 'ok' };
}

async function pause(context: TaskContext, end: ItemEnd, effect: Extract<Effect, { kind: 'pause' }>): Promise<ItemEnd> {
  const { run } = context.host;
  const { clock, prompt, drain } = run.request;
  const startedAt = clock.now();
  let said = '';
  if (effect.seconds !== undefined) {
    if (!context.check) await run.sleep(effect.seconds * 1000);
  } else if (prompt) {
    said = await prompt(effect.prompt ?? 'Press enter to continue', { echo: effect.echo, signal: drain });
    if (!effect.echo) run.request.secrets.add(said);
  } else {
    run.warn('pause: there is nobody to ask, going on');
  }
  if (run.draining) return failedItem({ kind: 'cancelled', cause: 'stopped during a pause' });
  const seconds = Math.round((clock.now() - startedAt) / 1000);
  const data: JsonObject = {
    delta: seconds,
    echo: effect.echo,
    user_input: said,
    rc: 0,
    stdout: `Paused for ${seconds} seconds`,
  };
  return { ...end, data: { ...end.data, ...data } };
}

/** Dials anew until a shell answers. */
async function waitForConnection(
  context: TaskContext,
  end: ItemEnd,
  effect: Extract<Effect, { kind: 'wait_for_connection' }>,
): Promise<ItemEnd> {
  const { run } = context.host;
  const { clock } = run.request;
  const startedAt = clock.now();
  if (context.check) return end;
  await run.sleep(effect.delay * 1000);
  for (;;) {
    if (run.draining) return failedItem({ kind: 'cancelled', cause: 'stopped while it waited for the connection' });
    const failure = await answers(context);
    const elapsed = Math.round((clock.now() - startedAt) / 1000);
    if (failure === undefined) return { ...end, data: { ...end.data, elapsed } };
    if (clock.now() - startedAt >= effect.timeout * 1000) {
      const cause = `no connection within ${effect.timeout} s: ${failure}`;
      return { ...failedItem({ kind: 'task', cause }), data: { elapsed } };
    }
    await run.sleep(effect.sleep * 1000);
  }
}

/** Undefined, or in words why there is no answer. */
async function answers(context: TaskContext): Promise<string | undefined> {
  const { host, task } = context;
  const at = workplace(host, task, {});
  await host.run.links.reset(at.on);
  try {
    await host.run.slots(async () => {
      const { site } = await openSite(host, { task, local: {}, at });
      await site.shell.run({ script: sh`:`, environment: 'engine', killable: true });
    });
    return undefined;
  } catch (error) {
    if (!(error instanceof KprepError)) throw error;
    return error.message;
  }
}

/** `register` and what check mode knows of it. */
export function register(context: TaskContext, values: Readonly<Record<string, Value>>): void {
  for (const name of sharedHosts(context)) context.host.run.world.runtimeOf(name).setVariables(values);
}
