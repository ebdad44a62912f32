import type { Event } from '../model/event.ts';
import { duration, printableLine } from '../shared/text.ts';

/** What is going on right now, for the line that is redrawn. */
export interface Progress {
  readonly doneSteps: number;
  readonly allSteps: number;
  readonly hosts: number;
  readonly failed: number;
  /** The host that has been in one task for longest. */
  readonly slowest?: { readonly host: string; readonly task: string; readonly since: number };
}

export interface ProgressFold {
  take(event: Event): void;
  progress(): Progress;
}

/** Folds the stream to what a progress line needs. */
export function foldProgress(): ProgressFold {
  const running = new Map<string, { readonly task: string; readonly since: number }>();
  const failed = new Set<string>();
  const state = { doneSteps: 0, allSteps: 0, hosts: 0 };
  return {
    take(event) {
      if (event.type === 'run-started') state.hosts = event.hosts.length;
      if (event.type === 'play-started') state.allSteps += event.tasks * event.hosts.length;
      if (event.type === 'task-started') running.set(event.host, { task: event.task.name, since: event.at });
      if (event.type === 'task-finished') {
        state.doneSteps += 1;
        running.delete(event.host);
      }
      if (event.type === 'host-left') {
        running.delete(event.host);
        if (event.failure) failed.add(event.host);
      }
    },
    progress() {
      const slowest = slowestOf(running);
      return { ...state, failed: failed.size, ...(slowest ? { slowest } : {}) };
    },
  };
}

function slowestOf(
  running: ReadonlyMap<string, { readonly task: string; readonly since: number }>,
): Progress['slowest'] {
  let slowest: Progress['slowest'];
  for (const [host, { task, since }] of running) {
    if (!slowest || since < slowest.since) slowest = { host, task, since };
  }
  return slowest;
}

/** What is counted: tasks on hosts, or, where there is one task, the hosts themselves. */
export type Unit = 'steps' | 'hosts';

/** One line of at most `width` columns. */
export function progressLine(
  progress: Progress,
  { now, width, unit }: { readonly now: number; readonly width: number; readonly unit: Unit },
): string {
  const { doneSteps, allSteps, failed, slowest } = progress;
  const parts = [`${doneSteps}/${Math.max(allSteps, doneSteps)} ${unit}`];
  if (failed > 0) parts.push(`${failed} failed`);
  if (slowest) {
    const what = unit === 'hosts' ? '' : `: ${slowest.task}`;
    parts.push(`${slowest.host}${what} (${duration(now - slowest.since)})`);
  }
  const line = printableLine(parts.join(' · '));
  return line.length > width ? `${line.slice(0, Math.max(0, width - 1))}…` : line;
}
