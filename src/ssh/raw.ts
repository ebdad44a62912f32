import type { ExecOptions, ExecResult } from '../model/connection.ts';
import { KprepError } from '../shared/errors.ts';
import type { Carrier, Channel, ChannelEnd } from './channel.ts';
import { makeCollector } from './frames/collector.ts';
import { pump } from './pump.ts';

/**
 * Runs a command line with the login shell, without frames. Time-out and cancel close the channel: what sshd and the
 * program make of that is theirs.
 * @throws KprepError `lost` when nobody said how it ended.
 */
export async function runRaw(carrier: Carrier, command: string, options: ExecOptions): Promise<ExecResult> {
  const collected = { stdout: makeCollector(options.maxOutput), stderr: makeCollector(options.maxOutput) };
  const result = (ended: ExecResult['ended'], status: number | null, name?: string): ExecResult => ({
    status,
    ...(name === undefined ? {} : { signal: name }),
    stdout: collected.stdout.bytes(),
    stderr: collected.stderr.bytes(),
    dropped: collected.stdout.dropped + collected.stderr.dropped,
    ended,
  });
  if (options.signal?.aborted) return result('cancelled', null);
  const channel = await carrier.open(command);
  for (const stream of ['stdout', 'stderr'] as const) {
    channel[stream].on('data', (chunk: Buffer) => {
      collected[stream].add(chunk);
      options.onOutput?.(stream, chunk);
    });
  }
  channel.stdin.on('error', () => undefined);
  let unread: Error | undefined;
  if (options.stdin) {
    pump(options.stdin.stream(), channel.stdin).catch((error: Error) => {
      unread = error;
      channel.destroy();
    });
  } else channel.stdin.end();
  const { stopped, end } = await endOrStop(channel, options);
  if (unread) throw new KprepError('task', `cannot read the input: ${unread.message}`, { cause: unread });
  if (stopped) return result(stopped, null);
  if (end.status === undefined && end.signal === undefined) {
    throw new KprepError('lost', carrier.reason() ?? 'the connection went before the command ended');
  }
  return result('exit', end.status ?? null, end.signal);
}

interface Outcome {
  readonly stopped: 'timeout' | 'cancelled' | undefined;
  readonly end: ChannelEnd;
}

/** A channel that we gave up is not waited for: sshd keeps it until the program ends. */
async function endOrStop(channel: Channel, { timeout, signal }: ExecOptions): Promise<Outcome> {
  let stop = (_why: 'timeout' | 'cancelled'): void => undefined;
  const stopped = new Promise<Outcome>((resolve) => {
    stop = (why) => {
      channel.destroy();
      resolve({ stopped: why, end: { status: undefined } });
    };
  });
  const onAbort = (): void => stop('cancelled');
  signal?.addEventListener('abort', onAbort, { once: true });
  const timer = timeout === undefined ? undefined : setTimeout(() => stop('timeout'), timeout);
  const outcome = await Promise.race([stopped, channel.ended.then((end) => ({ stopped: undefined, end }))]);
  clearTimeout(timer);
  signal?.removeEventListener('abort', onAbort);
  return outcome;
}
