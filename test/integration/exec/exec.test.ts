import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Event, TaskFinished } from '../../../src/model/event.ts';
import { down, type Fleet, inHub, type RunResult, run, up } from '../../support/hosts/index.js';
import { type Bench, eventsOf, makeBench } from '../../support/kprep.ts';

let fleet: Fleet;
let bench: Bench;

beforeAll(async () => {
  fleet = await up({ name: `exec-${process.pid}`, kind: 'chroot', hosts: 6 });
  bench = makeBench(fleet);
}, 180_000);

afterAll(async () => {
  bench.remove();
  await down(fleet.name);
});

/** An inventory whose hosts are logged in to as this user. */
function as(user: string): string {
  const hosts = fleet.hosts.map(
    ({ name, address }) =>
      `${name} ansible_host=${address} ansible_user=${user} ansible_ssh_private_key_file=${fleet.key}`,
  );
  return bench.file(`${user}.ini`, `[kube]\n${hosts.join('\n')}\n`);
}

function exec(user: string, ...argv: string[]): Promise<RunResult> {
  return bench.kprep(['exec', 'kube', '-i', as(user), '--known-hosts', fleet.knownHosts, ...argv]);
}

/** With something on standard input. */
function fed(input: string | Buffer, ...argv: string[]): Promise<RunResult> {
  const program = join(import.meta.dirname, '../../../dist/bin.js');
  const env = ['env', `HOME=${bench.dir}`, `XDG_STATE_HOME=${bench.dir}/state`, 'SSH_AUTH_SOCK='];
  const words = ['exec', 'kube', '-i', as('ops'), '--known-hosts', fleet.knownHosts, ...argv];
  return run(inHub(fleet, [...env, process.execPath, program, ...words]), { input });
}

function resultsOf(events: readonly Event[]): Map<string, TaskFinished['result']> {
  const finished = events.filter((event) => event.type === 'task-finished');
  return new Map(finished.map(({ host, result }) => [host, result]));
}

describe('one line for the login shell', () => {
  const rows: readonly (readonly [string, string, string[], string])[] = [
    ['fish', 'set -l x 5; echo $x (math 1 + 1) $argv', [], '5 2'],
    ['csh', 'set y = 3; if ($y == 3) echo $shell', [], '/bin/csh'],
    ['ops', "cd / && echo \"$(pwd)\" 'it''s' | cat", [], '/ its'],
    ['pat', 'a=(1 2); echo ${#a[@]} "${a[1]}"', [], '2 2'],
    ['fish', 'a=(1 2); id -un; echo ${#a[@]}', ['-b'], 'root\n2'],
    ['ops', 'set y = 4; echo $y $user', ['-b', '--become-user', 'csh'], '4 csh'],
  ];
  test.each(rows)(
    '%s: %s %j',
    async (user, line, options, expected) => {
      const { status, stdout } = await exec(user, line, ...options, '--odd', '-v', '-o', 'jsonl');
      const answers = [...resultsOf(eventsOf({ status, stdout, stderr: '', signal: null })).values()];
      expect(answers.map((answer) => answer.stdout?.trimEnd())).toEqual(Array(6).fill(expected));
      expect(status).toBe(0);
    },
    60_000,
  );

  test('what a noisy .bashrc prints is not the output of the command', async () => {
    const { stdout } = await exec('noisy', 'echo quiet');
    expect(stdout).toBe('node[0-5] (6)\nquiet\n');
  }, 60_000);

  test('it is in the process group that the guard kills', async () => {
    const { status, stdout } = await exec('fish', 'sleep 600; echo survived', '--step-timeout', '1');
    expect(status).toBe(2);
    expect(stdout).toMatch(/ failed: node\[0-5\] \(6\)\n +it took longer than it may/);
    const left = await exec('root', "ps -ef | grep -c '[s]leep 600'; true");
    expect(left.stdout).toBe('node[0-5] (6)\n0\n');
  }, 60_000);
});

describe('words', () => {
  test('arrive as they are', async () => {
    const { stdout, status } = await exec('ops', '--', 'printf', '<%s>', "a'b", '$HOME {{ x }}', '*', '', '-n');
    expect(stdout).toBe("node[0-5] (6)\n<a'b><$HOME {{ x }}><*><><-n>\n");
    expect(status).toBe(0);
  }, 60_000);

  test('the environment of each host, by any name and without AcceptEnv', async () => {
    const script = 'echo $KPREP_HOST $KPREP_INDEX $KPREP_TOTAL $PSSH_HOST $PSSH_NODENUM $PSSH_NUMNODES "$MINE"';
    const line = ['--env', 'MINE={{ a }} b', '-b', '--per-host', '--', 'sh', '-c', script];
    const { stdout } = await exec('ops', ...line);
    const blocks = fleet.hosts.map(
      ({ name, index }) => `${name} (1)\n${name} ${index} 6 ${name} ${index} 6 {{ a }} b\n`,
    );
    expect(stdout).toBe(blocks.join(''));
  }, 60_000);

  test('--chdir', async () => {
    expect((await exec('ops', '--chdir', '/usr/bin', '--', 'pwd')).stdout).toBe('node[0-5] (6)\n/usr/bin\n');
    expect((await exec('ops', '--chdir', '~', '--', 'pwd')).stdout).toBe('node[0-5] (6)\n/home/ops\n');
    const missing = await exec('ops', '--chdir', '~/gone', 'pwd');
    expect(missing.stdout).toContain('cannot change to the directory ~/gone');
    expect(missing.status).toBe(2);
  }, 60_000);

  test('--script FILE with arguments, by its own interpreter', async () => {
    const script = bench.file('job.sh', '#!/bin/sh\necho "$# $1 $2"\nexit 4\n');
    const { stdout, status } = await exec('ops', '--script', script, 'o n e', '--', '$two');
    expect(stdout).toMatch(/^node\[0-5\] \(6\): failed, status 4\n2 o n e \$two\n/);
    expect(status).toBe(2);
  }, 60_000);

  test('--stdin: the same for every host, large or small', async () => {
    expect((await fed('a\nb\n', '--stdin', '--', 'wc', '-l')).stdout).toMatch(/^node\[0-5\] \(6\)\n *2\n$/);
    const large = Buffer.alloc(3_000_000, 'x\n');
    expect((await fed(large, '--stdin', 'wc -c')).stdout).toMatch(/^node\[0-5\] \(6\)\n *3000000\n$/);
    expect((await exec('ops', 'wc -c')).stdout).toMatch(/^node\[0-5\] \(6\)\n *0\n$/);
  }, 60_000);
});

describe('how it is run', () => {
  test('--fail-fast starts no further host, and says why', async () => {
    const { status, stdout } = await exec('ops', '-f', '1', '--fail-fast', 'test $KPREP_INDEX != 1 || exit 7');
    expect(stdout).toContain('node1 (1): failed, status 7\n');
    expect(stdout).toMatch(/node\[2-5\] \(4\): cancelled\nit was not started: another host failed \(--fail-fast\)/);
    expect(stdout).toContain('  ok          node0\n');
    expect(status).toBe(2);
  }, 60_000);

  test('--max-fail', async () => {
    const run = (most: string): Promise<RunResult> =>
      exec('ops', '-f', '1', '--max-fail', most, 'test $KPREP_INDEX -ge 2');
    expect((await run('50%')).stdout).toContain('  ok          node[2-5] (4)\n');
    expect((await run('1')).stdout).toMatch(/ cancelled +node\[2-5\] \(4\)\n/);
  }, 60_000);

  test('--serial: one batch after the other', async () => {
    const { stdout } = await exec('ops', '--serial', '2', '-o', 'jsonl', 'date');
    const order = eventsOf({ status: 0, signal: null, stdout, stderr: '' })
      .filter((event) => event.type === 'task-started' || event.type === 'task-finished')
      .map((event) => `${event.type} ${Math.floor(Number(event.host.slice(4)) / 2)}`);
    expect(order).toEqual([...order].sort((a, b) => Number(a.at(-1)) - Number(b.at(-1))));
  }, 60_000);

  test('--retry dials again, and only for a host that cannot be reached', async () => {
    const dead = bench.file('dead.ini', 'dead ansible_host=10.77.0.250\n');
    const started = Date.now();
    const { status, stdout } = await bench.kprep(['exec', 'dead', '-i', dead, '-T', '1', '--retry', '1', '--', 'true']);
    expect(Date.now() - started).toBeGreaterThan(2000);
    expect(stdout).toContain('no connection within 1 s');
    expect(stdout).toContain('(10.77.0.250 port 22)');
    expect(status).toBe(4);
  }, 60_000);

  test('--out-dir and --err-dir hold every byte', async () => {
    mkdirSync(join(bench.dir, 'o'));
    const line = 'printf "a\\000\\377"; echo no >&2; exit $KPREP_INDEX';
    await exec('ops', '--out-dir', join(bench.dir, 'o'), '--err-dir', join(bench.dir, 'e/f'), line);
    for (const { name } of fleet.hosts) {
      expect(readFileSync(join(bench.dir, 'o', name))).toEqual(Buffer.from([0x61, 0, 0xff]));
      expect(readFileSync(join(bench.dir, 'e/f', name), 'utf8')).toBe('no\n');
    }
    expect(readdirSync(join(bench.dir, 'o'))).toHaveLength(6);
  }, 60_000);

  test('--stream: lines with their host, failures after them', async () => {
    const { stdout, stderr } = await exec('ops', '--stream', 'echo one; echo two; echo no >&2; test $KPREP_INDEX != 5');
    const lines = stdout.split('\n').filter((line) => line.startsWith('node') && line.includes(': '));
    expect(lines.sort().slice(0, 4)).toEqual(['node0: one', 'node0: two', 'node1: one', 'node1: two']);
    expect(
      stderr
        .split('\n')
        .filter((line) => line !== '')
        .sort(),
    ).toEqual(fleet.hosts.map(({ name }) => `${name}: no`));
    expect(stdout).toContain('node5 (1): failed, status 1\nRECAP\n');
  }, 60_000);

  test('--odd', async () => {
    const { stdout, status } = await exec('ops', '--odd', 'seq 5; test $KPREP_INDEX != 3 || echo 6');
    expect(stdout).toBe('node[0-2,4-5] (5): the majority, 5 lines\nnode3 (1)\n@@ -3,3 +3,4 @@\n 3\n 4\n 5\n+6\n');
    expect(status).toBe(0);
  }, 60_000);

  test('sudo wants a password everywhere: one cluster, and what to do', async () => {
    const { stdout, status } = await exec('pat', '-b', 'true');
    expect(stdout).toMatch(/failed: node\[0-5\] \(6\)\n +sudo asks for a password\n +→ .*-K/);
    expect(status).toBe(2);
  }, 60_000);
});

describe('other commands', () => {
  test('ping', async () => {
    const { stdout, status } = await bench.kprep(['ping', '-i', as('ops'), '--known-hosts', fleet.knownHosts, '-b']);
    expect(stdout.match(/^node\d: ok, round trip \d+ ms, connected in \d+ ms$/gm)).toHaveLength(6);
    expect(stdout).toMatch(/\n6 answers; round trip/);
    expect(status).toBe(0);
  }, 60_000);

  test('facts', async () => {
    const argv = ['facts', 'node[0:1]', 'hostname,pkg_mgr', '-i', as('ops'), '--known-hosts', fleet.knownHosts];
    const { stdout, status } = await bench.kprep(argv);
    expect(JSON.parse(stdout)).toEqual({
      node0: { ansible_hostname: 'node0', ansible_pkg_mgr: 'apt' },
      node1: { ansible_hostname: 'node1', ansible_pkg_mgr: 'apt' },
    });
    expect(status).toBe(0);
  }, 60_000);

  test('hosts', async () => {
    const hosts = async (...argv: string[]) => (await bench.kprep(['hosts', ...argv, '-i', as('ops')])).stdout;
    expect(await hosts('kube:!node3', '--fold')).toBe('node[0-2,4-5]\n');
    expect(await hosts('node1', 'node0')).toBe('node1\nnode0\n');
    expect(await hosts('--count')).toBe('6\n');
    expect(await hosts('node5', '--json')).toBe('["node5"]\n');
    const ipv6 = bench.file('six.ini', '::1 ansible_user=ops\nfe80::2\n');
    expect((await bench.kprep(['hosts', 'fe80::2', '::1', '-i', ipv6])).stdout).toBe('fe80::2\n::1\n');
    expect((await bench.kprep(['hosts', '-i', ipv6, '-l', 'fe80::2', '-l', '::1', '--count'])).stdout).toBe('2\n');
  }, 60_000);
});
