import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connection, ConnectionTarget } from '../model/connection.ts';
import { KprepError } from '../shared/errors.ts';
import type { Carrier, ChannelEnd } from './channel.ts';
import { channelOf } from './child-channel.ts';
import { isPlainName } from './config/host-config.ts';
import { makeConnection } from './connection.ts';
import type { SshOptions } from './options.ts';
import { lastLine } from './sanitise.ts';

/** Without a word from us the master ends itself after this many seconds: this program may be killed. */
const PERSIST_SECONDS = 60;

/**
 * The system's `ssh` as the transport, for what ssh2 cannot do: FIDO keys, certificates, GSSAPI, post-quantum servers. One
 * master connection, each channel through its socket. It reads ssh_config itself; passwords it would ask a terminal for, so
 * they are not possible here.
 * @throws KprepError `unreachable`, `host-key`, `authentication`, `cancelled`
 */
export async function connectOpenSsh(
  target: ConnectionTarget,
  options: SshOptions,
  signal?: AbortSignal,
): Promise<Connection> {
  if (target.password !== undefined) {
    throw new KprepError('authentication', 'a login password cannot be given to the openssh transport', {
      remedy: 'Use a key or an agent, or leave --transport openssh away.',
    });
  }
  const directory = await mkdtemp(join(tmpdir(), 'kprep-'));
  const base = ['-S', join(directory, 's'), ...sshArguments(target, options)];
  const host = hostArgument(target);
  const clean = (): Promise<void> => rm(directory, { recursive: true, force: true });
  try {
    await startMaster([...base, '-o', `ControlPersist=${PERSIST_SECONDS}`, '-M', '-f', '-N', '--', host], signal);
  } catch (error) {
    await clean();
    throw error;
  }
  const { watchSeconds } = options;
  return makeConnection({
    target,
    carrier: masterCarrier([...base, '--', host], [...base, '-O', 'exit', '--', host], clean),
    ...(watchSeconds === undefined ? {} : { watchSeconds }),
  });
}

function sshArguments(target: ConnectionTarget, options: SshOptions): string[] {
  const settings = [
    'BatchMode=yes',
    `ServerAliveInterval=10`,
    'ServerAliveCountMax=2',
    'ForwardX11=no',
    `ConnectTimeout=${target.connectTimeout ?? options.connectTimeout ?? 10}`,
  ];
  const checking = target.hostKeyChecking ?? options.hostKeyChecking ?? 'accept-new';
  settings.push(`StrictHostKeyChecking=${checking}`);
  if (options.knownHostsFiles) settings.push(`UserKnownHostsFile=${options.knownHostsFiles.join(' ')}`);
  return [
    '-T',
    ...(options.configFile === undefined ? [] : ['-F', options.configFile]),
    ...(target.sshArgs ?? []),
    ...settings.flatMap((setting) => ['-o', setting]),
    ...target.privateKeyFiles.flatMap((file) => ['-i', file]),
    ...(target.port === undefined ? [] : ['-p', String(target.port)]),
    ...(target.user === undefined ? [] : ['-l', checked(target.user, 'user')]),
  ];
}

function hostArgument({ address }: ConnectionTarget): string {
  return checked(address, 'host');
}

/** ssh hands them to ProxyCommand and Match exec, thus to a shell. */
function checked(name: string, what: string): string {
  if (isPlainName(name) && !name.startsWith('-')) return name;
  throw new KprepError('unreachable', `${JSON.stringify(name)} is no ${what} name that ssh may be given`);
}

/** `-f` returns once the login worked. */
async function startMaster(args: readonly string[], signal?: AbortSignal): Promise<void> {
  const child = spawn('ssh', args, { stdio: ['ignore', 'ignore', 'pipe'], ...(signal ? { signal } : {}) });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-8192);
  });
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('exit', resolve);
    child.once('error', (error) => {
      if (signal?.aborted) reject(new KprepError('cancelled', 'stopped while connecting', { cause: error }));
      else reject(new KprepError('unreachable', `cannot start ssh: ${error.message}`, { cause: error }));
    });
  });
  // The master keeps the stream; it must not keep us.
  child.stderr.destroy();
  if (status !== 0) throw explain(said, status);
}

function explain(said: string, status: number | null): KprepError {
  const { words, detail } = withoutAddress(lastLine(said) || `ssh ended with status ${status}`);
  if (/host key verification failed|REMOTE HOST IDENTIFICATION/i.test(said)) {
    return new KprepError('host-key', words, detail);
  }
  const denied = /permission denied|too many authentication/i.test(said);
  return new KprepError(denied ? 'authentication' : 'unreachable', words, detail);
}

/** What ssh says of two hosts is folded only where it does not name them. */
function withoutAddress(line: string): { readonly words: string; readonly detail: { readonly detail?: string } } {
  const named = /^(?:ssh: connect to host )?(\S+ port \d+|\S+@[^\s:]+): (.+)$/.exec(line);
  if (named?.[1] === undefined || named[2] === undefined) return { words: line, detail: {} };
  return { words: named[2], detail: { detail: named[1] } };
}

function masterCarrier(session: readonly string[], leave: readonly string[], clean: () => Promise<void>): Carrier {
  const running = new Map<ChildProcess, Promise<ChannelEnd>>();
  return {
    async open(command, { terminal } = {}) {
      // ControlMaster=no: without the master nothing else is dialled by stealth.
      const child = spawn(
        'ssh',
        ['-o', 'ControlMaster=no', '-o', 'ProxyCommand=false', ...(terminal ? ['-tt'] : []), ...session, command],
        {
          stdio: ['pipe', 'pipe', 'pipe'],
        },
      );
      const channel = await channelOf(child, () => child.kill());
      // 255 is ssh's own: nobody knows what became of the program.
      const ended = channel.ended.then((end) => (end.status === 255 ? { status: undefined } : end));
      running.set(child, ended);
      void ended.then(() => running.delete(child));
      return { ...channel, ended };
    },
    reason: () => undefined,
    async close() {
      for (const child of running.keys()) child.stdin?.end();
      await runQuietly(leave);
      await Promise.all(running.values());
      await clean();
    },
  };
}

function runQuietly(args: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn('ssh', args, { stdio: 'ignore' });
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
}
