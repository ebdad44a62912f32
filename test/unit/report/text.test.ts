import { describe, expect, test } from '@jest/globals';
import type { EventBody } from '../../../src/model/event.ts';
import { makeTextReport, type TextReport } from '../../../src/report/index.ts';
import { finished, item, left, result, runOf, taskRef } from '../../support/events.ts';

interface Shown {
  readonly text: string;
  /** What had been written before each event. */
  readonly after: readonly string[];
}

function show(
  hosts: readonly string[],
  bodies: readonly EventBody[],
  more: { verbosity?: number; adHoc?: boolean } = {},
): Shown {
  let text = '';
  const after: string[] = [];
  const write = (piece: string): void => {
    text += piece;
  };
  const report: TextReport = makeTextReport({ write, color: false, verbosity: 0, adHoc: false, ...more });
  for (const event of runOf(hosts, bodies)) {
    report.take(event);
    after.push(text);
  }
  return { text, after };
}

const a = 'node01';
const b = 'node02';
const c = 'node03';

describe('text report', () => {
  test('hosts with the same result stand under one header, then a recap', () => {
    const { text } = show(
      [a, b, c],
      [
        finished(a, 'swap is off', 'changed'),
        finished(b, 'swap is off', 'changed'),
        finished(c, 'swap is off', 'failed', {
          failure: { kind: 'become', cause: 'sudo asks for a password', remedy: 'use -K' },
        }),
        left(c, 'failed', { kind: 'become', cause: 'sudo asks for a password', remedy: 'use -K' }),
      ],
    );
    expect(text).toBe(`PLAY prepare (3 hosts)

TASK swap is off
  changed     node[01-02] (2)
  failed      node03
      sudo asks for a password
      → use -K

RECAP
  node01  ok=0   changed=1   failed=0   unreachable=0
  node02  ok=0   changed=1   failed=0   unreachable=0
  node03  ok=0   changed=0   failed=1   unreachable=0

  failed in "swap is off": node03
      sudo asks for a password
      → use -K
3 hosts, 2 changes, 1 failed host in 7.0 s
`);
  });

  test('a task is shown when the last host has told, in the order of the tasks', () => {
    const { after } = show([a, b], [finished(a, 'one', 'ok'), finished(a, 'two', 'ok'), finished(b, 'one', 'ok')]);
    expect(after.map((text) => text.includes('TASK one'))).toEqual([false, false, false, false, true, true, true]);
    expect(after.map((text) => text.includes('TASK two'))).toEqual([false, false, false, false, false, true, true]);
  });

  test('a host that is past a task, or has left, is not waited for', () => {
    const failure = { kind: 'unreachable', cause: 'no route to host' } as const;
    const { after } = show(
      [a, b, c],
      [left(c, 'unreachable', failure), finished(a, 'rescue', 'ok'), finished(b, 'later', 'ok')],
    );
    expect(after.map((text) => text.includes('TASK rescue'))).toEqual([false, false, false, false, true, true, true]);
  });

  test('skipped tasks are shown with -v only', () => {
    const events = [finished(a, 'apt only', 'skipped')];
    expect(show([a], events).text).not.toContain('apt only');
    expect(show([a], events, { verbosity: 1 }).text).toContain('TASK apt only\n  skipped     node01\n');
  });

  test('of a loop, what went wrong is named', () => {
    const bad = result('failed', { failure: { kind: 'task', cause: 'no such file' } });
    const { text } = show(
      [a],
      [
        item(a, 'copy', 'one', result('ok')),
        item(a, 'copy', 'two', bad),
        finished(a, 'copy', 'failed', { failure: { kind: 'task', cause: 'one of 2 items failed' } }),
      ],
    );
    expect(text).toContain('      one of 2 items failed\n      failed (item=two)\n        no such file\n');
    expect(text).not.toContain('item=one');
  });

  test('output of a host cannot touch the terminal', () => {
    const { text } = show([a], [finished(a, taskRef('x'), 'changed', { stdout: '\u001b[2Jgone\n' })], { adHoc: true });
    expect(text).toBe('node01 (1)\n\\e[2Jgone\n');
  });

  test('ad hoc: identical outputs are one block, no header, no recap where all is well', () => {
    const uname = (host: string, stdout: string): EventBody => finished(host, 'uname', 'changed', { stdout });
    const { text } = show([a, b, c], [uname(a, '6.1\n'), uname(b, '6.12\n'), uname(c, '6.1\n')], { adHoc: true });
    expect(text).toBe('node[01,03] (2)\n6.1\nnode02 (1)\n6.12\n');
  });

  test('no_log shows nothing', () => {
    const { text } = show([a], [finished(a, 'secret', 'failed', { censored: true, stdout: 'hunter22' })], {
      verbosity: 3,
    });
    expect(text).not.toContain('hunter22');
    expect(text).toContain('(not shown: no_log)');
  });

  test('past fifty hosts the recap goes by outcome', () => {
    const hosts = Array.from({ length: 60 }, (_, index) => `n${String(index + 1).padStart(2, '0')}`);
    const bodies = hosts.map((host, index) => finished(host, 't', index < 57 ? 'ok' : 'failed'));
    const recap = show(hosts, bodies).text.split('RECAP\n')[1];
    expect(recap).toContain('  ok          n[01-57] (57)\n  failed      n[58-60] (3)\n');
  });
});
