import { describe, expect, test } from '@jest/globals';
import type { Event, EventBody, Failure, Outcome, Result } from '../../../src/model/event.ts';
import { exitStatus, type StatusOptions } from '../../../src/report/exit-status.ts';
import { reportOf } from '../../../src/report/report.ts';

const task = { play: '1', task: 't', name: 'a task', module: 'command' };

function finished(host: string, outcome: Outcome, more: Partial<Result> = {}): EventBody {
  const failure: Failure = { kind: 'task', cause: 'it failed' };
  const bad = !['ok', 'changed', 'skipped', 'pending'].includes(outcome);
  const result: Result = {
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
  return { type: 'task-finished', host, task, result };
}

function left(host: string, outcome: Outcome): EventBody {
  return { type: 'host-left', host, outcome, failure: { kind: 'unreachable', cause: 'no route' } };
}

const rows: readonly (readonly [string, readonly EventBody[], StatusOptions, number])[] = [
  ['all went well', [finished('a', 'ok'), finished('b', 'changed')], {}, 0],
  ['a failed task', [finished('a', 'failed')], {}, 2],
  ['an unreachable host', [left('a', 'unreachable')], {}, 4],
  ['an unknown outcome', [finished('a', 'unknown')], {}, 8],
  ['failed and unreachable add up', [finished('a', 'failed'), left('b', 'unreachable')], {}, 6],
  ['all three', [finished('a', 'failed'), left('b', 'unreachable'), finished('c', 'unknown')], {}, 14],
  ['the failure of a host that then leaves counts once', [finished('a', 'failed'), left('a', 'failed')], {}, 2],
  ['an ignored failure is none', [finished('a', 'failed', { ignored: true })], {}, 0],
  ['a rescued failure is none', [finished('a', 'failed', { rescued: true })], {}, 0],
  ['pending in check mode', [finished('a', 'pending')], {}, 0],
  ['changes under --fail-on-change', [finished('a', 'changed')], { failOnChange: true }, 16],
  ['no change under --fail-on-change', [finished('a', 'ok')], { failOnChange: true }, 0],
  ['Ctrl-C', [finished('a', 'cancelled')], { interrupted: 'SIGINT' }, 130],
  ['SIGTERM after everything was done', [finished('a', 'ok')], { interrupted: 'SIGTERM' }, 143],
  [
    'a bug outranks all',
    [finished('a', 'failed', { failure: { kind: 'bug', cause: 'x' } })],
    { interrupted: 'SIGINT' },
    1,
  ],
];

describe('exit status', () => {
  test.each(rows)('%s', (_name, bodies, options, status) => {
    const events: Event[] = bodies.map((body) => ({ at: 0, ...body }));
    expect(exitStatus(reportOf(events), options)).toBe(status);
  });
});
