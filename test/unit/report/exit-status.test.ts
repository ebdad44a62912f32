import { describe, expect, test } from '@jest/globals';
import type { Event, EventBody } from '../../../src/model/event.ts';
import { exitStatus, type StatusOptions } from '../../../src/report/exit-status.ts';
import { reportOf } from '../../../src/report/report.ts';
import { finished, left } from '../../support/events.ts';

const GONE = { kind: 'unreachable', cause: 'no route' } as const;

const rows: readonly (readonly [string, readonly EventBody[], StatusOptions, number])[] = [
  ['all went well', [finished('a', 't', 'ok'), finished('b', 't', 'changed')], {}, 0],
  ['a failed task', [finished('a', 't', 'failed')], {}, 2],
  ['an unreachable host', [left('a', 'unreachable', GONE)], {}, 4],
  ['an unknown outcome', [finished('a', 't', 'unknown')], {}, 8],
  ['failed and unreachable add up', [finished('a', 't', 'failed'), left('b', 'unreachable', GONE)], {}, 6],
  ['all three', [finished('a', 't', 'failed'), left('b', 'unreachable', GONE), finished('c', 't', 'unknown')], {}, 14],
  [
    'the failure of a host that then leaves counts once',
    [finished('a', 't', 'failed'), left('a', 'failed', GONE)],
    {},
    2,
  ],
  ['an ignored failure is none', [finished('a', 't', 'failed', { ignored: true })], {}, 0],
  ['a rescued failure is none', [finished('a', 't', 'failed', { rescued: true })], {}, 0],
  ['pending in check mode', [finished('a', 't', 'pending')], {}, 0],
  ['changes under --fail-on-change', [finished('a', 't', 'changed')], { failOnChange: true }, 16],
  ['no change under --fail-on-change', [finished('a', 't', 'ok')], { failOnChange: true }, 0],
  ['Ctrl-C', [finished('a', 't', 'cancelled')], { interrupted: 'SIGINT' }, 130],
  ['SIGTERM after everything was done', [finished('a', 't', 'ok')], { interrupted: 'SIGTERM' }, 143],
  [
    'a bug outranks all',
    [finished('a', 't', 'failed', { failure: { kind: 'bug', cause: 'x' } })],
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
