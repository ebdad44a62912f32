import type { Client, ConnectConfig } from 'ssh2';
import { KprepError } from '../../shared/errors.ts';
import type { Attempt } from '../auth/attempts.ts';
import type { HostConfig } from '../config/host-config.ts';
import type { HostKeyVerifier } from '../host-keys/verify.ts';
import { sanitise } from '../sanitise.ts';
import { signAtOnce } from './direct-auth.ts';
import type { Ssh2 } from './library.ts';
import { Passing, type Route } from './socket.ts';
import { spareProof } from './spare-proof.ts';

export interface HandshakeOptions {
  readonly ssh2: Ssh2;
  readonly route: Route;
  readonly config: HostConfig;
  readonly verifier: HostKeyVerifier;
  readonly attempts: readonly Attempt[];
  readonly signal: AbortSignal;
}

/** An authenticated client, and why it went when it goes. */
export interface Link {
  readonly client: Client;
  readonly route: Route;
  readonly closed: Promise<void>;
  /** The last thing that went wrong. */
  reason(): string | undefined;
}

export interface OpenLink {
  readonly link: Link;
  /** Gives the way (jump hosts) back. */
  release(): void;
}

/** @throws KprepError `unreachable` (a `Passing` one may be tried again), `host-key`, `authentication` */
export function handshake(options: HandshakeOptions): Promise<Link> {
  const { ssh2, route, signal } = options;
  const client = new ssh2.Client();
  const state: State = { shaken: false, tried: [], offered: undefined };
  let last: Error | undefined;
  // ssh2 may emit errors before, after and instead of 'close', even after end(): without a listener the process would die.
  client.on('error', (error: Error) => {
    last ??= error;
  });
  client.on('handshake', () => {
    state.shaken = true;
    signAtOnce(client);
    spareProof(client);
  });
  const closed = new Promise<void>((resolve) => {
    client.on('close', () => resolve());
  });
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      route.stream.destroy();
      reject(signal.reason);
    };
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    void closed.then(async () => {
      signal.removeEventListener('abort', onAbort);
      reject(state.refused ?? explain(last, state, await route.heard()));
    });
    client.on('ready', () => {
      signal.removeEventListener('abort', onAbort);
      last = undefined;
      resolve({ client, route, closed, reason: () => last && sayWhy(last) });
    });
    client.connect(connectConfig(options, state));
  });
}

interface State {
  shaken: boolean;
  /** Labels of what was shown. */
  readonly tried: string[];
  /** Methods that the server goes on to take. */
  offered: readonly string[] | undefined;
  refused?: Error;
}

function connectConfig({ route, config, verifier, attempts }: HandshakeOptions, state: State): ConnectConfig {
  const left = [...attempts];
  return {
    sock: route.stream,
    username: config.user,
    keepaliveInterval: config.aliveIntervalMs,
    keepaliveCountMax: config.aliveCountMax,
    // The whole of connecting has a time-out of its own.
    readyTimeout: 0,
    algorithms: {
      serverHostKey: verifier.algorithms as NonNullable<ConnectConfig['algorithms']>['serverHostKey'] & [],
    },
    hostVerifier: (blob: Buffer, answer: (good: boolean) => void) => {
      verifier.verify(blob).then(
        () => answer(true),
        (error: Error) => {
          state.refused = error;
          answer(false);
        },
      );
    },
    authHandler: (offered: readonly string[] | null, _partial, next) => {
      if (offered) state.offered = offered;
      let attempt = left.shift();
      while (attempt && offered && !offered.includes(attempt.method)) attempt = left.shift();
      if (!attempt) return (next as unknown as (none: false) => void)(false);
      state.tried.push(attempt.label);
      next(attempt.auth);
    },
  };
}

function explain(error: Error | undefined, state: State, heard: string): KprepError {
  const { level } = (error ?? {}) as { level?: string };
  const text = error?.message ?? '';
  if (level === 'client-authentication' || /too many authentication failures/i.test(text))
    return refusedAuth(state, text);
  if (/no matching .* algorithm/i.test(text)) {
    return new KprepError('unreachable', `no common ${/no matching (.*) algorithm/i.exec(text)?.[1] ?? ''} algorithm`, {
      remedy: '--transport openssh knows more algorithms (post-quantum key exchange among them).',
      ...(error ? { cause: error } : {}),
    });
  }
  if (state.tried.length > 0) {
    const after = text ? `: ${sanitise(text)}` : '';
    return new KprepError('authentication', `the server closed the connection during authentication${after}`);
  }
  const what = state.shaken ? 'the server closed the connection before authentication' : 'no SSH handshake';
  const why = [sayWhy(error), heard].filter((part) => part).join('; ');
  return new Passing('unreachable', why ? `${what}: ${why}` : what, {
    remedy: 'The server may be busy (MaxStartups), or deny this address.',
    ...(error ? { cause: error } : {}),
  });
}

function refusedAuth({ tried, offered }: State, text: string): KprepError {
  const methods = offered ? ` It takes ${offered.join(', ')}.` : '';
  if (tried.length === 0) {
    return new KprepError('authentication', 'there is no key and no password to log in with', {
      remedy: `Name a key with --private-key, start an SSH agent, or use -k for a password.${methods}`,
    });
  }
  const many = /too many/i.test(text) ? ' (too many attempts for it)' : '';
  return new KprepError('authentication', `the server took none of: ${tried.join(', ')}${many}`, {
    remedy: `Check the user name, and ~/.ssh/authorized_keys there.${methods}`,
  });
}

/** ssh2's messages in plain words. */
function sayWhy(error: Error | undefined): string {
  if (!error) return '';
  if (error.message === 'Keepalive timeout') return 'the host stopped answering';
  if (error.message === 'Connection lost before handshake') return 'the server hung up at once';
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'the connection was reset';
  return sanitise(error.message);
}
