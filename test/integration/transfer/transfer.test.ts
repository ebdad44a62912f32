import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Event, TaskFinished } from '../../../src/model/event.ts';
import { type TarMember, tarStream } from '../../../src/ssh/transfer/tar-write.ts';
import { cut, down, type Fleet, mend, type RunResult, run, ssh, up } from '../../support/hosts/index.js';
import { type Bench, eventsOf, eventually, makeBench } from '../../support/kprep.ts';

/** node0 dash, node1 bash, node2 busybox, node3 mksh, node4 dash without tar, node5 bash with a small file system. */
let fleet: Fleet;
let bench: Bench;
let tree: string;

beforeAll(async () => {
  fleet = await up({ name: `transfer-${process.pid}`, kind: 'chroot', hosts: 6 });
  bench = makeBench(fleet);
  tree = join(bench.dir, 'tree');
  makeTree(tree);
  await ssh(fleet, 'node4', 'rm -f /bin/tar /usr/bin/tar', { user: 'root' });
}, 180_000);

afterAll(async () => {
  bench.remove();
  await down(fleet.name);
});

function makeTree(root: string): void {
  mkdirSync(join(root, 'sub', 'empty'), { recursive: true });
  for (const name of ["it's $(x) `y`", '-rf', ' blank ', '*', 'ünï'])
    writeFileSync(join(root, 'sub', name), `${name}\n`);
  writeFileSync(join(root, 'none'), '');
  writeFileSync(join(root, 'large'), Buffer.alloc(2_000_001, 'large file '));
  symlinkSync('../none', join(root, 'sub', 'link'));
  chmodSync(join(root, 'none'), 0o600);
  chmodSync(join(root, 'large'), 0o751);
  chmodSync(join(root, 'sub', 'empty'), 0o750);
  for (const path of ['none', 'large', 'sub/empty', 'sub', '.']) utimesSync(join(root, path), 15e8, 15e8);
}

/** Kind, mode, time and name of all below, and the hash of all content, by the tools of the host (or of this machine). */
const PICTURE = `find . ! -type l -exec stat -c '%F %a %Y %n' {} + | sed 's/regular empty file/regular file/' | sort
find . -type f -exec sha256sum {} + | sort; find . -type l | while read -r l; do echo "$l $(readlink "$l")"; done`;

async function pictureOn(host: string, path: string): Promise<string> {
  const { stdout } = await ssh(fleet, host, `cd ${path} && export LC_ALL=C && ${PICTURE}`, { user: 'root' });
  return stdout;
}

function pictureHere(path: string): string {
  return execFileSync('/bin/sh', ['-c', `cd "$1" && export LC_ALL=C && ${PICTURE}`, 'sh', path]).toString();
}

function kprep(command: string, hosts: string, ...more: string[]): Promise<RunResult> {
  return bench.kprep([command, hosts, '-i', fleet.inventory, '--known-hosts', fleet.knownHosts, ...more]);
}

function results(run: RunResult): TaskFinished['result'][] {
  return eventsOf(run)
    .filter((event): event is Event & TaskFinished => event.type === 'task-finished')
    .map(({ result }) => result);
}

async function answer(host: string, command: string): Promise<string> {
  const { stdout, stderr } = await ssh(fleet, host, command, { user: 'root' });
  return (stdout + stderr).trim();
}

/** Everything of ours that could have been left on a host. */
const LEFT = 'find / -xdev -name ".kprep*" ! -path "/proc/*" 2>/dev/null; find /mnt -name ".kprep*" 2>/dev/null';

const become = (): string[] => ['--become-password-file', bench.file('password', 'correct horse\n')];

describe('there and back', () => {
  test.each([
    ['ops', () => ['-u', 'ops']],
    ['ops through sudo', () => ['-u', 'ops', '-b']],
    ['pat through sudo with a password', () => ['-u', 'pat', '-b', ...become()]],
    ['ops as another user', () => ['-u', 'ops', '-b', '--become-user', 'nosudo']],
    ['root', () => ['-u', 'root']],
    ['a user of fish', () => ['-u', 'fish']],
    ['a noisy user of bash', () => ['-u', 'noisy']],
  ])(
    '%s: same content, modes and times; nothing the second time',
    async (name, login) => {
      const there = `/tmp/${name.replaceAll(' ', '-')}`;
      const first = await kprep('copy', 'all', ...login(), '-o', 'jsonl', tree, `${there}/`);
      expect([first.status, results(first).map(({ outcome }) => outcome)]).toEqual([0, Array(6).fill('changed')]);
      for (const host of fleet.hosts) {
        expect([host.name, await pictureOn(host.name, `${there}/tree`)]).toEqual([host.name, pictureHere(tree)]);
      }
      const second = await kprep('copy', 'all', ...login(), '-o', 'jsonl', '--fail-on-change', tree, `${there}/`);
      expect([second.status, results(second).map(({ data }) => data.sent)]).toEqual([0, Array(6).fill(0)]);

      const back = join(bench.dir, 'back', name);
      const fetched = await kprep('fetch', 'all:!node4', ...login(), `${there}/t*`, back);
      expect([fetched.status, readdirSync(back).length]).toEqual([0, 5]);
      for (const host of readdirSync(back)) {
        const picture = pictureHere(join(back, host, there, 'tree'));
        expect([host, picture]).toEqual([host, pictureHere(tree)]);
      }
      expect(await Promise.all(fleet.hosts.map((host) => answer(host.name, LEFT)))).toEqual(Array(6).fill(''));
    },
    120_000,
  );

  test('owner, group and mode; the owner of an old file is kept', async () => {
    const options = ['-u', 'ops', '-b', '--owner', 'pat', '--group', 'ops', '--mode', '0640'];
    const put = await kprep('copy', 'all', ...options, tree, '/tmp/owned/');
    expect(put.status).toBe(0);
    for (const { name } of fleet.hosts) {
      const owners = await answer(
        name,
        'cd /tmp/owned/tree && find . ! -type l -exec stat -c "%F %U:%G %a" {} + | sort -u',
      );
      expect([name, owners.replace('regular empty file', 'regular file').split('\n')]).toEqual([
        name,
        expect.arrayContaining(['directory pat:ops 750', 'regular file pat:ops 640']),
      ]);
      expect(owners.split('\n').filter((line) => !line.includes('pat:ops'))).toEqual([]);
    }
    expect((await kprep('copy', 'all', ...options, '--fail-on-change', tree, '/tmp/owned/')).status).toBe(0);
    writeFileSync(join(bench.dir, 'none'), 'new');
    expect((await kprep('copy', 'all', '-u', 'ops', '-b', join(bench.dir, 'none'), '/tmp/owned/tree')).status).toBe(0);
    for (const { name } of fleet.hosts)
      expect(await answer(name, 'stat -c %U:%G /tmp/owned/tree/none')).toBe('pat:ops');
  }, 120_000);

  test('sync makes it the same and removes what is too much; check mode only says so', async () => {
    const make =
      'mkdir -p /tmp/synced/old/deep /tmp/synced/sub; echo x >/tmp/synced/old/deep/f; echo x >/tmp/synced/large';
    await Promise.all(fleet.hosts.map(({ name }) => ssh(fleet, name, make)));
    const before = await pictureOn('node0', '/tmp/synced');
    const check = await kprep('sync', 'all', '-u', 'ops', '--delete', '-C', tree, '/tmp/synced');
    expect([check.status, check.stdout]).toEqual([0, expect.stringContaining('- remove /tmp/synced/old\n')]);
    expect(await pictureOn('node0', '/tmp/synced')).toBe(before);
    expect((await kprep('sync', 'all', '-u', 'ops', '--delete', tree, '/tmp/synced')).status).toBe(0);
    const strip = (picture: string): string => picture.replace(/^directory \d+ \d+ \.\n/m, '');
    for (const { name } of fleet.hosts)
      expect(strip(await pictureOn(name, '/tmp/synced'))).toBe(strip(pictureHere(tree)));
  }, 120_000);

  test('blocks fold, and the last line has bytes and rate', async () => {
    const late = await kprep('copy', 'all', '-u', 'ops', join(tree, 'large'), '/tmp/folded');
    expect(late.stdout).toBe('node[0-5] (6)\n1 file, 2.0 MB\n');
    expect(late.stderr).toMatch(/^kprep: 12\.0 MB, 6 hosts, [\d.]+ s, [\d.]+ [kM]B\/s\n$/);
  }, 60_000);
});

/** A command inside a host, with the powers that the host itself was denied (mounts). */
async function inside(host: string, command: string): Promise<void> {
  const mark = join(fleet.root(host), 'etc', `mark-${process.pid}`);
  writeFileSync(mark, host);
  const pid = readdirSync('/proc').find(
    (entry) => /^\d+$/.test(entry) && contentOf(`/proc/${entry}/root/etc/mark-${process.pid}`) === host,
  );
  rmSync(mark);
  const argv = ['nsenter', '-t', pid ?? 'none', '-m', '-r', '/bin/sh', '-c', command];
  expect(await run(argv)).toMatchObject({ status: 0 });
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

describe('faults', () => {
  test('a full disk, then a read-only one: the reason is told, the old file stays, nothing lies beside it', async () => {
    await inside('node5', 'mkdir -p /mnt/small && mount -t tmpfs -o size=1m,mode=1777 tmpfs /mnt/small');
    await ssh(fleet, 'node5', 'echo old >/mnt/small/large');
    for (const source of [tree, join(tree, 'large')]) {
      const full = await kprep('copy', 'node0,node5', '-u', 'ops', source, '/mnt');
      expect(full.status).toBe(2);
      const late = await kprep('copy', 'node5', '-u', 'ops', source, '/mnt/small/');
      expect([late.status, late.stdout]).toEqual([
        2,
        expect.stringMatching(/\/mnt\/small: no space left on device\n *→ make room/),
      ]);
      expect(await answer('node5', 'ls -A /mnt/small; cat /mnt/small/large')).toBe('large\nold');
    }
    await inside('node5', 'mount -o remount,ro /mnt/small');
    const late = await kprep('copy', 'node5', '-u', 'ops', join(tree, 'large'), '/mnt/small/');
    expect([late.status, late.stdout.toLowerCase()]).toEqual([2, expect.stringContaining('read-only file system')]);
    expect(await answer('node5', 'ls -A /mnt/small; cat /mnt/small/large')).toBe('large\nold');
  }, 60_000);

  /** Starts a long copy over an old file and waits until it is under way. */
  async function underWay(host: string, place: string) {
    const big = join(bench.dir, 'target');
    writeFileSync(big, '');
    truncateSync(big, 5e8);
    await ssh(fleet, host, `mkdir -p ${place}; echo old >${place}/target`);
    const child = bench.start([
      'copy',
      host,
      '-i',
      fleet.inventory,
      '-u',
      'ops',
      big,
      `${place}/`,
      '-o',
      `jsonl=${big}.jsonl`,
    ]);
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    await eventually('content arrives', 20, async () => {
      const size = await answer(host, `cat ${place}/.kprep*/t/target 2>/dev/null | head -c 1000000 | wc -c`);
      return Number(size) >= 1_000_000;
    });
    return { child, ended, events: () => eventsOf({ stdout: readFileSync(`${big}.jsonl`, 'utf8') } as RunResult) };
  }

  async function clean(host: string, place: string, seconds: number): Promise<void> {
    const there = join(fleet.root(host), place);
    await eventually('nothing is left', seconds, async () => readdirSync(there).length === 1);
    expect(readFileSync(join(there, 'target'), 'utf8')).toBe('old\n');
    expect(readdirSync(join(fleet.root(host), 'tmp')).filter((name) => name.startsWith('.kprep-'))).toEqual([]);
  }

  test.each(['node0', 'node2'])(
    '%s: kprep is killed in the middle',
    async (host) => {
      const { child, ended } = await underWay(host, '/tmp/killed');
      child.kill('SIGKILL');
      await ended;
      await clean(host, '/tmp/killed', 10);
    },
    60_000,
  );

  test('Ctrl-C in the middle', async () => {
    const { child, ended } = await underWay('node1', '/tmp/interrupted');
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    await clean('node1', '/tmp/interrupted', 5);
  }, 60_000);

  test('the target becomes a directory in the middle', async () => {
    const { ended, child } = await underWay('node3', '/tmp/swapped');
    await ssh(fleet, 'node3', 'cd /tmp/swapped && rm target && mkdir target');
    expect(await ended).toBe(2);
    expect(child.killed).toBe(false);
    expect(await answer('node3', 'cd /tmp/swapped && ls -A . target')).toBe('.:\ntarget\n\ntarget:');
  }, 120_000);

  test('the network is cut in the middle: the host cleans up by itself', async () => {
    const { ended, events } = await underWay('node1', '/tmp/cut');
    await cut(fleet, 'node1');
    await clean('node1', '/tmp/cut', 40);
    expect(await ended).toBe(4);
    const left = events().find((event) => event.type === 'host-left');
    expect(left).toMatchObject({
      outcome: 'unreachable',
      failure: { cause: expect.stringMatching(/before anything was changed/) },
    });
    await mend(fleet, 'node1');
  }, 120_000);
});

test('a hostile host writes nothing outside of its own directory', async () => {
  const evil: TarMember[] = [
    { path: '../../escaped', type: 'file', mode: 0o644, mtime: 1, size: 1, content: Buffer.from('x') },
    { path: '/tmp/escaped', type: 'file', mode: 0o644, mtime: 1, size: 1, content: Buffer.from('x') },
    { path: 'out', type: 'link', mode: 0o777, mtime: 1, size: 0, target: '../../..' },
    { path: 'out/escaped', type: 'file', mode: 0o6755, mtime: 1, size: 1, content: Buffer.from('x') },
  ];
  const parts: Buffer[] = [];
  for await (const part of tarStream(evil)) parts.push(part);
  await ssh(fleet, 'node0', 'cat >/usr/local/evil.tar', { user: 'root', input: Buffer.concat(parts) });
  const program = '#!/bin/sh\ncat /usr/local/evil.tar\n';
  await ssh(fleet, 'node0', 'cat >/usr/local/bin/tar; chmod 755 /usr/local/bin/tar', { user: 'root', input: program });
  const into = join(bench.dir, 'evil', 'in');
  const fetched = await kprep('fetch', 'node0', '-u', 'root', '/etc/hostname', into);
  await ssh(fleet, 'node0', 'rm /usr/local/bin/tar', { user: 'root' });
  expect([fetched.status, fetched.stdout]).toEqual([
    2,
    expect.stringContaining('not everything was taken: ../../escaped'),
  ]);
  expect(readdirSync(join(bench.dir, 'evil'))).toEqual(['in']);
  expect(readdirSync(into)).toEqual(['node0']);
  expect(existsSync('/tmp/escaped')).toBe(false);
  expect(execFileSync('find', [into, '-perm', '/6000']).toString()).toBe('');
}, 60_000);
