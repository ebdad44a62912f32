import type { Condition } from '../model/plan.ts';
import type { JsonObject, Vars } from '../model/value.ts';
import { attempt, caught } from './attempt.ts';
import { scopeOf } from './context.ts';
import { failureOf } from './failure.ts';
import { failedItem, type ItemEnd, registered, skippedItem } from './item.ts';
import type { ItemRun } from './loop-vars.ts';
import { evaluate, type TaskContext } from './task-context.ts';
import { firstFalse, skipData } from './when.ts';

/** What Ansible takes where `until` stands alone. */
const DEFAULT_RETRIES = { retries: 3, delay: 5 };

/** A task without a loop, or one item of it: conditions, attempts until it is as wanted, `changed_when`, `failed_when`. Never throws. */
export async function runItem(context: TaskContext, item: ItemRun): Promise<ItemEnd> {
  const { host, task } = context;
  const { local } = item;
  try {
    const untrue = await firstFalse(host, { task, local });
    if (untrue) return skippedItem('the condition does not hold', skipData(untrue));
    const end = task.until || task.retries ? await untilDone(context, item) : await judged(context, item);
    return withNotify(context, local, end);
  } catch (error) {
    return caught(error);
  }
}

async function untilDone(context: TaskContext, item: ItemRun): Promise<ItemEnd> {
  const { host, task, ref } = context;
  const { local } = item;
  const bounds = task.retries?.(scopeOf(host, task, local)) ?? DEFAULT_RETRIES;
  const retries = Math.max(0, bounds.retries);
  for (let number = 1; ; number++) {
    const end = await judged(context, item, number);
    if (!mayRetry(end) || end.unsettled || (await satisfied(context, local, end))) return end;
    // A change that check mode left out may be what is waited for: waiting would only cost time.
    if (number > retries || missing(context) !== undefined) {
      return outOfTries(context, end, number - 1);
    }
    host.run.emit({ type: 'task-retried', host: host.host, task: ref, attempt: number, retries });
    await host.run.sleep((bounds.delay < 0 ? 1 : bounds.delay) * 1000);
    if (host.run.draining) return failedItem({ kind: 'cancelled', cause: 'stopped between two attempts' });
  }
}

/** What was skipped is settled; a lost line is never retried, because what came of the attempt is not known. */
function mayRetry(end: ItemEnd): boolean {
  return end.outcome === 'ok' || end.outcome === 'changed' || end.outcome === 'failed';
}

async function satisfied(context: TaskContext, local: Vars, end: ItemEnd): Promise<boolean> {
  const { until } = context.task;
  if (!until) return end.outcome !== 'failed';
  return allHold(context, until.conditions, resultScope(context, local, end));
}

/** In a run that only plans: the task whose change may be what is waited for. */
function missing({ host }: TaskContext): string | undefined {
  return host.run.request.check ? host.ledger.lastChange() : undefined;
}

function outOfTries(context: TaskContext, end: ItemEnd, attempts: number): ItemEnd {
  const by = missing(context);
  if (by !== undefined) {
    return { ...end, outcome: 'pending', changed: false, message: `known only after: ${by}`, unsettled: 'unknown' };
  }
  const last = end.failure?.cause ?? end.message;
  const cause = `not as wanted after ${attempts + 1} attempts${last === undefined ? '' : `: ${last}`}`;
  const remedy = end.failure?.remedy === undefined ? {} : { remedy: end.failure.remedy };
  const data = { ...end.data, attempts };
  return { ...end, outcome: 'failed', data, failure: { kind: end.failure?.kind ?? 'task', cause, ...remedy } };
}

/** One attempt, and what `changed_when` and `failed_when` make of it. */
async function judged(context: TaskContext, item: ItemRun, number?: number): Promise<ItemEnd> {
  const { task } = context;
  const { local } = item;
  const raw = await attempt(context, item);
  const end = number !== undefined && task.until ? { ...raw, data: { ...raw.data, attempts: number } } : raw;
  if (end.outcome !== 'ok' && end.outcome !== 'changed' && end.outcome !== 'failed') return end;
  if (end.failure && end.failure.kind !== 'task') return end;
  const afterChanged = await changedWhen(context, local, end);
  return failedWhen(context, local, afterChanged);
}

async function changedWhen(context: TaskContext, local: Vars, end: ItemEnd): Promise<ItemEnd> {
  const { changedWhen: conditions } = context.task;
  if (!conditions || conditions.length === 0) return end;
  try {
    const changed = await allHold(context, conditions, resultScope(context, local, end));
    return { ...end, changed, outcome: end.outcome === 'failed' ? 'failed' : changed ? 'changed' : 'ok' };
  } catch (error) {
    return brokenCondition(end, { error, name: 'changed_when_result' });
  }
}

async function failedWhen(context: TaskContext, local: Vars, end: ItemEnd): Promise<ItemEnd> {
  const { failedWhen: conditions } = context.task;
  if (!conditions || conditions.length === 0 || 'changed_when_result' in end.data) return end;
  try {
    const failed = await allHold(context, conditions, resultScope(context, local, end));
    const { failure, ...rest } = end;
    const data: JsonObject = { ...end.data, failed_when_result: failed };
    if (!failed) return { ...rest, data, outcome: end.changed ? 'changed' : 'ok' };
    const text = conditions.map((condition) => condition.text).join(' and ');
    return {
      ...rest,
      data,
      outcome: 'failed',
      failure: failure ?? { kind: 'task', cause: `failed_when holds: ${text}` },
    };
  } catch (error) {
    return brokenCondition(end, { error, name: 'failed_when_result' });
  }
}

function brokenCondition(end: ItemEnd, broken: { error: unknown; name: string }): ItemEnd {
  const thrown = caught(broken.error);
  if (thrown.outcome === 'pending') return { ...thrown, data: end.data };
  const failure = failureOf(broken.error);
  if (end.unsettled && failure.kind === 'template') {
    const message = `${failure.cause}; known only when the task has run`;
    return { ...end, outcome: 'pending', changed: false, message, unsettled: 'unknown' };
  }
  return { ...end, outcome: 'failed', failure, data: { ...end.data, [broken.name]: failure.cause } };
}

/** The result stands under its `register` name while it is judged, as in Ansible. */
function resultScope(context: TaskContext, local: Vars, end: ItemEnd): Vars {
  const { register } = context.task;
  return register === undefined ? local : { ...local, [register]: registered(end) };
}

async function allHold(context: TaskContext, conditions: readonly Condition[], local: Vars): Promise<boolean> {
  const { host, task } = context;
  for (const condition of conditions) {
    if (!(await evaluate(host, { task, local }, (scope) => condition.holds(scope)))) return false;
  }
  return true;
}

async function withNotify(context: TaskContext, local: Vars, end: ItemEnd): Promise<ItemEnd> {
  if (end.outcome === 'skipped' || end.outcome === 'pending') return end;
  const { host, task } = context;
  return { ...end, notify: await evaluate(host, { task, local }, (scope) => task.notify(scope)) };
}
