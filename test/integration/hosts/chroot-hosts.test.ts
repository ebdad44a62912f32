import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cut, down, type Fleet, find, fleets, mend, relay, run, ssh, sshArgv, up } from '../../support/hosts/index.js';

const name = `chroot-${process.pid}`;
let fleet: Fleet;
beforeAll(async () => {
  fleet = await up({ name, hosts: 5, variants: { node4: ['requiretty'] } });
}, 180_000);
afterAll(() => down(name), 60_000);

const say = async (host: string, command: string, user?: string) => {
  const { status, stdout, stderr } = await ssh(fleet, host, command, user === undefined ? {} : { user });
  return { status, stdout: stdout.trim(), stderr: stderr.trim() };
};

describe('hosts of the kind chroot', () => {
  test('come up once: the same call gives the same fleet, another shape is refused', async () => {
    const again = await up({ name, hosts: 5, variants: { node4: ['requiretty'] } });
    expect(again.hub).toEqual(fleet.hub);
    await expect(up({ name, hosts: 3 })).rejects.toThrow('is up with another shape');
  });

  test.each([
    ['node0', 'dash'],
    ['node1', 'bash'],
    ['node2', '/bin/busybox'],
    ['node3', 'mksh'],
  ])('%s has %s as /bin/sh, and its own name', async (host, shell) => {
    expect(await say(host, 'readlink /bin/sh; hostname; cat /etc/hostname')).toMatchObject({
      stdout: `${shell}\n${host}\n${host}`,
      status: 0,
    });
  });

  test('the busybox host has busybox for a userland, and real sudo', async () => {
    const { stdout, stderr } = await say(
      'node2',
      'for p in sed stat; do readlink -f "$(command -v $p)"; done; sudo -V | head -n 1',
    );
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^\/(usr\/)?bin\/busybox\n\/(usr\/)?bin\/busybox\nSudo version /);
  });

  test('no host has Python', async () => {
    expect(await say('node0', 'ls /usr/bin | grep -c python')).toMatchObject({ stdout: '0' });
  });

  test.each([
    ['ops', 0, 'root', ''],
    ['fish', 0, 'root', ''],
    ['csh', 0, 'root', ''],
    ['root', 0, 'root', ''],
    ['pat', 1, '', 'sudo: a password is required'],
    ['nosudo', 1, '', 'sudo: a password is required'],
  ])('sudo -n as %s ends with %i', async (user, status, stdout, stderr) => {
    expect(await say('node0', 'sudo -n id -un', user)).toEqual({ status, stdout, stderr });
  });

  test('pat becomes root with a password, nosudo does not', async () => {
    const sudo = "sudo -k; sudo -S -p '' id -un";
    const pat = await ssh(fleet, 'node0', sudo, { user: 'pat', input: 'correct horse\n' });
    expect(pat).toMatchObject({ status: 0, stdout: 'root\n' });
    const nosudo = await ssh(fleet, 'node0', sudo, { user: 'nosudo', input: 'battery staple\n' });
    expect(nosudo.status).toBe(1);
    expect(nosudo.stderr).toContain('nosudo is not in the sudoers file');
  });

  test('doas knows ops', async () => {
    expect(await say('node0', 'doas id -un')).toMatchObject({ stdout: 'root', status: 0 });
  });

  test.each([
    ['fish', '/usr/bin/fish', 'set -l x 1; echo $SHELL $x', '/usr/bin/fish 1'],
    ['csh', '/bin/csh', 'set x = 1; echo $SHELL $x', '/bin/csh 1'],
  ])('%s logs in to %s', async (user, _shell, command, answer) => {
    expect(await say('node0', command, user)).toMatchObject({ stdout: answer, stderr: '' });
  });

  test('noisy prints to both streams before the command has its turn', async () => {
    const { stdout, stderr } = await say('node0', 'echo done', 'noisy');
    expect(stdout).toBe('Welcome to the noisy host!\nno newline at the enddone');
    expect(stderr).toBe('warning: noise on stderr');
  });

  test('requiretty is in force where the variant says so', async () => {
    const { status, stderr } = await say('node4', 'sudo -n true');
    expect({ status, stderr }).toEqual({ status: 1, stderr: 'sudo: sorry, you must have a tty to run sudo' });
  });

  test('root on a host cannot reach the machine', async () => {
    const { stdout } = await say('node0', "awk '/CapBnd/ { print $2 }' /proc/1/status", 'root');
    const bounds = BigInt(`0x${stdout}`);
    const SYS_MODULE = 16n;
    const SYS_ADMIN = 21n;
    const SYS_TIME = 25n;
    expect([SYS_MODULE, SYS_ADMIN, SYS_TIME].filter((bit) => (bounds >> bit) & 1n)).toEqual([]);
    expect((await say('node0', 'echo 1 >/proc/sys/vm/overcommit_memory', 'root')).stderr).toContain(
      'Read-only file system',
    );
    expect((await say('node0', 'mount -t tmpfs t /mnt', 'root')).status).not.toBe(0);
  });

  test('each host has a network of its own that it may configure', async () => {
    const before = readFileSync('/proc/sys/net/ipv4/ip_forward', 'utf8');
    expect(await say('node0', 'sudo sysctl -w net.ipv4.conf.all.log_martians=1')).toMatchObject({ status: 0 });
    expect(await say('node1', 'cat /proc/sys/net/ipv4/conf/all/log_martians')).toMatchObject({ stdout: '0' });
    expect(await say('node0', 'sudo nft add table ip kprep && sudo nft list tables')).toMatchObject({
      stdout: 'table ip kprep',
    });
    expect(readFileSync('/proc/sys/net/ipv4/ip_forward', 'utf8')).toBe(before);
  });

  test('a host that is cut off is silent until it is mended', async () => {
    await cut(fleet, 'node3');
    const dead = await run([
      ...sshArgv(fleet, 'node3', { options: ['-o', 'ConnectTimeout=1', '-o', 'BatchMode=yes'] }),
      'true',
    ]);
    expect(dead.status).toBe(255);
    await mend(fleet, 'node3');
    expect(await say('node3', 'echo back')).toMatchObject({ stdout: 'back' });
  });

  test('a relay brings a host to a port of 127.0.0.1', async () => {
    const bridge = await relay(fleet);
    try {
      const address = ['-p', `${bridge.port('node1')}`, '127.0.0.1', 'hostname'];
      const plain = ['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR'];
      const { stdout } = await run(['ssh', '-F', 'none', '-i', fleet.key, '-l', 'ops', ...plain, ...address]);
      expect(stdout).toBe('node1\n');
      expect(bridge.knownHosts()).toContain(`[127.0.0.1]:${bridge.port('node1')} ssh-ed25519 `);
      expect(bridge.inventory()).toContain(`node1 ansible_host=127.0.0.1 ansible_port=${bridge.port('node1')}\n`);
    } finally {
      await bridge.close();
    }
  });

  test('two fleets do not meet, and nothing of a fleet stays', async () => {
    const second = await up({ name: `${name}-b`, hosts: 1 });
    expect((await ssh(second, 'node0', 'cat /etc/machine-id')).stdout).not.toBe(
      (await ssh(fleet, 'node0', 'cat /etc/machine-id')).stdout,
    );
    const { pid } = second.hub;
    expect(processesIn(pid)).not.toEqual([]);
    await down(second.name);
    expect(processesIn(pid)).toEqual([]);
    expect(find(second.name)).toBeUndefined();
    expect(readFileSync('/proc/mounts', 'utf8')).not.toContain(second.directory);
    expect(fleets().map((each) => each.name)).not.toContain(second.name);
  }, 30_000);
});

/** The processes of this machine in the PID namespace of a fleet, by number. */
function processesIn(pid: number): string[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((entry) => ancestors(entry).includes(`${pid}`));
}

function ancestors(pid: string): string[] {
  try {
    const parent = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';
    return parent === '0' ? [pid] : [pid, ...ancestors(parent)];
  } catch {
    return [];
  }
}
