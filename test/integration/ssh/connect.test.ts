import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { LOGIN } from '../../../src/model/connection.ts';
import { sh } from '../../../src/shared/sh.ts';
import { frame } from '../../support/local-frames.ts';
import { type LoopbackSshd, startLoopbackSshd } from '../../support/loopback-sshd.ts';
import { makeSshBench, type SshBench } from '../../support/ssh-bench.ts';

// sudo waits two seconds after a wrong password, sshd too.
jest.setTimeout(30_000);

let server: LoopbackSshd;
let bench: SshBench;
const cleanups: (() => Promise<void> | void)[] = [];
beforeAll(async () => {
  server = await startLoopbackSshd({ addresses: 3 });
});
afterAll(() => server.stop());
beforeEach(() => {
  bench = makeSshBench(server);
});
afterEach(async () => {
  await bench.clean();
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function sshd(options: Parameters<typeof startLoopbackSshd>[0]): Promise<LoopbackSshd> {
  const other = await startLoopbackSshd(options);
  cleanups.push(() => other.stop());
  return other;
}

/** A listener that is no sshd. */
async function listener(onSocket: (socket: Socket, nth: number) => void): Promise<number> {
  let count = 0;
  const sockets = new Set<Socket>();
  const fake: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onSocket(socket, count++);
  });
  fake.listen(0, '127.0.0.1');
  await once(fake, 'listening');
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    fake.close();
  });
  return (fake.address() as { port: number }).port;
}

const whoami = async (connection: Awaited<ReturnType<SshBench['connect']>>): Promise<string> =>
  (await (await connection.shell(LOGIN)).run(frame(sh`id -un`))).stdout.toString().trim();

function key(name: string, ...args: string[]): string {
  const file = join(bench.home, name);
  execFileSync('ssh-keygen', ['-q', '-N', '', '-f', file, ...args]);
  writeFileSync(join(server.directory, 'authorized_keys'), readFileSync(`${file}.pub`), { flag: 'a' });
  return file;
}

describe('logging in', () => {
  test.each([
    ['ed25519', ['-t', 'ed25519']],
    ['ecdsa', ['-t', 'ecdsa', '-b', '384']],
    ['rsa', ['-t', 'rsa', '-b', '2048']],
    ['PEM', ['-t', 'rsa', '-b', '2048', '-m', 'PEM']],
    ['PKCS 8', ['-t', 'ecdsa', '-m', 'PKCS8']],
  ])('a key: %s', async (_, args) => {
    const file = key('k', ...args);
    expect(await whoami(await bench.connect({ privateKeyFiles: [file] }))).toBe(bench.options().user);
  });

  test('an encrypted key: the passphrase of the inventory, else asked for once', async () => {
    const file = key('k', '-t', 'ed25519', '-N', 'open sesame');
    await bench.connect({ privateKeyFiles: [file], privateKeyPassphrase: 'open sesame' });
    const asked: string[] = [];
    const connect = bench.run({
      askPassphrase: async (name) => {
        asked.push(name);
        return 'open sesame';
      },
    });
    await Promise.all(
      server.addresses.map((address) => connect(bench.target({ address, privateKeyFiles: [file] }), {})),
    );
    expect(asked).toEqual([file]);
  });

  test('a wrong passphrase is told, and the host is refused', async () => {
    const file = key('k', '-t', 'ed25519', '-N', 'open sesame');
    const refused = bench.connect({ privateKeyFiles: [file] }, { askPassphrase: async () => 'wrong' });
    await expect(refused).rejects.toMatchObject({ kind: 'authentication' });
    expect(bench.warnings.join()).toContain('does not open');
  });

  test('the agent: its keys, and the locked file that it holds', async () => {
    const socket = join(bench.home, 'agent');
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] });
    cleanups.push(() => end(agent));
    await once(agent.stdout, 'data');
    const file = key('k', '-t', 'ed25519', '-N', 'open sesame');
    const plain = key('plain', '-t', 'rsa', '-b', '2048');
    const ask = join(bench.home, 'ask');
    writeFileSync(ask, '#!/bin/sh\necho open sesame\n', { mode: 0o700 });
    execFileSync('ssh-add', ['-q', file], {
      env: { ...process.env, SSH_AUTH_SOCK: socket, SSH_ASKPASS: ask, SSH_ASKPASS_REQUIRE: 'force', DISPLAY: 'x' },
    });
    const env = (name: string): string | undefined => (name === 'SSH_AUTH_SOCK' ? socket : undefined);
    const askPassphrase = async (): Promise<string> => {
      throw new Error('asked');
    };
    await bench.connect({ privateKeyFiles: [] }, { env });
    await bench.connect({ privateKeyFiles: [file] }, { env, askPassphrase });
    execFileSync('ssh-add', ['-q', '-D'], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: 'ignore' });
    execFileSync('ssh-add', ['-q', plain], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
    await bench.connect({ privateKeyFiles: [] }, { env });
  });

  test('an agent full of other keys does not use up MaxAuthTries', async () => {
    const socket = join(bench.home, 'agent');
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] });
    cleanups.push(() => end(agent));
    await once(agent.stdout, 'data');
    for (let index = 0; index < 8; index++) {
      const file = join(bench.home, `other${index}`);
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file]);
      execFileSync('ssh-add', ['-q', file], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: 'ignore' });
    }
    const agentSocket = socket;
    await bench.connect({}, { agentSocket });
    await expect(bench.connect({ privateKeyFiles: [] }, { agentSocket })).rejects.toMatchObject({
      kind: 'authentication',
      message: expect.stringContaining('took none of'),
    });
  });

  test('nothing to log in with', async () => {
    await expect(bench.connect({ privateKeyFiles: [] })).rejects.toMatchObject({
      kind: 'authentication',
      message: 'there is no key and no password to log in with',
    });
  });

  test('a key that the server does not take, with the name of the file', async () => {
    const file = join(bench.home, 'unknown');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file]);
    await expect(bench.connect({ privateKeyFiles: [file] })).rejects.toMatchObject({
      kind: 'authentication',
      message: `the server took none of: ${file}`,
      remedy: expect.stringContaining('publickey'),
    });
  });

  test('a key file that is not there', async () => {
    await expect(bench.connect({ privateKeyFiles: ['/nowhere/id'] })).rejects.toMatchObject({
      kind: 'authentication',
      message: expect.stringContaining('/nowhere/id'),
    });
  });
});

describe('host keys', () => {
  test('a new host is let in and written down; then it is known', async () => {
    await bench.connect();
    expect(readFileSync(bench.knownHosts, 'utf8')).toBe(`[127.0.0.1]:${server.port} ${server.hostKey.trim()}\n`);
    expect(statSync(join(bench.home, '.ssh')).mode & 0o777).toBe(0o700);
    await bench.connect({ hostKeyChecking: 'yes' });
    const found = execFileSync('ssh-keygen', ['-F', `[127.0.0.1]:${server.port}`, '-f', bench.knownHosts]);
    expect(found.toString()).toContain('found: line 1');
  });

  test('checking yes refuses an unknown host', async () => {
    await expect(bench.connect({ hostKeyChecking: 'yes' })).rejects.toMatchObject({ kind: 'host-key' });
    expect(existsSync(bench.knownHosts)).toBe(false);
  });

  test.each(['accept-new', 'yes'] as const)(
    'a changed key is refused with %s, naming the way out',
    async (hostKeyChecking) => {
      const line = `[127.0.0.1]:${server.port} ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0000000000000000000000000000000000000000000\n`;
      mkdirSync(join(bench.home, '.ssh'));
      writeFileSync(bench.knownHosts, line);
      const refused = bench.connect({ hostKeyChecking });
      await expect(refused).rejects.toMatchObject({ kind: 'host-key', message: expect.stringContaining('changed') });
      await expect(refused).rejects.toMatchObject({
        remedy: expect.stringContaining(`ssh-keygen -f ${bench.knownHosts} -R '[127.0.0.1]:${server.port}'`),
      });
      expect(readFileSync(bench.knownHosts, 'utf8')).toBe(line);
      await bench.connect({ hostKeyChecking: 'no' });
      expect(bench.warnings.join()).toContain('is not the one in');
    },
  );

  test('a known type is asked for first', async () => {
    const other = await sshd({ hostKeyType: 'ed25519' });
    const rsa = join(other.directory, 'rsa');
    execFileSync('ssh-keygen', ['-q', '-t', 'rsa', '-b', '2048', '-N', '', '-f', rsa]);
    const both = await sshd({ config: [`HostKey ${rsa}`] });
    mkdirSync(join(bench.home, '.ssh'));
    const [type, blob] = readFileSync(`${rsa}.pub`, 'utf8').split(' ');
    writeFileSync(bench.knownHosts, `[127.0.0.1]:${both.port} ${type} ${blob}\n`);
    await bench.connect({ port: both.port, privateKeyFiles: [both.identityFile], hostKeyChecking: 'yes' });
  });

  test('a certificate authority is told, with the way out', async () => {
    mkdirSync(join(bench.home, '.ssh'));
    writeFileSync(bench.knownHosts, `@cert-authority * ${server.hostKey.replace(/.{4}$/, 'AAAA')}\n`);
    await expect(bench.connect()).rejects.toMatchObject({
      kind: 'host-key',
      remedy: expect.stringContaining('--transport openssh'),
    });
  });

  test('three connections to one new host write one line', async () => {
    const connect = bench.run();
    await Promise.all([1, 2, 3].map(() => connect(bench.target(), {})));
    expect(readFileSync(bench.knownHosts, 'utf8').trim().split('\n')).toHaveLength(1);
  });
});

describe('not reached', () => {
  test('connection refused, after another try', async () => {
    const port = await listener(() => undefined);
    for (const cleanup of cleanups.splice(0)) await cleanup();
    const waits: number[] = [];
    const sleep = async (ms: number): Promise<void> => void waits.push(ms);
    await expect(bench.connect({ port }, { sleep, random: () => 0 })).rejects.toMatchObject({
      kind: 'unreachable',
      message: 'connection refused',
      detail: `127.0.0.1 port ${port}`,
    });
    expect(waits).toEqual([75, 150]);
  });

  test('a name that does not exist', async () => {
    await expect(bench.connect({ address: 'no-such-host.invalid' })).rejects.toMatchObject({
      kind: 'unreachable',
      message: expect.stringMatching(/^the name/),
      detail: expect.stringMatching(/^no-such-host\.invalid port \d+$/),
    });
  });

  test('a listener that says nothing', async () => {
    const port = await listener(() => undefined);
    await expect(bench.connect({ port, connectTimeout: 0.3 })).rejects.toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('no connection within 0.3 s'),
    });
  });

  test('a listener that hangs up is tried again, with longer waits', async () => {
    const port = await listener((socket) => socket.end('Exceeded MaxStartups\r\n'));
    const waits: number[] = [];
    const sleep = async (ms: number): Promise<void> => void waits.push(ms);
    await expect(bench.connect({ port }, { sleep, random: () => 0.999 })).rejects.toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('hung up at once'),
    });
    expect(waits).toHaveLength(6);
    expect(waits.every((wait, index) => index === 0 || wait > (waits[index - 1] ?? 0))).toBe(true);
  });

  test('something that is no sshd', async () => {
    const port = await listener((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const refused = bench.connect({ port }, { retries: 0 });
    await expect(refused).rejects.toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('no SSH handshake'),
    });
  });

  test('no algorithm in common', async () => {
    const other = await sshd({ config: ['KexAlgorithms sntrup761x25519-sha512@openssh.com'] });
    await expect(bench.connect({ port: other.port })).rejects.toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('no common key exchange algorithm'),
      remedy: expect.stringContaining('--transport openssh'),
    });
    await bench.connect({ port: other.port, transport: 'openssh', privateKeyFiles: [other.identityFile] });
  });

  test('cancelled', async () => {
    const port = await listener(() => undefined);
    const stop = new AbortController();
    const connecting = bench.run()(bench.target({ port }), { signal: stop.signal });
    stop.abort();
    await expect(connecting).rejects.toMatchObject({ kind: 'cancelled' });
  });

  test('a busy server (MaxStartups) is reached in the end', async () => {
    const busy = await sshd({ config: ['MaxStartups 1:100:2'] });
    const connect = bench.run({ retries: 20 });
    const target = bench.target({ port: busy.port, privateKeyFiles: [busy.identityFile], connectTimeout: 30 });
    const connections = await Promise.all(Array.from({ length: 6 }, () => connect(target, {})));
    expect(connections).toHaveLength(6);
  });
});

describe('ways', () => {
  test('jump hosts are shared, and chains work', async () => {
    const far = await sshd({});
    const config = join(bench.home, 'config');
    writeFileSync(
      config,
      `Host jump1
  HostName 127.0.0.2
Host jump2
  HostName 127.0.0.3
  ProxyJump jump1
Host jump1 jump2
  Port ${server.port}
  IdentityFile ${server.identityFile}
Host far*
  HostName 127.0.0.1
  Port ${far.port}
  IdentityFile ${far.identityFile}
  ProxyJump jump2
`,
    );
    const connect = bench.run({ configFile: config });
    const logins = (): number => server.log().split('Accepted publickey').length - 1;
    const before = logins();
    const targets = ['far1', 'far2', 'far3'].map((address) => ({
      name: address,
      address,
      privateKeyFiles: [],
      transport: 'ssh' as const,
    }));
    const connections = await Promise.all(targets.map((target) => connect(target, {})));
    expect(await Promise.all(connections.map(whoami))).toEqual(Array(3).fill(bench.options().user));
    expect(logins() - before).toBe(2);
  });

  test('a jump host that cannot be reached is named', async () => {
    const port = await listener(() => undefined);
    for (const cleanup of cleanups.splice(0)) await cleanup();
    const refused = bench.connect({ sshArgs: ['-J', `127.0.0.1:${port}`] }, { retries: 0 });
    await expect(refused).rejects.toMatchObject({
      kind: 'unreachable',
      message: 'jump host 127.0.0.1: connection refused',
      detail: `127.0.0.1 port ${port}`,
    });
  });

  test('ProxyCommand', async () => {
    const sshArgs = [
      '-o',
      `ProxyCommand=${process.execPath} -e "const s=require('net').connect(%p,'%h');process.stdin.pipe(s).pipe(process.stdout)"`,
    ];
    expect(await whoami(await bench.connect({ sshArgs }))).toBe(bench.options().user);
  });

  test('ProxyCommand that fails is quoted', async () => {
    const sshArgs = ['-o', 'ProxyCommand=sh -c "echo no way out >&2"'];
    await expect(bench.connect({ sshArgs }, { retries: 0 })).rejects.toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('no way out'),
    });
  });

  test.each(['a;reboot', '$(reboot)', '`x`', '-oProxyCommand=x', 'a b'])(
    'the name %s never reaches a shell',
    async (address) => {
      const sshArgs = ['-o', 'ProxyCommand=touch %h'];
      await expect(bench.connect({ address, sshArgs })).rejects.toMatchObject({ kind: 'unreachable' });
      await expect(bench.connect({ address, transport: 'openssh' })).rejects.toMatchObject({ kind: 'unreachable' });
    },
  );
});

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill();
  await gone;
}
