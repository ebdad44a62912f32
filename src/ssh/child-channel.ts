import type { ChildProcess } from 'node:child_process';
import { KprepError } from '../shared/errors.ts';
import type { Channel, ChannelEnd } from './channel.ts';

/** The streams and the end of a child process as a channel. `kill` ends what it started. */
export function channelOf(child: ChildProcess, kill: () => void): Promise<Channel> {
  return new Promise((resolve, reject) => {
    const { stdin, stdout, stderr } = child;
    child.once('error', (error) => {
      reject(new KprepError('unreachable', `cannot start ${child.spawnfile}: ${error.message}`, { cause: error }));
    });
    if (!stdin || !stdout || !stderr) return;
    const ended = new Promise<ChannelEnd>((settle) => {
      child.once('close', (status, signal) => {
        settle(signal === null ? { status } : { status, signal: signal.replace(/^SIG/, '') });
      });
    });
    const destroy = (): void => {
      for (const stream of [stdin, stdout, stderr]) stream.destroy();
      if (child.exitCode === null && child.signalCode === null) kill();
    };
    child.once('spawn', () => resolve({ stdin, stdout, stderr, ended, destroy }));
  });
}
