import type { Event, EventBody, Failure, Outcome, Result, TaskRef } from '../../src/model/event.ts';

/** A result with everything that a row does not care about filled in. */
export function result(outcome: Outcome, more: Partial<Result> = {}): Result {
  const bad = outcome === 'failed' || outcome === 'unreachable' || outcome === 'unknown' || outcome === 'cancelled';
  const failure: Failure = { kind: 'task', cause: 'it failed' };
  return {
    outcome,
    changed: outcome === 'changed',
    ms: 1,
    changes: [],
    diffs: [],
    warnings: [],
    data: {},
    ...(bad ? { failure } : {}),
    ...more,
  };
}

export function taskRef(name: string, more: Partial<TaskRef> = {}): TaskRef {
  return { play: '1', task: name, name, module: 'command', ...more };
}

export function finished(
  host: string,
  task: TaskRef | string,
  outcome: Outcome,
  more: Partial<Result> = {},
): EventBody {
  const ref = typeof task === 'string' ? taskRef(task) : task;
  return { type: 'task-finished', host, task: ref, result: result(outcome, more) };
}

export function item(host: string, task: string, name: string, value: Result): EventBody {
  return { type: 'item-finished', host, task: taskRef(task), item: name, result: value };
}

export function left(host: string, outcome: Outcome, failure: Failure): EventBody {
  return { type: 'host-left', host, outcome, failure };
}

/** A whole run of one play around `bodies`; the clock goes one second a event. */
export function runOf(hosts: readonly string[], bodies: readonly EventBody[], check = false): Event[] {
  const all: EventBody[] = [
    { type: 'run-started', version: 1, run: 'r', kprep: '0', command: 'run', check, diff: false, forks: 1, hosts },
    { type: 'play-started', play: '1', name: 'prepare', hosts, tasks: 2 },
    ...bodies,
    { type: 'play-finished', play: '1' },
    { type: 'run-finished', status: 0, roundTrips: 1, connections: 1 },
  ];
  return all.map((body, index) => ({ at: index * 1000, ...body }));
}
