import { randomInt } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { type Connection, type Identity, LOGIN } from '../../../src/model/connection.ts';
import { contentOf } from '../../../src/model/content.ts';
import { sh } from '../../../src/shared/sh.ts';
import { down, type Fleet, type Relay, relay, ssh, up } from '../../support/hosts/index.js';
import { asText, frame } from '../../support/local-frames.ts';
import { makeSshBench, type SshBench } from '../../support/ssh-bench.ts';

// sudo waits two seconds after a wrong password, sshd too.
jest.setTimeout(30_000);

const SHELLS = { dash: 'node0', bash: 'node1', busybox: 'node2', mksh: 'node3' } as const;
const PAT = 'correct horse';
const SUDO: Identity = { method: 'sudo' };

let fleet: Fleet;
let ways: Relay;
let bench: SshBench;
beforeAll(async () => {
  fleet = await up({
    name: `ssh-shells-${process.pid}`,
    hosts: 7,
    variants: {
      node0: ['sh-dash'],
      node1: ['sh-bash'],
      node2: ['sh-busybox'],
      node3: ['sh-mksh'],
      node4: ['requiretty'],
      node5: ['targetpw'],
      node6: ['keyboard-interactive'],
    },
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
afterEach(() => bench.clean());

function login(host: string, user: string): Promise<Connection> {
  return bench.connect({ port: ways.port(host), user });
}

const unique = (): string => `${randomInt(3000, 9000)}.${randomInt(1e6, 9e6)}`;

describe.each(Object.entries(SHELLS))('/bin/sh is %s', (_, host) => {
  describe.each(['root', 'ops', 'pat', 'fish', 'csh', 'noisy'])('login as %s', (user) => {
    test('frames as oneself', async () => {
      const shell = await (await login(host, user)).shell(LOGIN);
      const results = await Promise.all([
        shell.run(frame(sh`id -un; echo err >&2; exit 3`)),
        shell.run(frame(sh`cat`, { stdin: contentOf(Buffer.from([0, 1, 255, 10, 39])) })),
      ]);
      expect(results.map(asText)).toMatchObject([
        { status: 3, stdout: `${user}\n`, stderr: expect.stringMatching(/err\n$/), ended: 'exit' },
        { status: 0, stdout: Buffer.from([0, 1, 255, 10, 39]).toString(), ended: 'exit' },
      ]);
    });

    test.each([[undefined], ['ops']])('frames as another: %s', async (become) => {
      const identity: Identity = {
        method: 'sudo',
        ...(become === undefined ? {} : { user: become }),
        ...(user === 'pat' ? { password: PAT } : {}),
      };
      const connection = await login(host, user);
      const shell = await connection.shell(identity);
      const big = Buffer.alloc(200_000, 'x\0\n');
      const results = await Promise.all([
        shell.run(frame(sh`id -un; echo "$HOME"`)),
        shell.run(frame(sh`cat`, { stdin: contentOf(big) })),
        shell.run(frame(sh`echo kept; exit 4`, { killable: false })),
      ]);
      const name = become ?? 'root';
      expect(results[0]?.stdout.toString()).toBe(`${name}\n${name === 'root' ? '/root' : `/home/${name}`}\n`);
      expect(results[1]?.stdout.equals(big)).toBe(true);
      expect(asText(results[2] as never)).toMatchObject({ status: 4, stdout: 'kept\n' });
    });
  });

  test('the end of the connection kills what root runs', async () => {
    const time = unique();
    const connection = await login(host, 'ops');
    const shell = await connection.shell(SUDO);
    let started = (): void => undefined;
    const up1 = new Promise<void>((resolve) => {
      started = resolve;
    });
    const doomed = shell.run(frame(sh`echo up; sleep ${time} & sleep ${time}`, { onOutput: () => started() }));
    await up1;
    await connection.close();
    await expect(doomed).rejects.toMatchObject({ kind: 'lost' });
    const running = async (): Promise<string> =>
      (await ssh(fleet, host, 'ps -eo pid,ppid,pgid,stat,args', { user: 'root' })).stdout;
    let left = '';
    for (const end = Date.now() + 5000; Date.now() < end; ) {
      left = await running();
      if (!left.includes(time)) break;
    }
    expect(left).not.toContain(time);
  });

  test('time-out and cancel work under sudo', async () => {
    const shell = await (await login(host, 'ops')).shell(SUDO);
    const results = await Promise.all([
      shell.run(frame(sh`sleep ${unique()}`, { timeout: 100 })),
      shell.run(frame(sh`echo next`)),
    ]);
    expect(results.map(({ ended, status }) => [ended, status])).toEqual([
      ['timeout', 143],
      ['exit', 0],
    ]);
  });
});

describe('who may become', () => {
  const refusals: readonly [string, string, string, Identity, string][] = [
    ['no password given', 'node0', 'pat', SUDO, 'sudo asks for a password'],
    ['a wrong password', 'node0', 'pat', { ...SUDO, password: 'wrong' }, 'the sudo password is wrong'],
    ['a wrong password, bash', 'node1', 'pat', { ...SUDO, password: 'wrong' }, 'the sudo password is wrong'],
    ['not in sudoers', 'node0', 'nosudo', { ...SUDO, password: 'battery staple' }, 'nosudo is not in the sudoers file'],
    ['no such user', 'node0', 'ops', { ...SUDO, user: 'nobody-here' }, 'there is no user nobody-here on the host'],
    ['no such program', 'node0', 'ops', { ...SUDO, executable: '/nowhere/sudo' }, '/nowhere/sudo: command not found'],
    ['no such program, fish', 'node0', 'fish', { ...SUDO, executable: 'nosuch' }, 'nosuch: command not found'],
    ['no such program, csh', 'node0', 'csh', { ...SUDO, executable: 'nosuch' }, 'nosuch: command not found'],
    ['doas without a rule', 'node0', 'nosudo', { method: 'doas' }, 'doas does not allow a shell as root'],
    ['a terminal, and a wrong password', 'node4', 'pat', { ...SUDO, password: 'wrong' }, 'the sudo password is wrong'],
    ['a terminal, and no password', 'node4', 'pat', SUDO, 'sudo asks for a password'],
    ['a terminal, for another than root', 'node4', 'ops', { ...SUDO, user: 'pat' }, 'sudo requires a tty'],
    ['doas and a wrong password', 'node0', 'pat', { method: 'doas', password: 'wrong' }, 'the doas password is wrong'],
    ['su with a wrong password', 'node0', 'ops', { method: 'su', password: 'wrong' }, 'the su password is wrong'],
    ['su without a password', 'node0', 'ops', { method: 'su' }, 'su asks for a password'],
  ];
  test.each(refusals)('%s', async (_, host, user, identity, message) => {
    const connection = await login(host, user);
    const opening = connection.shell(identity).then((shell) => shell.run(frame(sh`echo in`)));
    await expect(opening).rejects.toMatchObject({ kind: 'become', message });
  });

  const grants: readonly [string, string, string, Identity][] = [
    ['a password that nobody asks for', 'node0', 'ops', { ...SUDO, password: 'geheim-never-sent' }],
    ['the password of root (targetpw)', 'node5', 'pat', { ...SUDO, password: 'root of all' }],
    ['doas without a password', 'node0', 'ops', { method: 'doas' }],
    ['su with the password of root', 'node0', 'pat', { method: 'su', password: 'root of all' }],
    ['sudo that wants a terminal', 'node4', 'ops', SUDO],
    ['sudo that wants a terminal and a password', 'node4', 'pat', { ...SUDO, password: PAT }],
    ['doas with a password', 'node0', 'pat', { method: 'doas', password: PAT }],
    ['su from root', 'node0', 'root', { method: 'su' }],
    ['su from a csh login', 'node0', 'csh', { method: 'su', password: 'root of all' }],
  ];
  test.each(grants)('%s', async (_, host, user, identity) => {
    const shell = await (await login(host, user)).shell(identity);
    const [who, rest] = await Promise.all([shell.run(frame(sh`id -un`)), shell.run(frame(sh`cat; echo end`))]);
    expect([who.stdout.toString(), rest.stdout.toString()]).toEqual(['root\n', 'end\n']);
  });

  test('nothing stays behind on the hosts', async () => {
    const attempts: readonly [string, string, Identity][] = [
      ['node4', 'pat', { ...SUDO, password: 'wrong' }],
      ['node4', 'ops', SUDO],
      ['node0', 'ops', SUDO],
    ];
    for (const [host, user, identity] of attempts) {
      const connection = await login(host, user);
      await connection
        .shell(identity)
        .then((shell) => shell.run(frame(sh`cat`, { killable: false, stdin: contentOf(Buffer.alloc(50_000)) })))
        .catch((error: Error) => expect(error.message).toBe('the sudo password is wrong'));
      await connection.close();
    }
    const traces = async (host: string): Promise<string> =>
      (
        await ssh(fleet, host, 'ls -d /tmp/.kprep* /var/tmp/.kprep* /var/lib/.kprep 2>/dev/null; true', {
          user: 'root',
        })
      ).stdout;
    for (const host of ['node0', 'node4']) {
      let left = await traces(host);
      for (const end = Date.now() + 5000; left !== '' && Date.now() < end; ) left = await traces(host);
      expect(left).toBe('');
    }
  }, 20_000);

  test('a second chance after a wrong password', async () => {
    const connection = await login('node0', 'pat');
    await expect(connection.shell({ ...SUDO, password: 'wrong' })).rejects.toMatchObject({ kind: 'become' });
    const shell = await connection.shell({ ...SUDO, password: PAT });
    expect((await shell.run(frame(sh`id -un`))).stdout.toString()).toBe('root\n');
  });

  test('passwords and scripts are in no log of sudo', async () => {
    const secret = `geheim-${unique()}`;
    const shell = await (await login('node0', 'pat')).shell({ ...SUDO, password: PAT });
    await shell.run(frame(sh`: ${secret}`, { env: { X: secret } }));
    const logs = await shell.run(frame(sh`cat /var/log/auth.log /var/log/syslog /var/log/sudo.log 2>/dev/null; true`));
    expect(logs.stdout.toString()).not.toContain(secret);
    expect(logs.stdout.toString()).not.toContain(PAT);
  });
});

describe('login by password', () => {
  test('password', async () => {
    const connection = await bench.connect({
      port: ways.port('node0'),
      user: 'pat',
      password: PAT,
      privateKeyFiles: [],
    });
    expect((await (await connection.shell(LOGIN)).run(frame(sh`id -un`))).stdout.toString()).toBe('pat\n');
  });

  test('keyboard-interactive', async () => {
    const connection = await bench.connect({
      port: ways.port('node6'),
      user: 'pat',
      password: PAT,
      privateKeyFiles: [],
    });
    expect((await (await connection.shell(LOGIN)).run(frame(sh`id -un`))).stdout.toString()).toBe('pat\n');
  });

  test('a wrong password', async () => {
    const refused = bench.connect({ port: ways.port('node0'), user: 'pat', password: 'wrong', privateKeyFiles: [] });
    await expect(refused).rejects.toMatchObject({
      kind: 'authentication',
      message: expect.stringContaining('password'),
    });
  });
});
