import type { TaskRef } from '../model/event.ts';
import type { Include, Scope, Task } from '../model/plan.ts';
import type { Vars } from '../model/value.ts';
import { KprepError } from '../shared/errors.ts';
import { type HostContext, scopeOf } from './context.ts';
import { failureOf } from './failure.ts';
import { Pending } from './ledger.ts';
import type { Place } from './place.ts';
import type { Ahead } from './walk.ts';

/** One task on one host, while it runs. */
export interface TaskContext {
  readonly host: HostContext;
  readonly task: Task;
  readonly ref: TaskRef;
  readonly place: Place;
  /** Plan only: by the run, or by the task's `check_mode`. */
  readonly check: boolean;
  /** Plan only in a run that plans only: what is planned is missing later on. */
  readonly planning: boolean;
  readonly diff: boolean;
  readonly noLog: boolean;
  /** Waits, where the strategy wants it, until all hosts are past the tasks before this one. */
  readonly barrier: () => Promise<void>;
  /** Sends reads of coming tasks behind the frame that is under way. */
  readonly ahead: Ahead;
  /** Milliseconds that were spent waiting for a slot. */
  readonly waited: { ms: number };
}

export function refOf(host: HostContext, task: Task | Include, handler: boolean): TaskRef {
  const { play } = host.playRun;
  return {
    play: play.id,
    task: task.id,
    name: task.label(scopeOf(host, task, {})),
    module: task.kind === 'task' ? task.run.name : 'include_tasks',
    ...(task.role === undefined ? {} : { role: task.role }),
    ...(handler ? { handler: true } : {}),
    ...(task.at ? { at: `${task.at.file}:${task.at.line}` } : {}),
  };
}

/**
 * Evaluates something of a task. In check mode a value that was made from a result which check mode does not have, or a
 * failure that such a result may have caused, becomes `Pending`.
 */
export async function evaluate<T>(
  host: HostContext,
  options: { readonly task: Task | Include; readonly local: Vars },
  work: (scope: Scope) => T | Promise<T>,
): Promise<T> {
  const { task, local } = options;
  const scope = scopeOf(host, task, local);
  if (!host.run.request.check) return work(scope);
  const watch = host.ledger.watch(host.runtime, task.kind === 'task' ? task : undefined);
  try {
    const value = await work({ ...scope, runtime: watch.runtime });
    const by = watch.seen();
    if (by !== undefined) throw new Pending(by);
    return value;
  } catch (error) {
    if (error instanceof Pending || !(error instanceof KprepError) || error.kind !== 'template') throw error;
    const by = watch.blame();
    if (by !== undefined) throw new Pending(by, { why: failureOf(error).cause });
    throw error;
  }
}
