import type { Event } from '../../model/event.ts';
import type { ExecOptions } from '../options.ts';
import { parseShare } from './sizes.ts';

export interface Halt {
  readonly signal: AbortSignal;
  take(event: Event): void;
  close(): void;
}

const BAD: ReadonlySet<string> = new Set(['failed', 'unreachable', 'unknown']);

/**
 * `--fail-fast` and `--max-fail`: its signal is aborted with the reason in words once more hosts are lost than may be.
 * Undefined where neither is given. @throws UsageError
 */
export function haltOf(given: Pick<ExecOptions, 'fail-fast' | 'max-fail'>, hosts: number): Halt | undefined {
  const most = mostLost(given, hosts);
  if (most === undefined) return undefined;
  const lost = new Set<string>();
  const controller = new AbortController();
  return {
    signal: controller.signal,
    take(event) {
      if (event.type !== 'task-finished' && event.type !== 'host-left') return;
      const outcome = event.type === 'task-finished' ? event.result.outcome : event.outcome;
      if (!BAD.has(outcome) || controller.signal.aborted) return;
      lost.add(event.host);
      if (lost.size > most) controller.abort(reason(given, lost.size));
    },
    close: () => undefined,
  };
}

function mostLost(given: Pick<ExecOptions, 'fail-fast' | 'max-fail'>, hosts: number): number | undefined {
  const bound = given['max-fail'] === undefined ? undefined : parseShare('max-fail', given['max-fail']);
  if (given['fail-fast']) return 0;
  if (!bound) return undefined;
  return 'share' in bound ? bound.share * hosts : bound.hosts;
}

function reason(given: Pick<ExecOptions, 'fail-fast' | 'max-fail'>, lost: number): string {
  if (given['fail-fast']) return 'another host failed (--fail-fast)';
  return `${lost === 1 ? 'one host' : `${lost} hosts`} failed, more than --max-fail ${given['max-fail']} allows`;
}
