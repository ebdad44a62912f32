import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';

/** An sshd listens on so many addresses at most: MAX_LISTEN_SOCKS in its source. */
const ADDRESSES = 16;

/**
 * This machine's sshd behind many addresses of 127.0.0.0/8, so that it looks like `count` hosts, with what clients need in
 * `directory`: `inventory.ini`, `ssh_config`, `known_hosts`, `id`. `stop` ends it. Commands run as the user who started it,
 * with an empty home, so that nobody's shell profile is measured.
 */
export async function loopbackHosts(directory, count) {
  const at = (name) => join(directory, name);
  for (const key of ['host_key', 'id']) execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at(key)]);
  const hosts = Array.from({ length: count }, (_, index) => ({
    name: `host${index + 1}`,
    address: `127.0.0.${index + 1}`,
  }));
  mkdirSync(at('home'));
  const port = await freePort();
  const servers = [];
  const end = () => Promise.all(servers.map(stop));
  try {
    for (let first = 0; first < count; first += ADDRESSES) {
      const addresses = hosts.slice(first, first + ADDRESSES).map(({ address }) => address);
      servers.push(startServer(at, { addresses, port, number: servers.length }));
    }
    await Promise.all(servers.map((server) => answers(server, port)));
  } catch (error) {
    await end();
    throw error;
  }
  writeFiles(at, { hosts, port });
  return { hosts, inventory: at('inventory.ini'), sshConfig: at('ssh_config'), stop: end };
}

function startServer(at, { addresses, port, number }) {
  const settings = [
    ...addresses.map((address) => `ListenAddress ${address}:${port}`),
    `HostKey ${at('host_key')}`,
    `AuthorizedKeysFile ${at('id.pub')}`,
    'StrictModes no',
    `SetEnv HOME=${at('home')}`,
    'UsePAM no',
    'UseDNS no',
    'PidFile none',
    'MaxStartups 1000',
    'PermitRootLogin yes',
    'Subsystem sftp internal-sftp',
  ];
  const file = at(`sshd_config.${number}`);
  writeFileSync(file, `${settings.join('\n')}\n`);
  // Into a file: who waits for a contender reads no pipe.
  const log = `${file}.log`;
  const process = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', file], {
    stdio: ['ignore', 'ignore', openSync(log, 'w')],
  });
  return { process, log, host: addresses.at(-1) };
}

function writeFiles(at, { hosts, port }) {
  const user = userInfo().username;
  const key = readFileSync(at('host_key.pub'), 'utf8').split(' ').slice(0, 2).join(' ');
  writeFileSync(at('known_hosts'), hosts.map(({ address }) => `[${address}]:${port} ${key}\n`).join(''));
  const common = `  User ${user}\n  Port ${port}\n  IdentityFile ${at('id')}\n  IdentitiesOnly yes\n  UserKnownHostsFile ${at('known_hosts')}\n  StrictHostKeyChecking yes\n  LogLevel ERROR\n`;
  writeFileSync(
    at('ssh_config'),
    `${hosts.map(({ name, address }) => `Host ${name}\n  HostName ${address}\n`).join('')}Host *\n${common}`,
  );
  const vars = [
    `ansible_user=${user}`,
    `ansible_ssh_private_key_file=${at('id')}`,
    'ansible_python_interpreter=/usr/bin/python3',
    `ansible_ssh_common_args='-o UserKnownHostsFile=${at('known_hosts')} -o StrictHostKeyChecking=yes -o IdentitiesOnly=yes'`,
  ];
  const lines = hosts.map(({ name, address }) => `${name} ansible_host=${address} ansible_port=${port}`);
  writeFileSync(at('inventory.ini'), `${lines.join('\n')}\n[all:vars]\n${vars.join('\n')}\n`);
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function answers({ process: sshd, log, host }, port) {
  for (const end = Date.now() + 10_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 20))) {
    if (sshd.exitCode !== null) break;
    const socket = connect({ host, port });
    const greeted = await new Promise((resolve) => {
      socket.on('error', () => resolve(false));
      socket.on('data', () => resolve(true));
    });
    socket.destroy();
    if (greeted) return;
  }
  throw new Error(`sshd does not answer: ${readFileSync(log, 'utf8')}`);
}

async function stop({ process: sshd }) {
  if (sshd.exitCode !== null || sshd.signalCode !== null) return;
  const gone = once(sshd, 'close');
  sshd.kill();
  await gone;
}
