import { plain } from '../model/coerce.ts';
import type { Loop } from '../model/plan.ts';
import type { Json, JsonObject, Value, Vars } from '../model/value.ts';
import { caught } from './attempt.ts';
import { scopeOf } from './context.ts';
import { applyItem } from './effects.ts';
import { censored, resultOf } from './event-result.ts';
import { guarded } from './guarded.ts';
import { type ItemEnd, NOTHING, registered, skippedItem } from './item.ts';
import { itemVars } from './loop-vars.ts';
import { runItem } from './retries.ts';
import { evaluate, type TaskContext } from './task-context.ts';
import { firstFalse, skipData } from './when.ts';

/** A task's end with the ends of its items, if it has a loop. */
export interface TaskEnd {
  readonly end: ItemEnd;
  readonly items?: readonly ItemEnd[];
}

/** Runs the task's module once, or for each item of its loop; all items are run, even after a failed one, as in Ansible. */
export async function runItems(context: TaskContext): Promise<TaskEnd> {
  const { loop } = context.task;
  if (!loop) {
    const end = await runItem(context, { local: {} });
    return { end: await applyItem(context, end) };
  }
  const items = await itemsOf(context, loop);
  if (!Array.isArray(items)) return { end: items as ItemEnd };
  if (items.length === 0) {
    return { end: skippedItem('no items in the list', { skipped_reason: 'No items in the list', results: [] }) };
  }
  return loopOver(context, loop, items as readonly Value[]);
}

/** The items; or the end of the task, where they cannot be told. A condition that does not hold comes before a bad list, as in Ansible. */
async function itemsOf(context: TaskContext, loop: Loop): Promise<readonly Value[] | ItemEnd> {
  const { host, task } = context;
  try {
    return await evaluate(host, { task, local: {} }, (scope) => loop.items(scope));
  } catch (error) {
    try {
      const untrue = await firstFalse(host, { task, local: {} });
      if (untrue) return skippedItem('the condition does not hold', skipData(untrue));
    } catch {
      // The list's own error is the one to tell.
    }
    return caught(error);
  }
}

async function loopOver(context: TaskContext, loop: Loop, items: readonly Value[]): Promise<TaskEnd> {
  const { host, task } = context;
  const ends: ItemEnd[] = [];
  const results: JsonObject[] = [];
  for (const [index, item] of items.entries()) {
    if (index > 0 && loop.pause > 0) await host.run.sleep(loop.pause * 1000);
    const startedAt = host.run.request.clock.now();
    const local = itemVars(loop, items, index);
    const end = await applyItem(context, await runItem(context, { local, index }));
    ends.push(end);
    const result = { ...registered(end), ...itemData(loop, local, item) };
    results.push(result);
    // What an item registers is seen by the items after it, as in Ansible.
    if (task.register !== undefined) host.runtime.setVariables({ [task.register]: result });
    emitItem(context, { end, label: labelOf(context, loop, local), ms: host.run.request.clock.now() - startedAt });
    if (isOver(end)) break;
  }
  return { end: combined(ends, results), items: ends };
}

function itemData(loop: Loop, local: Vars, item: Value): JsonObject {
  const rest = Object.entries(local).map(([name, value]) => [name, plain(value)] as const);
  return { ...Object.fromEntries(rest), [loop.variable]: plain(item) };
}

function labelOf(context: TaskContext, loop: Loop, local: Vars): Json {
  const label = guarded(() => loop.label?.(scopeOf(context.host, context.task, local)), undefined);
  return label ?? plain(local[loop.variable]);
}

function emitItem(
  context: TaskContext,
  item: { readonly end: ItemEnd; readonly label: Json; readonly ms: number },
): void {
  const result = resultOf(item.end, { ms: item.ms, ignored: false, rescued: false });
  context.host.run.emit({
    type: 'item-finished',
    host: context.host.host,
    task: context.ref,
    item: context.noLog ? null : item.label,
    result: context.noLog ? censored(result) : result,
  });
}

/** After these no further item can be tried on this host. */
function isOver(end: ItemEnd): boolean {
  return end.outcome === 'unreachable' || end.outcome === 'unknown' || end.outcome === 'cancelled';
}

const GRAVITY = ['unknown', 'unreachable', 'cancelled', 'failed', 'pending', 'changed', 'ok', 'skipped'] as const;

function combined(ends: readonly ItemEnd[], results: readonly JsonObject[]): ItemEnd {
  const outcome = GRAVITY.find((one) => ends.some((end) => end.outcome === one)) ?? 'ok';
  const failure = ends.find((end) => end.outcome === outcome && end.failure)?.failure;
  const unsettled = ends.find((end) => end.unsettled === 'unknown') ?? ends.find((end) => end.unsettled);
  const touches = ends.some((end) => end.touches === 'anything')
    ? ('anything' as const)
    : ends.flatMap((end) => (Array.isArray(end.touches) ? end.touches : []));
  return {
    ...NOTHING,
    outcome,
    changed: ends.some((end) => end.changed),
    data: { results, msg: messageOf(ends) },
    changes: ends.flatMap((end) => end.changes),
    warnings: ends.flatMap((end) => end.warnings),
    notify: [...new Set(ends.flatMap((end) => end.notify ?? []))],
    touches,
    ...(failure ? { failure } : {}),
    ...(unsettled?.unsettled ? { unsettled: unsettled.unsettled } : {}),
    ...(outcome === 'pending' ? { message: ends.find((end) => end.outcome === 'pending')?.message ?? '' } : {}),
  };
}

function messageOf(ends: readonly ItemEnd[]): string {
  if (ends.some((end) => end.failure)) return 'One or more items failed';
  return ends.every((end) => end.outcome === 'skipped') ? 'All items skipped' : 'All items completed';
}
