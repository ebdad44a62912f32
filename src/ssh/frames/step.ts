import type { Frame, FrameResult } from '../../model/connection.ts';
import { type Collector, makeCollector } from './collector.ts';

type Stream = 'stdout' | 'stderr';

/** One frame on its way: what it printed so far, and the promise of its result. It may move from one shell to its successor. */
export interface Step {
  readonly frame: Frame;
  readonly result: Promise<FrameResult>;
  /** Why it is to be ended before its time; the first reason counts. */
  readonly unwanted: 'timeout' | 'cancelled' | undefined;
  /** Told when it becomes unwanted. Set by the shell that holds it. */
  onUnwanted: (() => void) | undefined;
  output(stream: Stream, chunk: Buffer): void;
  /** The runner took it up: the time-out counts from here. */
  begin(): void;
  exit(status: number): void;
  /** Settles once a status is there and both streams ended. */
  endOf(stream: Stream): void;
  /** It was never started, or is given up: settles with what there is. */
  abandon(status: number): void;
  fail(error: Error): void;
}

export function makeStep(frame: Frame): Step {
  return new FramedStep(frame);
}

class FramedStep implements Step {
  readonly frame: Frame;
  readonly result: Promise<FrameResult>;
  unwanted: 'timeout' | 'cancelled' | undefined;
  onUnwanted: (() => void) | undefined;
  private readonly collected: Record<Stream, Collector>;
  private readonly open = new Set<Stream>(['stdout', 'stderr']);
  private settle: { resolve: (result: FrameResult) => void; reject: (error: Error) => void } | undefined;
  private timer: NodeJS.Timeout | undefined;
  private status: number | undefined;
  private readonly onAbort = (): void => this.refuse('cancelled');

  constructor(frame: Frame) {
    this.frame = frame;
    this.collected = { stdout: makeCollector(frame.maxOutput), stderr: makeCollector(frame.maxOutput) };
    this.result = new Promise<FrameResult>((resolve, reject) => {
      this.settle = { resolve, reject };
    });
    // A shell that is closed while nobody waits yet must not end the process.
    this.result.catch(() => undefined);
    if (frame.signal?.aborted) this.unwanted = 'cancelled';
    else frame.signal?.addEventListener('abort', this.onAbort, { once: true });
  }

  output(stream: Stream, chunk: Buffer): void {
    if (!this.settle) return;
    this.collected[stream].add(chunk);
    this.frame.onOutput?.(stream, chunk);
  }

  begin(): void {
    const { killable, timeout } = this.frame;
    if (killable && timeout !== undefined) this.timer = setTimeout(() => this.refuse('timeout'), timeout);
  }

  exit(status: number): void {
    this.status = status;
    this.finish();
  }

  endOf(stream: Stream): void {
    this.open.delete(stream);
    this.finish();
  }

  abandon(status: number): void {
    this.status = status;
    this.open.clear();
    this.finish();
  }

  fail(error: Error): void {
    this.leave()?.reject(error);
  }

  private refuse(reason: 'timeout' | 'cancelled'): void {
    if (this.unwanted || !this.settle) return;
    this.unwanted = reason;
    this.onUnwanted?.();
  }

  private finish(): void {
    const { status, collected } = this;
    if (status === undefined || this.open.size > 0) return;
    const settle = this.leave();
    if (!settle) return;
    // What ended by itself, before our kill reached it, ended.
    const ended = this.unwanted && status > 128 ? this.unwanted : 'exit';
    const dropped = collected.stdout.dropped + collected.stderr.dropped;
    settle.resolve({ status, stdout: collected.stdout.bytes(), stderr: collected.stderr.bytes(), dropped, ended });
  }

  private leave(): typeof this.settle {
    const last = this.settle;
    this.settle = undefined;
    clearTimeout(this.timer);
    this.frame.signal?.removeEventListener('abort', this.onAbort);
    return last;
  }
}
