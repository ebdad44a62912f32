import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { down, type Fleet, inHub, run, up } from '../../support/hosts/index.js';
import { type Bench, makeBench } from '../../support/kprep.ts';

const root = join(import.meta.dirname, '../../..');
const page = readFileSync(join(root, 'docs/coming-from.md'), 'utf8');
const lines = (/```sh\n([\s\S]*?)```/.exec(page)?.[1] ?? '').trim().split('\n');

/** What each line must print, by its number. */
const EXPECTED: Readonly<Record<string, RegExp>> = {
  '1': /load average/,
  '2': /^node\[0-3\] \(4\)\n0\n$/,
  '3': /^node\[0-1\] \(2\)\nuid=\d+\(ops\)/,
  '4': /^node\[0,2-3\] \(3\)\nuid=\d+\(ops\)/,
  '5': /^node\[0-3\] \(4\)\n\d+\./,
  '6': /^node3: uid=\d+\(ops\)/m,
  '7': /^node\[0-3\] \(4\): all the same, \d+ lines\n$/,
  '8': /^node\[0-3\] \(4\)\nuid=0\(root\)/,
  '9': /^node\[0-3\] \(4\)\nuid=\d+\(csh\)/,
  '10': /^node\[0-3\] \(4\)\nuid=\d+\(ops\)/,
  '11': /^node\[0-3\] \(4\)\nuid=\d+\(ops\)/,
  '12': /^node\[0-3\] \(4\)\nuid=\d+\(ops\)/,
  '13': /^node\d.*\n +2 +2 +8/m,
  '14': /^node\[0-3\] \(4\)\njob one\n$/,
  '15': /^node2 \(1\)\nnode2 2$/m,
  '16': /^node\[0-1\] \(2\)\nnode\[2-3\] \(2\)\n$|^node\[0-3\] \(4\)\n$/,
  '17': /^node\[0-3\]\n$/,
  '18': /^4\n$/,
  '19': /^node3: ok, round trip \d+ ms/m,
  '20': /^ {4}"ansible_kernel": "\d/m,
};

let fleet: Fleet;
let bench: Bench;

beforeAll(async () => {
  fleet = await up({ name: `coming-${process.pid}`, kind: 'chroot', hosts: 4 });
  bench = makeBench(fleet);
  bench.file('file', 'one\ntwo\n');
  bench.file('job.sh', '#!/bin/sh\necho "job $1"\n');
}, 180_000);

afterAll(async () => {
  bench.remove();
  await down(fleet.name);
});

test('there are twenty jobs', () => {
  expect(lines.map((line) => /# (\d+)$/.exec(line)?.[1])).toEqual(Object.keys(EXPECTED));
});

test.each(lines)(
  '%s',
  async (line) => {
    const number = /# (\d+)$/.exec(line)?.[1] ?? '';
    const shell = `kprep() { "$NODE" "$KPREP" "$@"; }; cd "$HOME" && ${line.replace(/#.*$/, '')}`;
    const env = {
      HOME: bench.dir,
      XDG_STATE_HOME: join(bench.dir, 'state'),
      SSH_AUTH_SOCK: '',
      H: fleet.inventory,
      NODE: process.execPath,
      KPREP: join(root, 'dist/bin.js'),
    };
    const words = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const { status, stdout, stderr } = await run(inHub(fleet, ['env', ...words, 'sh', '-c', shell]));
    expect([status, stderr]).toEqual([0, number === '6' ? expect.any(String) : '']);
    expect(stdout).toMatch(EXPECTED[number] ?? /^never$/);
    if (number === '12')
      expect(readdirSync(join(bench.dir, 'out')).sort()).toEqual(fleet.hosts.map(({ name }) => name));
  },
  60_000,
);
