import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { down, type Fleet, inHub, run, ssh, up } from '../../support/hosts/index.js';
import { type Bench, eventually, makeBench } from '../../support/kprep.ts';

jest.setTimeout(120_000);

const MARK = '1000.1147';

let fleet: Fleet;
let bench: Bench;

beforeAll(async () => {
  fleet = await up({ name: `pcancel-${process.pid}`, kind: 'chroot', hosts: 12 });
  bench = makeBench(fleet);
  writeFileSync(join(bench.dir, 'kube'), fleet.hosts.map(({ name }) => `${name}\n`).join(''));
});

afterAll(async () => {
  bench.remove();
  await down(fleet.name);
});

function pssh(...argv: string[]): string[] {
  return ['pssh', '-x', `-F ${fleet.sshConfig}`, '-h', join(bench.dir, 'kube'), ...argv];
}

/** Processes with the mark, on all hosts. */
async function sleepers(): Promise<number> {
  const counts = await Promise.all(
    fleet.hosts.map(async ({ name }) => {
      const { stdout } = await ssh(fleet, name, `ps -ef 2>/dev/null | grep '[s]leep ${MARK}' | wc -l`, {
        user: 'root',
      });
      return Number(stdout);
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

test.each([
  ['as the login user', `sleep ${MARK}`],
  ['through sudo', `sudo sleep ${MARK}`],
  ['with children in the background', `sleep ${MARK} & sleep ${MARK}`],
])('%s: nothing runs on after Ctrl-C, and after kill -9', async (_name, command) => {
  const interrupted = bench.start(pssh(command));
  const ended = new Promise<number | null>((resolve) => interrupted.once('exit', resolve));
  await eventually('all hosts sleep', 60, async () => (await sleepers()) >= fleet.hosts.length);
  interrupted.kill('SIGINT');
  expect(await ended).toBe(5);
  await eventually('no host sleeps', 2, async () => (await sleepers()) === 0);

  const killed = bench.start(pssh(command));
  await eventually('all hosts sleep', 60, async () => (await sleepers()) >= fleet.hosts.length);
  killed.kill('SIGKILL');
  await eventually('no host sleeps', 5, async () => (await sleepers()) === 0);
});

test('the time-out kills on the host, where pssh leaves the command running', async () => {
  const { status, stdout } = await bench.kprep(pssh('-t', '3', `echo begun; sleep ${MARK}`));
  expect(status).toBe(3);
  expect(stdout.match(/\[FAILURE\] node\d+ Timed out/g)).toHaveLength(fleet.hosts.length);
  await eventually('no host sleeps', 2, async () => (await sleepers()) === 0);
});

test('what a command leaves in the background goes on running', async () => {
  const { status } = await bench.kprep(pssh(`nohup sleep ${MARK} >/dev/null 2>&1 & sleep 1`));
  expect([status, await sleepers()]).toEqual([0, fleet.hosts.length]);
  expect((await bench.kprep(pssh(`pkill -f '[s]leep ${MARK}'`))).status).toBe(0);
});

test('the variables of pssh are there without AcceptEnv, whatever the login shell', async () => {
  const show = 'sh -c \'echo "$PSSH_NODENUM $PSSH_NUMNODES $PSSH_HOST"\'';
  const hosts = 'ops@node0 pat@node1 fish@node2 csh@node3 root@node4';
  for (const more of [[], ['-O', 'KexAlgorithms=curve25519-sha256'], ['-x', '-tt']]) {
    const line = ['pssh', '-i', '-x', `-F ${fleet.sshConfig}`, ...more, '-H', hosts, show];
    const { status, stdout } = await bench.kprep(line);
    expect({ more, status }).toEqual({ more, status: 0 });
    for (const index of [0, 1, 2, 3, 4]) expect(stdout).toMatch(new RegExp(`\\n${index} 5 node${index}\\r?\\n`));
  }
});

test("what only the system's ssh can do goes to it, and -v says so", async () => {
  const line = pssh('-v', '-i', '-O', 'SetEnv=LANG=kprep', '-O', 'BatchMode=yes', 'true');
  const { status, stderr } = await bench.kprep(line);
  expect(status).toBe(0);
  expect(stderr).toBe("kprep: the system's ssh is used: -o SetEnv=LANG=kprep\n");
  const own = await bench.kprep(pssh('-v', 'true'));
  expect(own.stderr).not.toContain('system');
});

test('a password for all hosts', async () => {
  const reach = [`UserKnownHostsFile=${fleet.knownHosts}`, 'PubkeyAuthentication=no'].flatMap((one) => ['-O', one]);
  const hosts = fleet.hosts.slice(0, 2).map(({ address }) => `pat@${address}`);
  // Without a terminal to ask, the password is the first line of the input.
  const program = fileURLToPath(new URL('../../../dist/bin.js', import.meta.url));
  const kprep = ['env', `HOME=${bench.dir}`, 'SSH_AUTH_SOCK=', 'setsid', '-w', process.execPath, program];
  const line = [...kprep, 'pssh', '-A', '-i', ...reach, '-H', hosts.join(' '), 'id'];
  const { status, stdout } = await run(inHub(fleet, line), { input: 'correct horse\n' });
  expect(status).toBe(0);
  expect(stdout).toMatch(
    /^Warning: do not enter your password if anyone else has superuser\nprivileges or access to your account\.\n/,
  );
  expect(stdout.match(/\(pat\)/g)?.length).toBeGreaterThanOrEqual(2);

  const copy = [...kprep, 'pscp', '-A', ...reach, '-H', hosts.join(' '), fleet.sshConfig, '/tmp/by-password'];
  expect((await run(inHub(fleet, copy), { input: 'correct horse\n' })).status).toBe(0);
  expect((await ssh(fleet, 'node1', 'wc -l </tmp/by-password', { user: 'root' })).stdout.trim()).toMatch(/^[1-9]/);
  expect((await run(inHub(fleet, copy), { input: 'wrong\n' })).status).toBe(4);
});
