import type { Change, StepOutput } from '../../model/change.ts';
import type { Failure } from '../../model/event.ts';
import { KprepError } from '../../shared/errors.ts';
import { applyCommand } from './command.ts';
import { failureOfChange } from './judge.ts';
import { applyPut } from './put.ts';
import { applyRun } from './run.ts';
import type { Applied, Site } from './site.ts';

export { failureOfChange } from './judge.ts';
export type { Applied, Site } from './site.ts';

/**
 * Applies one change. That it failed is in the result: `failureOfChange` says how.
 * @throws KprepError `lost` when the connection went meanwhile.
 */
export function applyChange(site: Site, change: Change, options?: { readonly detach: boolean }): Promise<Applied> {
  switch (change.kind) {
    case 'run':
      return applyRun(site, change);
    case 'put':
      return applyPut(site, change);
    case 'command':
      return applyCommand(site, change, options);
    case 'reread':
      throw new TypeError('a reread is nothing that can be applied');
  }
}

/** What came of taking changes back: the outputs, and the summaries of those that nothing can take back. */
export interface Undone {
  readonly outputs: readonly StepOutput[];
  readonly kept: readonly string[];
  readonly failure?: Failure;
}

/**
 * Takes applied changes back, the last first, and stops at the first that fails.
 * @throws KprepError `lost` when the connection went meanwhile.
 */
export async function undoChanges(site: Site, applied: readonly Change[]): Promise<Undone> {
  const outputs: StepOutput[] = [];
  const kept: string[] = [];
  for (const change of applied.toReversed()) {
    if (change.kind === 'reread') continue;
    if (change.undo === 'none') {
      kept.push(change.summary);
      continue;
    }
    const done = await applyChange(site, change.undo);
    outputs.push(done.output);
    const failure = failureOfChange(done);
    if (failure) return { outputs, kept, failure };
  }
  return { outputs, kept };
}

/** Whether an error says that the connection went while something ran. */
export function isLost(error: unknown): boolean {
  return error instanceof KprepError && error.kind === 'lost';
}
