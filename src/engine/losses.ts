import type { Failure } from '../model/event.ts';
import type { Batch } from './context.ts';

/**
 * The host is lost to the play. Called as soon as that is certain, before the host goes on to an `always`, so that no
 * other host gets past the task where this one failed. The first call counts.
 */
export function noteFailure(
  batch: Batch,
  host: string,
  lost: { readonly failure: Failure /** The task itself is fatal for all. */; readonly fatal: boolean },
): void {
  if (batch.failed.has(host)) return;
  batch.playRun.run.gone.add(host);
  batch.failed.add(host);
  const cause = stopCause(batch, host, lost);
  if (cause !== undefined) batch.stopped ??= { kind: 'cancelled', cause };
}

/** Why all hosts of the batch stop because of this one. */
function stopCause(
  batch: Batch,
  host: string,
  lost: { readonly failure: Failure; readonly fatal: boolean },
): string | undefined {
  const { play } = batch.playRun;
  const { failure } = lost;
  if (failure.kind === 'cancelled') return undefined;
  if (play.anyErrorsFatal || lost.fatal) return `stopped because of ${host} (any_errors_fatal): ${failure.cause}`;
  const most = play.maxFailPercentage;
  const share = (100 * batch.failed.size) / batch.members.length;
  if (most === undefined || share <= most) return undefined;
  return `stopped: ${batch.failed.size} of ${batch.members.length} hosts failed, more than max_fail_percentage ${most} allows`;
}
