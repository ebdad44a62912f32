import { Run } from './context.ts';
import type { RunRequest, RunSummary } from './request.ts';
import { runPlay } from './schedule.ts';

/**
 * Executes a plan and emits what happens. Every failure of a host is an event, not an exception; all connections are
 * closed when it returns or throws.
 */
export async function run(request: RunRequest): Promise<RunSummary> {
  const state = new Run(request);
  const onDrain = (): void => tellWaiting(state);
  request.drain.addEventListener('abort', onDrain, { once: true });
  try {
    for (const play of request.plan.plays) {
      if (state.draining || !(await runPlay(state, play))) break;
    }
  } finally {
    request.drain.removeEventListener('abort', onDrain);
    await state.links.closeAll();
  }
  return { roundTrips: state.links.roundTrips, connections: state.links.connections };
}

function tellWaiting(state: Run): void {
  const hosts = [...state.busy.keys()];
  if (hosts.length === 0) return;
  const reason = state.request.killOnDrain
    ? 'interrupted: remote steps are being stopped'
    : 'interrupted: running steps may end, nothing new is started';
  state.emit({ type: 'waiting', hosts, reason });
}
