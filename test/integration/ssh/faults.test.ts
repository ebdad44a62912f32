import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, connect as dial, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { LOGIN } from '../../../src/model/connection.ts';
import { sh } from '../../../src/shared/sh.ts';
import { collectSpooled, listSpooled } from '../../../src/ssh/index.ts';
import { cut, down, type Fleet, mend, type Relay, relay, ssh, up } from '../../support/hosts/index.js';
import { type KillableClient, startClient } from '../../support/killable-client.ts';
import { frame } from '../../support/local-frames.ts';
import { makeSshBench, type SshBench } from '../../support/ssh-bench.ts';

// sudo waits two seconds after a wrong password, sshd too.
jest.setTimeout(30_000);

let fleet: Fleet;
let ways: Relay;
let bench: SshBench;
const clients: KillableClient[] = [];
const closers: (() => void)[] = [];

beforeAll(async () => {
  fleet = await up({
    name: `ssh-faults-${process.pid}`,
    hosts: 3,
    variants: { node0: ['sh-dash'], node1: ['sh-bash'], node2: ['sh-busybox'] },
  });
  ways = await relay(fleet);
}, 240_000);
afterAll(async () => {
  await ways?.close();
  if (fleet) await down(fleet.name);
}, 60_000);
beforeEach(() => {
  bench = makeSshBench({ port: 1, identityFile: fleet.key });
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.kill();
  for (const close of closers.splice(0)) close();
  await bench.clean();
});

const unique = (): string => `${randomInt(3000, 9000)}.${randomInt(1e6, 9e6)}`;
const SUDO = { method: 'sudo' } as const;

function start(
  host: string,
  order: Pick<Parameters<typeof startClient>[0], 'script' | 'killable'> & object,
): KillableClient {
  const target = bench.target({ port: ways.port(host), user: 'ops' });
  const client = startClient({ target, identity: SUDO, ...order });
  clients.push(client);
  return client;
}

async function gone(host: string, needle: string, ms: number): Promise<boolean> {
  for (const end = Date.now() + ms; Date.now() < end; ) {
    const { stdout } = await ssh(fleet, host, 'ps -eo args', { user: 'root' });
    if (!stdout.includes(needle)) return true;
  }
  return false;
}

describe.each(['node0', 'node1', 'node2'])('on %s', (host) => {
  test('kill -9 of kprep: what root ran is gone within 5 s, its children too', async () => {
    const time = unique();
    const client = start(host, { script: `echo up; sleep ${time} & sleep ${time}`, killable: true });
    expect(await client.line()).toBe('up');
    await client.kill();
    expect(await gone(host, time, 5000)).toBe(true);
  }, 20_000);

  test('kill -9 of kprep: what must not be killed goes on, and its result is collected later', async () => {
    const spoolAs = `test-${randomInt(1e9)}`;
    const script = 'echo begun; sleep 2; echo end; echo why >&2; exit 5';
    const client = start(host, { script, killable: false, ...{ spoolAs } });
    const shell = await (await bench.connect({ port: ways.port(host), user: 'ops' })).shell(SUDO);
    const find = async (): Promise<Awaited<ReturnType<typeof listSpooled>>[number] | undefined> =>
      (await listSpooled(shell)).find(({ name }) => name === spoolAs);
    let found = await find();
    for (; !found; found = await find());
    expect(found.state).toBe('running');
    await expect(collectSpooled(shell, found)).rejects.toMatchObject({ kind: 'task' });
    await client.kill();
    for (; found?.state === 'running'; found = await find());
    expect(found).toMatchObject({ state: 'finished', status: 5 });
    const result = await collectSpooled(shell, found ?? { path: '' });
    expect([result.status, result.stdout.toString(), result.stderr.toString()]).toEqual([5, 'begun\nend\n', 'why\n']);
    expect(await find()).toBeUndefined();
    expect((await shell.run(frame(sh`ls -d /var/lib/.kprep`))).status).not.toBe(0);
  }, 20_000);
});

test('a silent cut: the host kills within the heartbeat, and we know it', async () => {
  const time = unique();
  const target = bench.target({ port: ways.port('node0'), user: 'ops' });
  const client = startClient({
    target,
    identity: SUDO,
    script: `echo up; sleep ${time}`,
    killable: true,
    watchSeconds: 3,
  });
  clients.push(client);
  expect(await client.line()).toBe('up');
  await cut(fleet, 'node0');
  try {
    // The host is seen from inside only: its processes are ours too.
    const { readdirSync, readFileSync } = await import('node:fs');
    const alive = (): boolean =>
      readdirSync('/proc').some((pid) => {
        try {
          return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(`sleep\0${time}`);
        } catch {
          return false;
        }
      });
    expect(alive()).toBe(true);
    const begun = Date.now();
    while (alive() && Date.now() - begun < 30_000) await new Promise((resolve) => setTimeout(resolve, 100));
    expect(Date.now() - begun).toBeLessThan(13_000);
    expect(await client.line()).toBe('error lost');
    expect(Date.now() - begun).toBeLessThan(40_000);
  } finally {
    await mend(fleet, 'node0');
  }
}, 90_000);

/** A way that can be cut like a cable that is pulled out of the switch: both ends are told. */
async function breakable(to: number): Promise<{ readonly port: number; cut(): void }> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = dial(to, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    near.pipe(far).pipe(near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cutAll = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  closers.push(() => {
    cutAll();
    server.close();
  });
  return { port: (server.address() as { port: number }).port, cut: cutAll };
}

describe('a connection that is reset in the middle', () => {
  test.each([true, false])(
    'a frame is lost, killable %s',
    async (killable) => {
      const way = await breakable(ways.port('node0'));
      const connection = await bench.connect({ port: way.port, user: 'ops' });
      const shell = await connection.shell(LOGIN);
      const running = shell.run(frame(sh`sleep 1; exit 0`, { killable }));
      const queued = shell.run(frame(sh`echo later`));
      await new Promise((resolve) => setTimeout(resolve, 300));
      way.cut();
      await expect(running).rejects.toMatchObject({
        kind: 'lost',
        message: expect.stringContaining(killable ? 'was reset' : 'goes on by itself'),
      });
      await expect(queued).rejects.toMatchObject({ kind: 'lost' });
      await expect(shell.run(frame(sh`echo more`))).rejects.toMatchObject({ kind: 'lost' });
      await expect(connection.exec('true')).rejects.toMatchObject({ kind: 'lost' });
    },
    20_000,
  );

  test('a raw command is lost, not done', async () => {
    const way = await breakable(ways.port('node0'));
    const connection = await bench.connect({ port: way.port, user: 'ops' });
    const running = connection.exec('sleep 2');
    await new Promise((resolve) => setTimeout(resolve, 300));
    way.cut();
    await expect(running).rejects.toMatchObject({ kind: 'lost' });
  }, 20_000);
});

describe('raw commands', () => {
  test('status, signal, streams, input', async () => {
    const connection = await bench.connect({ port: ways.port('node0'), user: 'ops' });
    expect(
      await connection.exec('cat; echo e >&2; exit 3', {
        stdin: (await import('../../../src/model/content.ts')).contentOf('in'),
      }),
    ).toMatchObject({
      status: 3,
      stdout: Buffer.from('in'),
      stderr: Buffer.from('e\n'),
      ended: 'exit',
    });
    expect(await connection.exec('kill -9 $$')).toMatchObject({ status: null, signal: 'KILL' });
    expect(await connection.exec('sleep 5', { timeout: 50 })).toMatchObject({ status: null, ended: 'timeout' });
    expect(await connection.exec('head -c 5000000 /dev/zero', { maxOutput: 10 })).toMatchObject({ dropped: 4_999_990 });
  });

  test('many at once: MaxSessions is waited for', async () => {
    const connection = await bench.connect({ port: ways.port('node1'), user: 'ops' });
    const results = await Promise.all(Array.from({ length: 14 }, (_, index) => connection.exec(`echo ${index}`)));
    expect(results.map(({ stdout }) => stdout.toString().trim())).toEqual(results.map((_, index) => String(index)));
  });
});
