import { setTimeout as delay } from 'node:timers/promises';
import type { Connection, ConnectionTarget } from '../../model/connection.ts';
import { KprepError } from '../../shared/errors.ts';
import type { Credentials } from '../auth/attempts.ts';
import { planAttempts } from '../auth/attempts.ts';
import { type HostConfig, hostConfig } from '../config/host-config.ts';
import type { ConfigLine } from '../config/parse.ts';
import { makeConnection } from '../connection.ts';
import type { HostKeyStore } from '../host-keys/store.ts';
import { makeVerifier } from '../host-keys/verify.ts';
import type { SshOptions } from '../options.ts';
import { ssh2Carrier } from './carrier.ts';
import { handshake, type OpenLink } from './handshake.ts';
import { type Jumps, jumpTargets } from './jumps.ts';
import type { Ssh2 } from './library.ts';
import { openProxy, openTcp, Passing, type Route } from './socket.ts';

/** What all connections of a run share. */
export interface Shared {
  readonly ssh2: Ssh2;
  readonly options: SshOptions;
  readonly lines: readonly ConfigLine[];
  readonly credentials: Credentials;
  readonly hostKeys: HostKeyStore;
  readonly jumps: Jumps;
}

/** @throws KprepError `unreachable`, `host-key`, `authentication`, `cancelled` */
export async function connectSsh2(shared: Shared, target: ConnectionTarget, signal?: AbortSignal): Promise<Connection> {
  const { link, release } = await openLink(shared, { target, ...(signal ? { signal } : {}) });
  const { watchSeconds } = shared.options;
  return makeConnection({
    target,
    carrier: ssh2Carrier({ link, onClosed: release }),
    ...(watchSeconds === undefined ? {} : { watchSeconds }),
  });
}

export interface LinkRequest {
  readonly target: ConnectionTarget;
  readonly signal?: AbortSignal;
  /** Jump hosts, instead of what ssh_config says. */
  readonly through?: readonly ConnectionTarget[];
}

/** Dials, shakes hands and logs in; a busy or starting server is tried again, a refusal never. */
export async function openLink(shared: Shared, { target, signal, through }: LinkRequest): Promise<OpenLink> {
  const { options } = shared;
  const config = hostConfig(target, shared.lines, options);
  const chain = through?.length ? through : jumpTargets(config.jumps);
  // Before the clock runs: this may ask the operator for a passphrase.
  const attempts = await planAttempts(target, config, shared.credentials);
  const timeout = new AbortController();
  const waited = setTimeout(() => timeout.abort(timedOut(config)), config.connectTimeoutMs);
  const whole = AbortSignal.any([timeout.signal, ...(signal ? [signal] : [])]);
  try {
    return await withRetries(options, whole, async () => {
      const verifier = await makeVerifier({
        checking: config.checking,
        files: config.knownHostsFiles,
        hashed: config.hashKnownHosts,
        host: config.hostKeyAlias ?? config.host,
        port: config.hostKeyAlias === undefined ? config.port : 22,
        store: shared.hostKeys,
        warn: options.warn,
      });
      const { route, release } = await openRoute(shared, { config, chain, signal: whole });
      try {
        return {
          link: await handshake({ ssh2: shared.ssh2, route, config, verifier, attempts, signal: whole }),
          release,
        };
      } catch (error) {
        route.stream.destroy();
        release();
        throw error;
      }
    });
  } catch (error) {
    if (signal?.aborted) throw new KprepError('cancelled', 'stopped while connecting', { cause: error });
    throw error;
  } finally {
    clearTimeout(waited);
  }
}

interface RouteRequest {
  readonly config: HostConfig;
  readonly chain: readonly ConnectionTarget[];
  readonly signal: AbortSignal;
}

async function openRoute(
  { jumps }: Shared,
  { config, chain, signal }: RouteRequest,
): Promise<{ readonly route: Route; release(): void }> {
  if (chain.length > 0) return jumps.open(chain, config, signal);
  if (config.proxyCommand !== undefined) {
    return { route: openProxy(config.proxyCommand, '/bin/sh'), release: () => undefined };
  }
  return { route: await openTcp(config, signal), release: () => undefined };
}

function timedOut({ host, port, connectTimeoutMs }: HostConfig): KprepError {
  return new KprepError('unreachable', `no connection within ${connectTimeoutMs / 1000} s`, {
    detail: `${host} port ${port}`,
    remedy: 'Give it longer with -T (--timeout), or check that a firewall lets you through.',
  });
}

const REFUSED_TRIES = 2;
const FIRST_WAIT_MS = 150;
const LONGEST_WAIT_MS = 4000;

/** Twice as long each time, between half and all of it by chance, so that many hosts do not come back together. */
async function withRetries<T>(options: SshOptions, signal: AbortSignal, once: () => Promise<T>): Promise<T> {
  const { retries = 6, random = Math.random, sleep = wait } = options;
  for (let tried = 0; ; tried++) {
    try {
      return await once();
    } catch (error) {
      const refused = ((error as Error).cause as NodeJS.ErrnoException | undefined)?.code === 'ECONNREFUSED';
      const most = refused ? Math.min(retries, REFUSED_TRIES) : retries;
      if (!(error instanceof Passing) || tried >= most || signal.aborted) throw error;
      const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** tried);
      await sleep(longest * (0.5 + random() / 2), signal).catch(() => {
        throw error;
      });
    }
  }
}

function wait(ms: number, signal?: AbortSignal): Promise<void> {
  return delay(ms, undefined, signal ? { signal } : {});
}
