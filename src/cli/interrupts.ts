import type { Signal } from '../report/index.ts';
import type { Io } from './io.ts';

/** DESIGN 4, "Interrupts": the first signal starts nothing new, the second kills what may be killed. */
export interface Interrupts {
  /** Aborted by the first Ctrl-C, SIGTERM or SIGHUP. */
  readonly drain: AbortSignal;
  /** Aborted by the second. */
  readonly kill: AbortSignal;
  /** The first signal, once there was one. */
  signal(): Signal | undefined;
  stop(): void;
}

export function watchInterrupts(io: Pick<Io, 'onSignal'>): Interrupts {
  const drain = new AbortController();
  const kill = new AbortController();
  let first: Signal | undefined;
  const stop = io.onSignal((signal) => {
    if (first === undefined) {
      first = signal;
      drain.abort();
    } else {
      kill.abort();
    }
  });
  return { drain: drain.signal, kill: kill.signal, signal: () => first, stop };
}
