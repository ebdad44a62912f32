import type { Duplex } from 'node:stream';
import type { ConnectionTarget } from '../../model/connection.ts';
import { KprepError } from '../../shared/errors.ts';
import { type HostConfig, isPlainName } from '../config/host-config.ts';
import type { Link, OpenLink } from './handshake.ts';
import type { Route } from './socket.ts';

/** The jump connections of a run: one to each jump host, whatever the number of hosts behind it. */
export interface Jumps {
  /** A way to the host through the chain. @throws KprepError `unreachable` naming the jump host that would not do. */
  open(
    chain: readonly ConnectionTarget[],
    to: Pick<HostConfig, 'host' | 'port'>,
    signal: AbortSignal,
  ): Promise<{ readonly route: Route; release(): void }>;
}

/** Between two hosts of a serial run the connection is kept, without keeping this program alive. */
const LINGER_MS = 10_000;

/** @param dial logs in to a jump host; over `through` where it is not the first of its chain. */
export function makeJumps(
  dial: (target: ConnectionTarget, through: readonly ConnectionTarget[]) => Promise<OpenLink>,
): Jumps {
  const open = new Map<string, Jump>();
  const acquire = (chain: readonly ConnectionTarget[]): Jump => {
    const key = JSON.stringify(chain.map(({ user, address, port }) => [user, address, port]));
    const known = open.get(key);
    if (known) return known;
    const last = chain.at(-1);
    if (!last) throw new KprepError('bug', 'an empty chain of jump hosts');
    const opening = dial(last, chain.slice(0, -1));
    const jump: Jump = { opening, users: 0, timer: undefined };
    open.set(key, jump);
    const forget = (): void => {
      if (open.get(key) === jump) open.delete(key);
    };
    opening.then(({ link }) => link.closed.then(forget), forget);
    return jump;
  };
  return {
    async open(chain, to, signal) {
      const jump = acquire(chain);
      hold(jump);
      const release = once(() => letGo(jump));
      try {
        const { link } = await orAborted(jump.opening, signal);
        link.route.ref();
        const stream = await orAborted(forward(link, to), signal);
        return { route: { stream, heard: async () => '', unref: () => undefined, ref: () => undefined }, release };
      } catch (error) {
        release();
        const name = chain.at(-1)?.address ?? '';
        throw asJumpError(error, name);
      }
    },
  };
}

interface Jump {
  readonly opening: Promise<OpenLink>;
  users: number;
  timer: NodeJS.Timeout | undefined;
}

function hold(jump: Jump): void {
  jump.users += 1;
  clearTimeout(jump.timer);
}

function letGo(jump: Jump): void {
  jump.users -= 1;
  if (jump.users > 0) return;
  jump.opening.then(
    ({ link, release }) => {
      if (jump.users > 0) return;
      link.route.unref();
      jump.timer = setTimeout(() => {
        link.client.end();
        release();
      }, LINGER_MS).unref();
    },
    () => undefined,
  );
}

function once(call: () => void): () => void {
  let left = 1;
  return () => {
    if (left-- > 0) call();
  };
}

function forward({ client }: Link, { host, port }: Pick<HostConfig, 'host' | 'port'>): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    client.forwardOut('127.0.0.1', 0, host, port, (error, stream) => {
      if (error) {
        const detail = `${host} port ${port}`;
        reject(
          new KprepError('unreachable', `the jump host cannot reach it: ${error.message}`, { cause: error, detail }),
        );
      } else resolve(stream);
    });
  });
}

/** The jump host goes on connecting for the others that wait for it. */
async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function asJumpError(error: unknown, name: string): unknown {
  if (!(error instanceof KprepError)) return error;
  return new KprepError(error.kind, `jump host ${name}: ${error.message}`, {
    cause: error,
    ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
    ...(error.detail === undefined ? {} : { detail: error.detail }),
  });
}

/** `[user@]host[:port]` or `ssh://…`, as ProxyJump takes them. */
export function jumpTargets(jumps: readonly string[]): readonly ConnectionTarget[] {
  return jumps.map((jump) => {
    const match = /^(?:ssh:\/\/)?(?:([^@]+)@)?(\[[^\]]+\]|[^:]+|[^@]*:[^@]*:[^@]*)(?::(\d+))?\/?$/.exec(jump.trim());
    const [, user, host = '', port] = match ?? [];
    const address = host.replace(/^\[|\]$/g, '');
    if (!match || !isPlainName(address) || (user !== undefined && !isPlainName(user))) {
      throw new KprepError('unreachable', `ProxyJump ${JSON.stringify(jump)} is no host`);
    }
    return {
      name: address,
      address,
      privateKeyFiles: [],
      transport: 'ssh',
      ...(user === undefined ? {} : { user }),
      ...(port === undefined ? {} : { port: Number(port) }),
    };
  });
}
