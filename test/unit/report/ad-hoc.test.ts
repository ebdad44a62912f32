import { describe, expect, test } from '@jest/globals';
import type { Event, EventBody } from '../../../src/model/event.ts';
import { makeStatusReport, makeTextReport, type TextOptions } from '../../../src/report/index.ts';
import { makeFactsReport } from '../../../src/report/text/facts.ts';
import { makePingReport } from '../../../src/report/text/ping.ts';
import { finished, left, runOf } from '../../support/events.ts';

function show(
  hosts: readonly string[],
  bodies: readonly EventBody[],
  more: Partial<TextOptions> & { readonly make?: typeof makeTextReport } = {},
): string {
  let text = '';
  const { make = makeTextReport, ...options } = more;
  const write = (piece: string): void => {
    text += piece;
  };
  const report = make({ write, color: false, verbosity: 0, adHoc: true, ...options });
  for (const event of runOf(hosts, bodies)) report.take(event);
  return text;
}

const names = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `n${String(i + 1).padStart(3, '0')}`);
const said = (host: string, stdout: string): EventBody => finished(host, 'exec', 'changed', { stdout, rc: 0 });
const broke = (host: string, rc: number, stderr: string): EventBody =>
  finished(host, 'exec', 'failed', {
    rc,
    stderr,
    failure: { kind: 'task', cause: `the command ended with status ${rc}: ${stderr}` },
  });

describe('folded', () => {
  test('200 hosts with three distinct outputs are three blocks', () => {
    const hosts = names(200);
    const text = show(
      hosts,
      hosts.map((host, index) => said(host, `kernel ${index % 50 === 7 ? 'old' : index === 199 ? 'odd' : 'new'}\n`)),
    );
    expect(text).toBe(
      'n[001-007,009-057,059-107,109-157,159-199] (195)\nkernel new\nn[008,058,108,158] (4)\nkernel old\nn200 (1)\nkernel odd\n',
    );
  });

  test('a command that fails: status in the header, its output once, its cause in the recap', () => {
    const text = show(['node4', 'node5'], [said('node5', 'fine'), broke('node4', 3, 'disk on fire')]);
    expect(text).toBe(`node5 (1)
fine
node4 (1): failed, status 3
stderr: disk on fire
RECAP
  failed      node4
  ok          node5

  failed: node4
      the command ended with status 3: disk on fire
2 hosts, 1 failed in 5.0 s
`);
  });

  test('what the output does not tell is told', () => {
    const failure = { kind: 'timeout', cause: 'it took too long', remedy: 'raise --step-timeout' } as const;
    const text = show(['a'], [finished('a', 'exec', 'failed', { stdout: 'half', failure })]);
    expect(text).toMatch(/^a \(1\): failed\nit took too long\n→ raise --step-timeout\nhalf\n/);
  });

  test('the same cause on many hosts is one cluster; an address is shown where it is the only one', () => {
    const hosts = names(18);
    const sudo = { kind: 'become', cause: 'sudo asks for a password', remedy: 'use -K' } as const;
    const lost = { kind: 'unreachable', cause: 'connection refused', detail: '10.0.0.9 port 22' } as const;
    const text = show(
      hosts,
      hosts.map((host, index) => (index < 17 ? left(host, 'failed', sudo) : left(host, 'unreachable', lost))),
    );
    expect(text).toContain('  failed: n[001-017] (17)\n      sudo asks for a password\n      → use -K\n');
    expect(text).toContain('  unreachable: n018\n      connection refused\n      (10.0.0.9 port 22)\n');
  });

  test('addresses do not keep the same cause apart', () => {
    const lost = (detail: string) => ({ kind: 'unreachable', cause: 'connection refused', detail }) as const;
    const text = show(
      ['a1', 'a2'],
      [left('a1', 'unreachable', lost('10.0.0.1 port 22')), left('a2', 'unreachable', lost('10.0.0.2 port 22'))],
    );
    expect(text).toContain('  unreachable: a[1-2] (2)\n      connection refused\n2 hosts');
  });
});

test('a million lines are more than a call takes arguments', () => {
  const text = show(['a'], [finished('a', 'exec', 'changed', { stdout: 'x\n'.repeat(1_000_000), stderr: 'y' })]);
  expect(text.length).toBe('a (1)\n'.length + 2_000_000 + 'stderr: y\n'.length);
});

describe('other layouts', () => {
  test('per host, in the order of the play', () => {
    const text = show(['b', 'a'], [said('a', 'x'), said('b', 'x')], { layout: 'per-host' });
    expect(text).toBe('b (1)\nx\na (1)\nx\n');
  });

  test('odd: the majority is named, the others by their lines', () => {
    const hosts = names(5);
    const lines = (host: string): string => (host === 'n004' ? 'one\n2\nthree\n' : 'one\ntwo\nthree\n');
    const text = show(hosts, [...hosts.slice(0, 4).map((host) => said(host, lines(host))), broke('n005', 9, 'no')], {
      layout: 'odd',
    });
    expect(text.split('RECAP')[0]).toBe(`n[001-003] (3): the majority, 3 lines
n004 (1)
@@ -1,3 +1,3 @@
 one
-two
+2
 three
n005 (1): failed, status 9
@@ -1,3 +1 @@
-one
-two
-three
+stderr: no
`);
  });

  test('odd: nobody is', () => {
    expect(show(['a', 'b'], [said('a', 'x'), said('b', 'x')], { layout: 'odd' })).toBe(
      'a,b (2): all the same, 1 line\n',
    );
  });

  test('status: output was shown before, so only failures are', () => {
    const text = show(['a', 'b'], [said('a', 'x'), broke('b', 1, 'no')], { make: makeStatusReport });
    expect(text.split('RECAP')[0]).toBe('b (1): failed, status 1\n');
  });
});

describe('ping', () => {
  test('a line a host, and how long answers take', () => {
    const connected: EventBody = { type: 'host-connected', host: 'a', ms: 31 };
    const pong = (host: string, ms: number): EventBody => finished(host, 'ping', 'ok', { data: { round_trip_ms: ms } });
    const lost = { kind: 'unreachable', cause: 'no route\u001b[2J' } as const;
    const text = show(
      ['a', 'b', 'c'],
      [connected, pong('a', 2), pong('b', 9), finished('c', 'ping', 'unreachable', { failure: lost })],
      { make: makePingReport },
    );
    expect(text).toMatch(
      /^a: ok, round trip 2 ms, connected in 31 ms\nb: ok, round trip 9 ms\nc: unreachable, no route\\e\[2J\nRECAP\n/,
    );
    expect(text).toMatch(/\n2 answers; round trip 2 ms at best, 2 ms in the middle, 9 ms at worst\n$/);
  });
});

describe('facts', () => {
  function facts(events: readonly Event[]): { readonly out: string; readonly told: string } {
    let [out, told] = ['', ''];
    const write = (text: string): void => {
      out += text;
    };
    const report = makeFactsReport({ write, color: false, verbosity: 0, adHoc: true }, (text) => {
      told += text;
    });
    for (const event of events) report.take(event);
    return { out, told };
  }
  const ok = (host: string, value: string): EventBody =>
    finished(host, 'facts', 'ok', { data: { ansible_facts: { ansible_kernel: value } } });

  test('one JSON object, and nothing in it that a terminal obeys', () => {
    const { out, told } = facts(runOf(['a', 'b'], [ok('a', '6.1'), ok('b', '\u001b[2J\u009b\u202e')]));
    expect(JSON.parse(out)).toEqual({ a: { ansible_kernel: '6.1' }, b: { ansible_kernel: '\u001b[2J\u009b\u202e' } });
    expect(out).not.toMatch(/[\u001b\u009b\u202e]/);
    expect(told).toBe('');
  });

  test('hosts that failed are told apart from it', () => {
    const { out, told } = facts(runOf(['a'], [left('a', 'unreachable', { kind: 'unreachable', cause: 'gone' })]));
    expect(JSON.parse(out)).toEqual({});
    expect(told).toContain('  unreachable: a\n      gone\n');
  });
});
