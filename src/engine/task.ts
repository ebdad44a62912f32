import type { Task } from '../model/plan.ts';
import { type OnceEnd, scopeOf } from './context.ts';
import { register } from './effects.ts';
import { censored, resultOf } from './event-result.ts';
import { failureOf } from './failure.ts';
import { type Flow, NEXT } from './flow.ts';
import { guarded } from './guarded.ts';
import { failedItem, type ItemEnd, registered } from './item.ts';
import { runItems, type TaskEnd } from './loop.ts';
import { noteFailure } from './losses.ts';
import { refOf, type TaskContext } from './task-context.ts';
import type { Meeting, Walk } from './walk.ts';

/** Runs one task on one host and makes its result known. Never throws. */
export async function runTask(walk: Walk, task: Task, meeting: Meeting): Promise<Flow> {
  const once = await walk.turns.once(task, meeting.place);
  if (once && once.leader !== walk.context.host) return follow(walk, task, await once.end);
  let end: OnceEnd = {};
  try {
    const done = await execute(walk, task, meeting);
    end = done.once;
    return done.flow;
  } finally {
    once?.settle(end);
  }
}

/** What another host's `run_once` came to holds for this host too; it has its own fate only in failing with it. */
function follow(walk: Walk, task: Task, end: OnceEnd): Flow {
  if (end.left) return { kind: 'left', outcome: 'cancelled', failure: end.left };
  if (!end.failure) return NEXT;
  return {
    kind: 'failed',
    failure: end.failure,
    task: task.label(scopeOf(walk.context, task, {})),
    result: end.registered ?? {},
  };
}

async function execute(walk: Walk, task: Task, meeting: Meeting): Promise<{ flow: Flow; once: OnceEnd }> {
  const context = contextOf(walk, task, meeting);
  const { run, host } = context.host;
  const startedAt = run.request.clock.now();
  run.emit({ type: 'task-started', host, task: context.ref });
  const done = await ended(walk, context);
  const end = withHandlers(walk, context, done);
  const ignored = isIgnored(walk, context, end);
  keep(context, end);
  const rescued = end.outcome === 'failed' && !ignored && meeting.rescuable;
  const ms = Math.max(0, run.request.clock.now() - startedAt - context.waited.ms);
  const result = resultOf(end, { ms, ignored, rescued, ...(done.items ? { items: done.items.length } : {}) });
  run.emit({ type: 'task-finished', host, task: context.ref, result: context.noLog ? censored(result) : result });
  const flow = flowOf(context, end, ignored);
  note(context, flow, meeting.rescuable);
  return {
    flow: flow.kind === 'next' && end.effect ? await walk.take(end.effect, meeting.place) : flow,
    once: onceEnd(flow, end),
  };
}

function onceEnd(flow: Flow, end: ItemEnd): OnceEnd {
  if (flow.kind === 'failed') return { failure: flow.failure, registered: registered(end) };
  if (flow.kind !== 'left' || !flow.failure) return {};
  return { left: { kind: 'cancelled', cause: `stopped: the host that ran a task for all: ${flow.failure.cause}` } };
}

async function ended(walk: Walk, context: TaskContext): Promise<TaskEnd> {
  try {
    return await walk.context.playRun.throttled(context.task, () => runItems(context));
  } catch (error) {
    return { end: failedItem(failureOf(error)) };
  }
}

function contextOf(walk: Walk, task: Task, { place, handler }: Meeting): TaskContext {
  const { context: host } = walk;
  const { request } = host.run;
  const scope = scopeOf(host, task, {});
  // Where it cannot be evaluated here, the attempt says why, or evaluates it with the item of a loop; nothing is written before.
  const check = guarded(() => task.checkMode?.(scope), true) ?? request.check;
  return {
    host,
    task,
    place,
    ref: refOf(host, task, handler),
    check,
    planning: check && request.check,
    diff: guarded(() => task.diff?.(scope), undefined) ?? request.diff,
    // What cannot be evaluated may have been meant to hide.
    noLog: guarded(() => task.noLog(scope), true),
    barrier: () => walk.turns.wait(place),
    ahead: walk.ahead,
    waited: { ms: 0 },
  };
}

/** Notifies handlers of what changed; an unknown name fails the task. */
function withHandlers(walk: Walk, context: TaskContext, done: TaskEnd): ItemEnd {
  const { end } = done;
  if (!end.changed || end.outcome !== 'changed') return end;
  const unknown = walk.handlers.notify(end.notify ?? [], scopeOf(context.host, context.task, {}));
  if (unknown.length === 0) return end;
  const cause = `no handler is called ${unknown.join(', ')}`;
  return {
    ...end,
    outcome: 'failed',
    failure: { kind: 'task', cause, remedy: 'name it in handlers: or in a listen: of one' },
  };
}

function isIgnored(walk: Walk, context: TaskContext, end: ItemEnd): boolean {
  const { task, host } = context;
  if (end.outcome === 'failed' && end.failure?.kind !== 'bug') {
    return guarded(() => task.ignoreErrors(scopeOf(host, task, {})), false);
  }
  const gone = end.outcome === 'unreachable' || end.outcome === 'unknown';
  return gone && (task.ignoreUnreachable || walk.context.playRun.play.ignoreUnreachable);
}

/** `register`, and in check mode what is not known from now on. */
function keep(context: TaskContext, end: ItemEnd): void {
  const { task, host, ref } = context;
  if (task.register !== undefined) register(context, { [task.register]: registered(end) });
  const { ledger } = host;
  if (task.register !== undefined) {
    if (end.unsettled) ledger.unsettle(task.register, ref.name, { planned: end.unsettled === 'planned' });
    else ledger.settle(task.register);
  }
  if (!host.run.request.check) return;
  if (end.outcome === 'pending' && task.run.kind === 'action') ledger.unsettleFacts(ref.name);
  const mayChange =
    end.unsettled === 'planned' || (end.outcome === 'pending' && task.run.kind === 'module' && !task.run.readOnly);
  if (context.planning && mayChange && end.touches !== 'anything') ledger.wouldChange(end.touches ?? [], ref.name);
}

/** Said at once: other hosts may wait for nothing but this to know that they are to stop. */
function note({ host, task }: TaskContext, flow: Flow, rescuable: boolean): void {
  if (flow.kind === 'next' || !flow.failure || (flow.kind === 'failed' && rescuable)) return;
  noteFailure(host.batch, host.host, { failure: flow.failure, fatal: task.anyErrorsFatal });
}

function flowOf(context: TaskContext, end: ItemEnd, ignored: boolean): Flow {
  if (ignored || !end.failure) return NEXT;
  const { failure, outcome } = end;
  if (outcome === 'failed') return { kind: 'failed', failure, task: context.ref.name, result: registered(end) };
  return { kind: 'left', outcome, failure };
}
