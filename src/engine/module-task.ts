import type { Change, Diff } from '../model/change.ts';
import type { AnyModule } from '../model/module.ts';
import type { TaskArgs } from '../model/plan.ts';
import type { JsonObject } from '../model/value.ts';
import { scopeOf } from './context.ts';
import { type Footprint, widened } from './footprint.ts';
import { commandData, failedItem, type ItemEnd, NOTHING, skippedItem } from './item.ts';
import { mayBePending, Pending } from './ledger.ts';
import { liveOutput } from './live-output.ts';
import { type ItemRun, slotOf } from './loop-vars.ts';
import { openSite, questionOf, workplace } from './place-of-work.ts';
import { runStep, type StepEnd } from './step.ts';
import type { TaskContext } from './task-context.ts';

interface ModuleRun {
  readonly args: TaskArgs;
  readonly item: ItemRun;
}

/** Runs a module once on the host or its delegate. @throws Pending, KprepError. */
export async function runModule(context: TaskContext, run: ModuleRun): Promise<ItemEnd> {
  const module = context.task.run as AnyModule;
  const wrong = module.validate?.(run.args.args);
  if (wrong !== undefined) return failedItem({ kind: 'task', cause: wrong });
  const touches = module.touches(run.args.args);
  const planOnly = context.check && !module.readOnly;
  if (context.planning) refuseStale(context, touches);
  if (touches === 'anything') await context.barrier();
  const end = await inSlot(context, () => stepOn(context, run, { module, touches, check: planOnly }));
  if (end.status === 'refused' && context.planning) pendingRefusal(context, end, touches);
  return { ...itemOf(context, module, end), touches: widened(touches, end.changes) };
}

/**
 * A plan made from state that an earlier task would have altered is no plan. An operator's own commands are not followed
 * in this, neither as cause nor as consequence: all of check mode after one would be pending. Their registers are.
 */
function refuseStale(context: TaskContext, touches: Footprint): void {
  if (touches === 'anything') return;
  const by = context.host.ledger.changedBy(touches);
  if (by !== undefined) throw new Pending(by, { touches });
}

function pendingRefusal(context: TaskContext, end: StepEnd, touches: Footprint): void {
  const by = context.host.ledger.lastChange();
  if (by !== undefined && end.failure && mayBePending(end.failure))
    throw new Pending(by, { why: end.failure.cause, touches });
}

async function inSlot(context: TaskContext, work: () => Promise<StepEnd>): Promise<StepEnd> {
  const { run, host } = context.host;
  const since = run.request.clock.now();
  return run.slots(async () => {
    context.waited.ms += run.request.clock.now() - since;
    if (run.draining) return notStarted(run.whyDraining);
    run.busy.set(host, (run.busy.get(host) ?? 0) + 1);
    try {
      return await work();
    } finally {
      const left = (run.busy.get(host) ?? 1) - 1;
      if (left > 0) run.busy.set(host, left);
      else run.busy.delete(host);
    }
  });
}

function notStarted(why: string): StepEnd {
  const failure = { kind: 'cancelled', cause: `it was not started: ${why}` } as const;
  return { status: 'cancelled', data: {}, changes: [], outputs: [], failure };
}

async function stepOn(
  context: TaskContext,
  { args, item }: ModuleRun,
  how: { readonly module: AnyModule; readonly touches: Footprint; readonly check: boolean },
): Promise<StepEnd> {
  const { host, task, place } = context;
  const { local } = item;
  const { module, touches, check } = how;
  const at = workplace(host, task, local);
  const onOutput = liveOutput(context);
  const { link, site } = await openSite(host, { task, local, at, ...(onOutput ? { onOutput } : {}) });
  const own = at.on === host.host;
  const { script } = module.read(args.args);
  const sentRead = own ? link.reads.take(slotOf(place, item), questionOf(at, script)) : undefined;
  const detach = task.async?.(scopeOf(host, task, local)).poll === 0;
  const end = await runStep({
    module,
    args: args.args,
    site,
    check,
    diff: context.diff,
    detach,
    ...(sentRead === undefined ? {} : { sentRead }),
    beforeChange: (change) => link.reads.invalidate(widened(touches, [change])),
    ...(own ? { behind: () => context.ahead.fill({ link, site, at }, { task, place, ...item }) } : {}),
  });
  if (end.status === 'unknown' || end.status === 'unreachable') link.told = true;
  return end;
}

function itemOf(context: TaskContext, module: AnyModule, end: StepEnd): ItemEnd {
  const diffs = context.diff ? end.changes.flatMap(headedDiff) : [];
  const base = { ...NOTHING, data: dataOf(end, diffs), changes: end.changes.map((change) => change.summary), diffs };
  switch (end.status) {
    case 'skipped':
      return { ...skippedItem(end.message ?? '', end.data), ...(end.onlyInCheck ? { unsettled: 'unknown' } : {}) };
    case 'planned':
      return plannedItem(module, end, base);
    case 'done': {
      const changed = end.outputs.some(outputChanged);
      return { ...base, ...outputOf(end), changed, outcome: changed ? 'changed' : 'ok' };
    }
    default: {
      const failure = end.failure ?? { kind: 'bug', cause: `${module.name} ended as ${end.status} without a reason` };
      return { ...base, ...outputOf(end), changes: done(end), ...brokenOutcome(end, failure) };
    }
  }
}

/** A diff without a header of its own is named after the path that is written, or after what is done. */
function headedDiff(change: Change): readonly Diff[] {
  if (!change.diff) return [];
  return [{ afterHeader: change.kind === 'put' ? change.path : change.summary, ...change.diff }];
}

/** What broke off has changed what it had applied; of a step that never applied anything nothing is changed. */
function brokenOutcome(
  end: StepEnd,
  failure: NonNullable<StepEnd['failure']>,
): Pick<ItemEnd, 'outcome' | 'failure' | 'changed'> {
  const { outcome } = failedItem(failure);
  const status =
    end.status === 'unknown' || end.status === 'unreachable' || end.status === 'cancelled' ? end.status : outcome;
  return { outcome: status, failure, changed: end.outputs.some(outputChanged) };
}

function plannedItem(module: AnyModule, end: StepEnd, base: Omit<ItemEnd, 'outcome'>): ItemEnd {
  if (end.changes.length === 0) return { ...base, outcome: 'ok' };
  if (module.supportsCheck === false) {
    const summary = end.changes.map((change) => change.summary).join('; ');
    return { ...skippedItem(`not run in check mode: ${summary}`, end.data), unsettled: 'unknown' };
  }
  if (end.changes.every((change) => change.kind === 'run' && change.maybe)) {
    const message = `known only by doing it: ${end.changes.map((change) => change.summary).join('; ')}`;
    return { ...base, outcome: 'pending', message, unsettled: 'planned' };
  }
  return { ...base, outcome: 'changed', changed: true, unsettled: 'planned' };
}

function outputChanged(output: StepEnd['outputs'][number]): boolean {
  const { change } = output;
  if (change.kind === 'run' && output.status === 0) return change.changed?.(output) ?? true;
  return change.kind === 'command' || output.status === 0;
}

function done(end: StepEnd): string[] {
  return end.outputs.filter((output) => output.status === 0).map((output) => output.change.summary);
}

function dataOf(end: StepEnd, diffs: readonly Diff[]): JsonObject {
  const command = end.outputs.findLast((output) => output.change.kind === 'command');
  const backup = end.outputs.find((output) => output.backup !== undefined)?.backup;
  return {
    ...(command ? commandData(command) : {}),
    ...(backup === undefined ? {} : { backup_file: backup }),
    ...end.data,
    ...(diffs.length > 0 ? { diff: diffs.map(diffData) } : {}),
  };
}

function diffData(diff: Diff): JsonObject {
  return {
    before: diff.before,
    after: diff.after,
    ...(diff.beforeHeader === undefined ? {} : { before_header: diff.beforeHeader }),
    ...(diff.afterHeader === undefined ? {} : { after_header: diff.afterHeader }),
  };
}

function outputOf(end: StepEnd): Pick<ItemEnd, 'output'> {
  const last = end.outputs.findLast((output) => output.change.kind === 'command');
  if (!last) return {};
  const stdout = last.stdout.toString('utf8');
  return { output: { stdout, stderr: last.stderr.toString('utf8'), rc: last.status } };
}
