import { type ChildProcess, spawn } from 'node:child_process';
import type {
  Connect,
  Connection,
  ConnectionTarget,
  ExecOptions,
  ExecResult,
  Frame,
  FrameResult,
  Identity,
  Shell,
} from '../../src/model/connection.ts';
import { KprepError } from '../../src/shared/errors.ts';

/** What a fake host does wrong, and what it saw. */
export interface FakeHost {
  /** Thrown by `connect`, once each; then it connects. `always` throws for ever. */
  refuse?: { error: KprepError; times: number | 'always' };
  /** The connection is lost when a frame whose script matches runs: before it ran, or after. */
  loseAt?: { pattern: RegExp; when: 'before' | 'after' };
  /** Thrown when a shell of such a user is opened. */
  becomeError?: KprepError;
  /** Awaited before a frame whose script matches is run. */
  gate?: { pattern: RegExp; until: Promise<void> };
  /** Every frame, in the order in which it ran. */
  readonly frames: { readonly script: string; readonly identity: Identity; readonly killable: boolean }[];
  readonly connections: Connection[];
  /** Connections that were not closed or lost. */
  open: number;
}

export interface Fleet {
  readonly connect: Connect;
  host(name: string): FakeHost;
  /** Hosts with a frame running, now and at most. */
  readonly load: { now: number; most: number };
}

/** Hosts whose shells run frames on this machine's /bin/sh, one after the other, with the round trips that a pipelined line would need. */
export function makeFleet(): Fleet {
  const hosts = new Map<string, FakeHost>();
  const load = { now: 0, most: 0 };
  const host = (name: string): FakeHost => {
    const known = hosts.get(name) ?? { frames: [], connections: [], open: 0 };
    hosts.set(name, known);
    return known;
  };
  const connect: Connect = async (target) => {
    const fake = host(target.name);
    await Promise.resolve();
    if (fake.refuse && fake.refuse.times !== 0) {
      if (fake.refuse.times !== 'always') fake.refuse.times--;
      throw fake.refuse.error;
    }
    const connection = fakeConnection(target, fake, load);
    fake.connections.push(connection);
    fake.open++;
    return connection;
  };
  return { connect, host, load };
}

function fakeConnection(target: ConnectionTarget, fake: FakeHost, load: Fleet['load']): Connection {
  const shells = new Map<string, Promise<Shell>>();
  // A frame's depth is one more than that of the deepest answer that had come when it was sent: what a real line would wait for.
  const line = { depth: 0, answered: 0, lost: false, children: new Set<ChildProcess>() };
  return {
    target,
    get roundTrips() {
      return line.depth;
    },
    shell(identity) {
      const key = JSON.stringify(identity);
      const opened = shells.get(key) ?? openShell(identity);
      shells.set(key, opened);
      return opened;
    },
    async exec(command, options = {}): Promise<ExecResult> {
      const result = await runSh(command, { ...options, environment: 'user' }, line.children);
      return { ...result, status: result.status };
    },
    async close() {
      if (!line.lost) fake.open--;
      line.lost = true;
      for (const child of line.children) child.kill('SIGKILL');
    },
  };

  async function openShell(identity: Identity): Promise<Shell> {
    await Promise.resolve();
    if (fake.becomeError && identity.method !== 'none') throw fake.becomeError;
    let previous: Promise<unknown> = Promise.resolve();
    return {
      run(frame) {
        const depth = line.answered + 1;
        line.depth = Math.max(line.depth, depth);
        const result = previous.then(() => runFrame(frame, identity));
        previous = result.catch(() => undefined);
        return result.then((done) => {
          line.answered = Math.max(line.answered, depth);
          return done;
        });
      },
    };
  }

  async function runFrame(frame: Frame, identity: Identity): Promise<FrameResult> {
    if (frame.signal?.aborted && frame.killable) return cancelled();
    const fails = fake.loseAt?.pattern.test(frame.script);
    if (line.lost || (fails && fake.loseAt?.when === 'before')) throw lose();
    if (fake.gate?.pattern.test(frame.script)) await fake.gate.until;
    fake.frames.push({ script: frame.script, identity, killable: frame.killable });
    load.now++;
    load.most = Math.max(load.most, load.now);
    try {
      const result = await runSh(frame.script, frame, line.children);
      if (fails) throw lose();
      return result;
    } finally {
      load.now--;
    }
  }

  function lose(): KprepError {
    if (!line.lost) fake.open--;
    line.lost = true;
    delete fake.loseAt;
    return new KprepError('lost', 'the connection was closed');
  }
}

function cancelled(): FrameResult {
  return { status: 143, stdout: Buffer.alloc(0), stderr: Buffer.alloc(0), dropped: 0, ended: 'cancelled' };
}

type RunOptions = Pick<Frame, 'environment' | 'env' | 'chdir' | 'stdin' | 'timeout' | 'signal' | 'onOutput'> &
  ExecOptions;

function runSh(script: string, options: RunOptions, children: Set<ChildProcess>): Promise<FrameResult> {
  const child = spawn('/bin/sh', ['-c', `${options.environment === 'engine' ? 'umask 077\n' : ''}${script}`], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    env: { ...process.env, ...(options.environment === 'engine' ? { LC_ALL: 'C' } : {}), ...options.env },
    ...(options.chdir === undefined ? {} : { cwd: options.chdir }),
  });
  children.add(child);
  let ended: FrameResult['ended'] = 'exit';
  const end = (how: FrameResult['ended']): void => {
    ended = how;
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  };
  const timer = options.timeout === undefined ? undefined : setTimeout(() => end('timeout'), options.timeout);
  const onAbort = (): void => end('cancelled');
  options.signal?.addEventListener('abort', onAbort, { once: true });
  const collected = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.on('data', (chunk: Buffer) => {
      collected[stream].push(chunk);
      options.onOutput?.(stream, chunk);
    });
  }
  child.stdin?.on('error', () => undefined);
  if (options.stdin && child.stdin) options.stdin.stream().pipe(child.stdin);
  else child.stdin?.end();
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => {
      clearTimeout(timer);
      children.delete(child);
      options.signal?.removeEventListener('abort', onAbort);
      const [stdout, stderr] = [Buffer.concat(collected.stdout), Buffer.concat(collected.stderr)];
      resolve({ status: status ?? 137, stdout, stderr, dropped: 0, ended });
    });
  });
}
