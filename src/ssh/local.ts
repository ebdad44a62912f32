import { type ChildProcess, spawn } from 'node:child_process';
import type { Connection, ConnectionTarget } from '../model/connection.ts';
import { KprepError } from '../shared/errors.ts';
import type { Carrier, Channel, ChannelEnd } from './channel.ts';
import { makeConnection } from './connection.ts';

export interface LocalOptions {
  /** Environment of what runs; that of this process where absent. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Where it runs; the current directory where absent. */
  readonly directory?: string;
  /** Seconds between two looks of the watchdog. */
  readonly watchSeconds?: number;
}

/** This machine as a host (`connection: local`): the same frames to a `/bin/sh` started here. */
export async function connectLocal(target: ConnectionTarget, options: LocalOptions = {}): Promise<Connection> {
  const { watchSeconds } = options;
  return makeConnection({
    target,
    carrier: localCarrier(target, options),
    ...(watchSeconds === undefined ? {} : { watchSeconds }),
  });
}

function localCarrier(target: ConnectionTarget, { env, directory }: LocalOptions): Carrier {
  const running = new Map<ChildProcess, Promise<ChannelEnd>>();
  return {
    async open(command) {
      const child = spawn(target.shell ?? '/bin/sh', ['-c', command], {
        // A process group of its own: the guard ends all of its group.
        detached: true,
        stdio: ['pipe', 'pipe', 'pipe'],
        ...(env === undefined ? {} : { env: { ...env } }),
        ...(directory === undefined ? {} : { cwd: directory }),
      });
      const channel = await channelOf(child);
      running.set(child, channel.ended);
      void channel.ended.then(() => running.delete(child));
      return channel;
    },
    reason: () => undefined,
    async close() {
      for (const child of running.keys()) child.stdin?.end();
      await Promise.all(running.values());
    },
  };
}

function channelOf(child: ChildProcess): Promise<Channel> {
  return new Promise((resolve, reject) => {
    const { stdin, stdout, stderr } = child;
    if (!stdin || !stdout || !stderr) return reject(new KprepError('bug', 'a child process without pipes'));
    child.once('error', (error) => {
      reject(new KprepError('unreachable', `cannot start a shell here: ${error.message}`, { cause: error }));
    });
    const ended = new Promise<ChannelEnd>((settle) => {
      child.once('close', (status, signal) => {
        settle(signal === null ? { status } : { status, signal: signal.replace(/^SIG/, '') });
      });
    });
    const destroy = (): void => {
      stdin.destroy();
      stdout.destroy();
      stderr.destroy();
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) signalGroup(child.pid);
    };
    child.once('spawn', () => resolve({ stdin, stdout, stderr, ended, destroy }));
  });
}

/** `kill` of Node reaches the one process only. */
function signalGroup(pid: number): void {
  spawn('/bin/sh', ['-c', `kill -TERM -${pid}`], { stdio: 'ignore' }).on('error', () => undefined);
}
