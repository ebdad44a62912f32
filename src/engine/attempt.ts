import type { Failure } from '../model/event.ts';
import type { ActionResult } from '../model/module.ts';
import type { TaskArgs } from '../model/plan.ts';
import type { Vars } from '../model/value.ts';
import { scopeOf } from './context.ts';
import { failureOf } from './failure.ts';
import { failedItem, type ItemEnd, NOTHING } from './item.ts';
import { Pending } from './ledger.ts';
import type { ItemRun } from './loop-vars.ts';
import { runModule } from './module-task.ts';
import { evaluate, type TaskContext } from './task-context.ts';

/** One attempt at a task, with its loop item bound. Never throws: a failure, a bug too, is in the result. */
export async function attempt(given: TaskContext, item: ItemRun): Promise<ItemEnd> {
  const { local } = item;
  try {
    const context = await withCheckMode(given, local);
    const { task } = context;
    const args = await evaluate(context.host, { task, local }, (scope) => task.args(scope));
    return task.run.kind === 'action' ? runAction(context, args, local) : await runModule(context, { args, item });
  } catch (error) {
    return caught(error);
  }
}

/** `check_mode` of the task, which may name the item. @throws KprepError `template`: then nothing is done at all. */
async function withCheckMode(context: TaskContext, local: Vars): Promise<TaskContext> {
  const { task, host } = context;
  if (!task.checkMode) return context;
  const check = await evaluate(host, { task, local }, (scope) => task.checkMode?.(scope) ?? context.check);
  return check === context.check ? context : { ...context, check, planning: check && host.run.request.check };
}

/** A thrown value as a result: pending where check mode may be the cause. */
export function caught(error: unknown): ItemEnd {
  if (error instanceof Pending) return pendingItem(error);
  return failedItem(failureOf(error));
}

function pendingItem(pending: Pending): ItemEnd {
  const touches = pending.touches ? { touches: pending.touches } : {};
  return { ...NOTHING, outcome: 'pending', message: pending.message, unsettled: 'unknown', ...touches };
}

function runAction(context: TaskContext, { args, all }: TaskArgs, local: Vars): ItemEnd {
  const { task, host } = context;
  if (task.run.kind !== 'action') throw new TypeError('an action is wanted');
  const wrong = task.run.validate?.(args);
  if (wrong !== undefined) return failedItem({ kind: 'task', cause: wrong });
  const { verbosity } = host.run.request;
  return itemOfAction(
    task.run.run(args, all, { host: scopeOf(host, task, local).host, check: context.check, verbosity }),
  );
}

function itemOfAction(end: ActionResult): ItemEnd {
  const failure: Failure | undefined = end.failed === undefined ? undefined : { kind: 'task', cause: end.failed };
  const outcome = failure ? 'failed' : end.skipped !== undefined ? 'skipped' : end.changed ? 'changed' : 'ok';
  return {
    ...NOTHING,
    outcome,
    changed: end.changed ?? false,
    data: end.result ?? {},
    ...(end.skipped === undefined ? {} : { message: end.skipped }),
    ...(failure ? { failure } : {}),
    ...(end.show === undefined ? {} : { show: end.show }),
    ...(end.facts ? { facts: end.facts } : {}),
    ...(end.effect ? { effect: end.effect } : {}),
  };
}
