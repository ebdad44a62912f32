import type { Change, StepOutput } from '../model/change.ts';
import type { FrameResult } from '../model/connection.ts';
import type { Failure } from '../model/event.ts';
import { type AnyModule, type Decision, isRefusal, isSkip, type PlanContext, type Skip } from '../model/module.ts';
import type { JsonObject } from '../model/value.ts';
import { applyChange, failureOfChange, isLost, type Site } from './apply/index.ts';
import { timedOut } from './apply/judge.ts';
import { asksNothing, readFrame } from './read-frame.ts';

/** One module with its arguments on one host. */
export interface Step {
  readonly module: AnyModule;
  readonly args: Readonly<Record<string, unknown>>;
  readonly site: Site;
  /** Plan only, apply nothing. */
  readonly check: boolean;
  readonly diff: boolean;
  /** Do not wait for an operator's command to end. */
  readonly detach?: boolean;
  /** A read of this step that was already sent. */
  readonly sentRead?: Promise<FrameResult>;
  /** Called before a change is sent: reads that were sent before it no longer hold. */
  readonly beforeChange?: (change: Change) => void;
  /** Called when the read or the last change is under way, so that reads of coming tasks can be sent behind it. */
  readonly behind?: () => Promise<void>;
}

/** What came of a step. `data`: the module's return values. */
export interface StepEnd {
  readonly status: 'done' | 'planned' | 'skipped' | 'refused' | 'failed' | 'cancelled' | 'unreachable' | 'unknown';
  readonly data: JsonObject;
  /** All that was planned: in check mode what would be done. */
  readonly changes: readonly Change[];
  /** What was applied, in order; the last may have failed. */
  readonly outputs: readonly StepOutput[];
  /** Of a skip. */
  readonly message?: string;
  /** It was skipped because check mode cannot tell what it would do. */
  readonly onlyInCheck?: true;
  readonly failure?: Failure;
}

/** A module that plans to read again and again is at fault. */
const MOST_REREADS = 16;

/** Reads, plans and applies. Never throws for what a host does; a bug of a module is thrown. */
export async function runStep(step: Step): Promise<StepEnd> {
  const outputs: StepOutput[] = [];
  const changes: Change[] = [];
  let sent = step.sentRead;
  for (let round = 0; round < MOST_REREADS; round++) {
    const read = await readState(step, sent);
    sent = undefined;
    if ('end' in read) return { ...read.end, changes, outputs };
    const decision = step.module.plan(step.args, read.now, planContext(step, outputs));
    if (isRefusal(decision)) return refused(decision, changes, outputs);
    if (isSkip(decision)) {
      return { ...skipped(step, read.now, decision), changes, outputs };
    }
    changes.push(...decision);
    if (step.check) return { status: 'planned', data: resultOf(step, read.now, outputs), changes, outputs };
    const applied = await applyAll(step, decision, outputs);
    if (applied === 'reread') continue;
    return { ...(applied ?? { status: 'done' }), data: resultOf(step, read.now, outputs), changes, outputs };
  }
  throw new Error(`${step.module.name} did not come to an end after ${MOST_REREADS} reads`);
}

type Broken = Pick<StepEnd, 'status' | 'data'> & { readonly failure: Failure };

async function readState(step: Step, sent?: Promise<FrameResult>): Promise<{ now: unknown } | { end: Broken }> {
  const { script, parse } = step.module.read(step.args);
  if (asksNothing(script)) {
    return { now: parse({ status: 0, stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) }).now };
  }
  const startedAt = step.site.now();
  try {
    const frame = sent ?? step.site.shell.run(readFrame(script, step.site));
    // The reads behind it may take a while to make; a loss meanwhile is handled below, not an unhandled rejection.
    frame.catch(() => undefined);
    await step.behind?.();
    const result = await frame;
    if (result.ended === 'exit') return { now: parse(result).now };
    const failure: Failure =
      result.ended === 'timeout'
        ? timedOut(step.site.now() - startedAt)
        : { kind: 'cancelled', cause: 'it was stopped before it changed anything' };
    return { end: { status: failure.kind === 'cancelled' ? 'cancelled' : 'failed', data: {}, failure } };
  } catch (error) {
    if (!isLost(error)) throw error;
    return { end: { status: 'unreachable', data: {}, failure: LOST_READING } };
  }
}

const LOST_READING: Failure = {
  kind: 'unreachable',
  cause: 'the connection was lost before this task changed anything',
  remedy: 'see whether the host is up, then run again',
};

/** A module may skip because of check mode alone: the plan for the real run tells, because planning is pure. */
function skipped(
  step: Step,
  now: unknown,
  decision: Skip,
): Pick<StepEnd, 'status' | 'message' | 'data' | 'onlyInCheck'> {
  const really = step.check ? step.module.plan(step.args, now, { ...planContext(step, []), check: false }) : decision;
  const onlyInCheck = isSkip(really) ? {} : { onlyInCheck: true as const };
  return { status: 'skipped', message: decision.skipped, data: decision.result ?? {}, ...onlyInCheck };
}

function refused(
  decision: Extract<Decision, { failed: string }>,
  changes: readonly Change[],
  outputs: readonly StepOutput[],
): StepEnd {
  const remedy = decision.remedy === undefined ? {} : { remedy: decision.remedy };
  const failure: Failure = { kind: 'task', cause: decision.failed, ...remedy };
  return { status: 'refused', data: decision.result ?? {}, failure, changes, outputs };
}

type ApplyEnd = { readonly status: StepEnd['status']; readonly failure: Failure } | 'reread' | undefined;

async function applyAll(step: Step, changes: readonly Change[], outputs: StepOutput[]): Promise<ApplyEnd> {
  for (const [index, change] of changes.entries()) {
    if (change.kind === 'reread') return 'reread';
    if (step.site.signal?.aborted) {
      return { status: 'cancelled', failure: { kind: 'cancelled', cause: `stopped before: ${change.summary}` } };
    }
    const failed = await applyOne(step, change, { outputs, last: index === changes.length - 1 });
    if (failed) return failed;
  }
  return undefined;
}

async function applyOne(
  step: Step,
  change: Change,
  context: { readonly outputs: StepOutput[]; readonly last: boolean },
): Promise<Exclude<ApplyEnd, 'reread'>> {
  step.beforeChange?.(change);
  try {
    const running = applyChange(step.site, change, { detach: step.detach ?? false });
    running.catch(() => undefined);
    if (context.last) await step.behind?.();
    const applied = await running;
    context.outputs.push(applied.output);
    const failure = failureOfChange(applied);
    if (!failure) return undefined;
    return { status: failure.kind === 'cancelled' ? 'cancelled' : 'failed', failure };
  } catch (error) {
    if (!isLost(error)) throw error;
    return { status: 'unknown', failure: lostDuring(change) };
  }
}

function lostDuring(change: Change): Failure {
  return {
    kind: 'lost',
    cause: `the connection was lost during: ${change.summary}; whether it was done is not known`,
    remedy: 'look at the host, or run again: what is already so is left alone',
  };
}

function planContext(step: Step, done: readonly StepOutput[]): PlanContext {
  return { check: step.check, diff: step.diff, now: step.site.now(), done };
}

function resultOf(step: Step, now: unknown, outputs: readonly StepOutput[]): JsonObject {
  return step.module.result?.(step.args, now, outputs) ?? {};
}
