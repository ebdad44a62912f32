import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { runStep, type Site, type Step, undoChanges } from '../../../src/engine/index.ts';
import { coerceArgs } from '../../../src/model/coerce.ts';
import { LOGIN } from '../../../src/model/connection.ts';
import type { AnyModule } from '../../../src/model/module.ts';
import { apt } from '../../../src/modules/apt.ts';
import { lineinfile } from '../../../src/modules/lineinfile.ts';
import { sysctl } from '../../../src/modules/sysctl.ts';
import { runTasks, task } from '../../support/engine-run.ts';
import { makeFleet } from '../../support/fake-connection.ts';

/** Three very different modules through batch, check, diff and undo (DESIGN 3). */

let dir: string;
let env: Record<string, string>;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'kprep-contract-'));
  writeFileSync(join(dir, 'hosts.conf'), 'one = 1\ntwo = 2\n');
  writeFileSync(join(dir, 'sysctl.conf'), '# mine\n');
  env = fakeApt();
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** An apt whose only package is `tree`, and whose database is a file. */
function fakeApt(): Record<string, string> {
  const bin = join(dir, 'bin');
  const state = join(dir, 'installed');
  mkdirSync(bin);
  const programs = {
    'dpkg-query': `[ -e ${state} ] || exit 0
case "$*" in
*Package}:*) echo 'installed tree:amd64 2.1' ;;
*) printf 'tree\\tamd64\\t2.1\\tinstall\\tinstalled\\n' ;;
esac`,
    'apt-get': `case " $* " in
*" -s "*install*) [ -e ${state} ] || echo 'Inst tree (2.1 Test:1 [amd64])' ;;
*" -s "*) [ ! -e ${state} ] || echo 'Remv tree [2.1]' ;;
*" tree- "*|*" tree:amd64- "*|*" remove "*) rm -f ${state} ;;
*" install "*) : >${state} ;;
esac`,
  };
  for (const [name, body] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  return { PATH: `${bin}:${process.env.PATH}` };
}

interface Row {
  readonly name: string;
  readonly module: AnyModule;
  readonly args: () => Record<string, unknown>;
  readonly state: () => string;
  readonly changes: RegExp;
  readonly diff: RegExp | undefined;
}

const rows: readonly Row[] = [
  {
    name: 'lineinfile',
    module: lineinfile,
    args: () => ({ path: join(dir, 'hosts.conf'), regexp: '^two', line: 'two = 22' }),
    state: () => readFileSync(join(dir, 'hosts.conf'), 'utf8'),
    changes: /hosts\.conf/,
    diff: /\+two = 22/,
  },
  {
    name: 'sysctl',
    module: sysctl,
    args: () => ({ name: 'net.ipv4.ip_forward', value: '1', sysctl_file: join(dir, 'sysctl.conf'), reload: false }),
    state: () => readFileSync(join(dir, 'sysctl.conf'), 'utf8'),
    changes: /net\.ipv4\.ip_forward/,
    diff: /\+net\.ipv4\.ip_forward ?= ?1/,
  },
  {
    name: 'apt',
    module: apt,
    args: () => ({ name: ['tree'], state: 'present' }),
    state: () => (readOr(join(dir, 'installed')) === undefined ? 'not installed' : 'installed'),
    changes: /tree/,
    diff: undefined,
  },
];

function readOr(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

const tasks = (names = rows) =>
  names.map((row) =>
    task({ run: row.module, name: row.name, args: row.args() as never, rest: { environment: () => env } }),
  );

describe.each(rows)('$name', (row) => {
  test('check mode tells the change and its diff, and changes nothing', async () => {
    const before = row.state();
    const ran = await runTasks(tasks([row]), { check: true, diff: true });
    const [result] = ran.results();
    expect(result).toMatchObject({ outcome: 'changed', changed: true });
    expect(result?.changes.join('\n')).toMatch(row.changes);
    if (row.diff) expect(result?.diffs.flatMap((diff) => diff.lines).join('\n')).toMatch(row.diff);
    expect(row.state()).toBe(before);
  });

  test('applied once, the second plan is empty; undone, all is as before', async () => {
    const before = row.state();
    const target = { name: 'h', address: 'h', privateKeyFiles: [], transport: 'local' } as const;
    const connection = await makeFleet().connect(target, {});
    const site: Site = { shell: await connection.shell(LOGIN), environment: env, now: () => Date.now() };
    const { args, problems } = coerceArgs(row.module.args, row.args());
    expect(problems).toEqual([]);
    const step: Step = { module: row.module, args, site, check: false, diff: false };
    const first = await runStep(step);
    expect([first.status, first.failure]).toEqual(['done', undefined]);
    expect(row.state()).not.toBe(before);
    const second = await runStep(step);
    expect(second.changes).toEqual([]);
    const applied = first.outputs.map((output) => output.change);
    const undone = await undoChanges(site, applied);
    expect(undone.failure).toBeUndefined();
    expect([undone.kept, row.state()]).toEqual([[], before]);
    await connection.close();
  });
});

test('all three as a batch: one round trip when nothing is to do', async () => {
  const fresh = await runTasks(tasks());
  expect(fresh.outcomes()).toEqual(['changed', 'changed', 'changed']);
  const again = await runTasks(tasks());
  expect(again.outcomes()).toEqual(['ok', 'ok', 'ok']);
  expect(again.summary.roundTrips).toBe(1);
});
