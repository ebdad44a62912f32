import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface LoopbackSshdOptions {
  /** How many addresses of 127.0.0.0/8 answer, from 127.0.0.1 on. Default 1. */
  readonly addresses?: number;
  /** More lines for sshd_config; they come first, so they win. */
  readonly config?: readonly string[];
  /** Type of the host key. Default ed25519. */
  readonly hostKeyType?: 'ed25519' | 'ecdsa' | 'rsa';
  /** Reuse a port: a host that was set up anew. */
  readonly port?: number;
}

/** An OpenSSH server on loopback, as the user of this process. Commands run on this very machine: only harmless ones. */
export interface LoopbackSshd {
  readonly port: number;
  readonly addresses: readonly string[];
  /** The private key that logs in, without passphrase. */
  readonly identityFile: string;
  /** A directory that goes with the server, for files of the test. */
  readonly directory: string;
  /** `type base64` of the host key. */
  readonly hostKey: string;
  /** Process of the listening server. */
  readonly pid: number;
  /** What the server logged so far. */
  log(): string;
  /** Ends the server and every connection of it. */
  stop(): Promise<void>;
}

/** Starts an sshd on a free port. Throws with its log when it does not answer. */
export async function startLoopbackSshd(options: LoopbackSshdOptions = {}): Promise<LoopbackSshd> {
  const directory = mkdtempSync(join(tmpdir(), 'kprep-sshd-'));
  const hostKeyFile = join(directory, 'host_key');
  const identityFile = join(directory, 'id');
  for (const [file, type] of [
    [hostKeyFile, options.hostKeyType ?? 'ed25519'],
    [identityFile, 'ed25519'],
  ] as const) {
    execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', 'kprep-test', '-f', file]);
  }
  writeFileSync(join(directory, 'authorized_keys'), readFileSync(`${identityFile}.pub`), { mode: 0o600 });
  chmodSync(directory, 0o700);
  // The directory of privilege separation; the package's service would make it.
  mkdirSync('/run/sshd', { recursive: true });
  const addresses = Array.from({ length: options.addresses ?? 1 }, (_, index) => addressOf(index));
  for (let tried = 0; ; tried++) {
    const port = options.port ?? 20_000 + Math.floor(Math.random() * 12_000);
    const server = startOn(port, addresses, { directory, hostKeyFile, more: options.config ?? [] });
    if (await answers(server.child, addresses[0] ?? '127.0.0.1', port)) {
      const [type, key] = readFileSync(`${hostKeyFile}.pub`, 'utf8').split(' ');
      return {
        port,
        addresses,
        identityFile,
        directory,
        hostKey: `${type} ${key}`,
        pid: server.child.pid ?? 0,
        log: server.log,
        stop: () => stop(server.child, directory),
      };
    }
    await stop(server.child, undefined);
    if (tried >= 5) throw new Error(`sshd does not answer:\n${server.log()}`);
  }
}

function addressOf(index: number): string {
  const host = index + 1;
  return `127.${(host >> 16) & 255}.${(host >> 8) & 255}.${host & 255}`;
}

interface Files {
  readonly directory: string;
  readonly hostKeyFile: string;
  readonly more: readonly string[];
}

function startOn(
  port: number,
  addresses: readonly string[],
  { directory, hostKeyFile, more }: Files,
): { readonly child: ChildProcess; log(): string } {
  const config = join(directory, 'sshd_config');
  const home = join(directory, 'home');
  mkdirSync(home, { recursive: true });
  // One wildcard address serves them all, and costs one socket.
  const listen = addresses.length > 1 ? ['0.0.0.0'] : addresses;
  const lines = [
    ...more,
    ...listen.map((address) => `ListenAddress ${address}:${port}`),
    `HostKey ${hostKeyFile}`,
    `AuthorizedKeysFile ${join(directory, 'authorized_keys')}`,
    'PidFile none',
    'UsePAM no',
    'StrictModes no',
    'PermitRootLogin yes',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'LogLevel VERBOSE',
    'MaxStartups 200:30:400',
    'PrintMotd no',
    // Nobody's own profile speaks into a test.
    `SetEnv HOME=${home}`,
  ];
  writeFileSync(config, `${lines.join('\n')}\n`);
  let said = '';
  const child = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', config], {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
  });
  return { child, log: () => said };
}

async function answers(child: ChildProcess, address: string, port: number): Promise<boolean> {
  for (const end = Date.now() + 5000; Date.now() < end && child.exitCode === null; ) {
    if (await banner(address, port)) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}

function banner(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, address);
    socket.once('error', () => resolve(false));
    socket.once('data', (data) => {
      socket.destroy();
      resolve(data.toString('latin1').startsWith('SSH-2.0-OpenSSH'));
    });
  });
}

async function stop(child: ChildProcess, directory: string | undefined): Promise<void> {
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    const gone = once(child, 'exit');
    for (const pid of descendants(child.pid)) signal(pid);
    await gone;
  }
  if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
}

/** The server, its connections and what they run. */
function descendants(pid: number): number[] {
  const table = execFileSync('ps', ['-e', '-o', 'pid=,ppid=']).toString().trim().split('\n');
  const pairs = table.map((line) => line.trim().split(/\s+/).map(Number));
  const found = [pid];
  for (const parent of found) {
    for (const [child, of] of pairs) if (of === parent && child !== undefined) found.push(child);
  }
  return found;
}

function signal(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended in between.
  }
}
