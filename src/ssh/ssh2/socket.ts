import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { KprepError } from '../../shared/errors.ts';
import type { HostConfig } from '../config/host-config.ts';
import { lastLine } from '../sanitise.ts';

/** A stream of bytes to a host's sshd. */
export interface Route {
  readonly stream: Duplex;
  /** What a failed way said, for the message. */
  heard(): Promise<string>;
  /** Lets this program end although the way is open. */
  unref(): void;
  ref(): void;
}

/** How many seconds at most lie between packets to a silent host; the time-out of connecting is shorter. */
export function openTcp({ host, port, family }: HostConfig, signal: AbortSignal): Promise<Route> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({ host, port, family, autoSelectFamily: family === 0 });
    const onAbort = (): void => {
      socket.destroy();
      reject(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('error', (error) => {
      signal.removeEventListener('abort', onAbort);
      reject(explainTcp(error, host, port));
    });
    socket.once('connect', () => {
      signal.removeEventListener('abort', onAbort);
      socket.removeAllListeners('error');
      // Later errors are the client's to explain.
      socket.on('error', () => undefined);
      // Without it each small packet waits 40 ms for the acknowledgement of the one before.
      socket.setNoDelay(true);
      resolve({ stream: socket, heard: async () => '', unref: () => socket.unref(), ref: () => socket.ref() });
    });
  });
}

const LAST_WORDS_MS = 500;

/** `ProxyCommand`: a program of the operator's own configuration, run by the shell as ssh runs it (`exec` before it). */
export function openProxy(command: string, shell: string): Route {
  const child = spawn(shell, ['-c', `exec ${command}`], { stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-2048);
  });
  child.stdin.on('error', () => undefined);
  child.on('error', (error) => {
    said += error.message;
    stream.destroy();
  });
  const stream = Duplex.from({ readable: child.stdout, writable: child.stdin });
  stream.on('error', () => undefined);
  stream.once('close', () => child.kill());
  const closed = once(child, 'close').catch(() => undefined);
  const heard = async (): Promise<string> => {
    // Its output may have ended before its complaint was read.
    await Promise.race([closed, delay(LAST_WORDS_MS, undefined, { ref: false })]);
    return lastLine(said);
  };
  return { stream, heard, unref: () => child.unref(), ref: () => child.ref() };
}

/** Marks what is worth another try. */
export class Passing extends KprepError {}

const TCP: Readonly<Record<string, { readonly text: string; readonly passing?: true; readonly remedy?: string }>> = {
  ECONNREFUSED: { text: 'connection refused', passing: true, remedy: 'Is sshd running there, and is the port right?' },
  ECONNRESET: { text: 'connection reset', passing: true },
  EPIPE: { text: 'connection reset', passing: true },
  EAI_AGAIN: { text: 'the name cannot be looked up now', passing: true },
  ENOTFOUND: { text: 'the name is not known', remedy: 'Check the inventory, or give ansible_host.' },
  EHOSTUNREACH: { text: 'no route to the host' },
  ENETUNREACH: { text: 'no route to its network' },
  ETIMEDOUT: { text: 'no answer' },
  EHOSTDOWN: { text: 'the host is down' },
};

function explainTcp(error: NodeJS.ErrnoException, host: string, port: number): KprepError {
  const first = error instanceof AggregateError ? (error.errors[0] as NodeJS.ErrnoException) : error;
  const code = error.code ?? first.code ?? '';
  const known = TCP[code];
  const text = known?.text ?? first.message;
  const options = {
    cause: error,
    detail: `${host} port ${port}`,
    ...(known?.remedy === undefined ? {} : { remedy: known.remedy }),
  };
  return known?.passing ? new Passing('unreachable', text, options) : new KprepError('unreachable', text, options);
}
