import { type ChildProcess, spawn } from 'node:child_process';
import type { Connection, ConnectionTarget } from '../model/connection.ts';
import type { Carrier, ChannelEnd } from './channel.ts';
import { channelOf } from './child-channel.ts';
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
      const channel = await channelOf(child, () => {
        if (child.pid !== undefined) signalGroup(child.pid);
      });
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

/** `kill` of Node reaches the one process only. */
function signalGroup(pid: number): void {
  spawn('/bin/sh', ['-c', `kill -TERM -${pid}`], { stdio: 'ignore' }).on('error', () => undefined);
}
