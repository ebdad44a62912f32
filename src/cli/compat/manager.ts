import type { Io, Signal } from '../io.ts';
import type { HostOutput, Stream } from './host-output.ts';
import { type HostEntry, prettyHost } from './hosts.ts';
import { failuresOf, reportLine, type TaskEnd } from './lines.ts';
import type { Screen } from './screen.ts';

/** One host's turn. */
export interface Job {
  readonly entry: HostEntry;
  /** As it is printed. */
  readonly pretty: string;
  /** PSSH_NODENUM, PSSH_NUMNODES, PSSH_HOST. */
  readonly env: Readonly<Record<string, string>>;
  /** Aborted at the time-out and at Ctrl-C. */
  readonly signal: AbortSignal;
  take(stream: Stream, chunk: Buffer): void;
}

/**
 * Does a job; never rejects. 0–255 as it exited, negative: that signal ended it; `stopped`: because `signal` was aborted,
 * and nothing of it runs on.
 */
export type RunJob = (job: Job) => Promise<{ readonly status: number; readonly stopped?: boolean }>;

export interface ManagerRequest {
  readonly entries: readonly HostEntry[];
  readonly run: RunJob;
  /** At once. */
  readonly parallel: number;
  /** Seconds a host may take, connecting included; 0 is without end. */
  readonly timeout: number;
  readonly defaultUser: string | undefined;
  readonly headers: boolean;
  readonly out: Screen;
  output(host: string, pretty: string): HostOutput;
}

export interface ManagerResult {
  readonly ends: readonly TaskEnd[];
  /** The signal that ended the run before its time. */
  readonly signal?: Signal;
}

/** TERM, two seconds, KILL: what is not known to be dead then is given up. */
const GRACE_MS = 5000;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Runs all hosts, `parallel` at once, and prints their lines as they end. The first signal kills what runs and starts
 * nothing more; the second leaves at once.
 */
export async function runJobs(io: Pick<Io, 'now' | 'onSignal'>, request: ManagerRequest): Promise<ManagerResult> {
  const manager = new Manager(io, request);
  return manager.run();
}

type StopReason = 'timeout' | 'interrupted';

class Manager {
  private readonly io: Pick<Io, 'now' | 'onSignal'>;
  private readonly request: ManagerRequest;
  private readonly ends: TaskEnd[] = [];
  private readonly running = new Set<(reason: StopReason) => void>();
  private next = 0;
  private signal: Signal | undefined;
  private left = false;
  /** One host's block stands in one piece. */
  private printing: Promise<void> = Promise.resolve();

  constructor(io: Pick<Io, 'now' | 'onSignal'>, request: ManagerRequest) {
    this.io = io;
    this.request = request;
  }

  async run(): Promise<ManagerResult> {
    const { entries, parallel } = this.request;
    let leave: () => void = () => undefined;
    const leaving = new Promise<void>((resolve) => {
      leave = resolve;
    });
    const stopListening = this.io.onSignal((signal) => {
      if (this.signal !== undefined) {
        this.left = true;
        leave();
        return;
      }
      this.signal = signal;
      for (const stop of this.running) stop('interrupted');
    });
    try {
      const workers = Array.from({ length: Math.min(parallel, entries.length) }, () => this.work());
      await Promise.race([Promise.all(workers), leaving]);
      if (!this.left) await Promise.race([this.cancelRest(), leaving]);
      return { ends: this.ends, ...(this.signal === undefined ? {} : { signal: this.signal }) };
    } finally {
      stopListening();
    }
  }

  private async work(): Promise<void> {
    while (this.signal === undefined) {
      const index = this.next;
      const entry = this.request.entries[index];
      if (!entry) return;
      this.next += 1;
      await this.runOne(entry, index);
    }
  }

  private async runOne(entry: HostEntry, index: number): Promise<void> {
    const { defaultUser, entries, output: makeOutput } = this.request;
    const pretty = prettyHost(entry, defaultUser);
    const output = makeOutput(entry.host, pretty);
    let over = false;
    const end = await this.watched((signal) =>
      this.request.run({
        entry,
        pretty,
        env: { PSSH_NODENUM: String(index), PSSH_NUMNODES: String(entries.length), PSSH_HOST: entry.host },
        signal,
        take: (stream, chunk) => {
          if (!over && !this.left) output.take(stream, chunk);
        },
      }),
    );
    over = true;
    output.close();
    await this.report(pretty, withTrouble(end, output.trouble), output);
  }

  /** Stops the job at the time-out and at Ctrl-C, and gives it up where it does not end then. */
  private async watched(start: (signal: AbortSignal) => ReturnType<RunJob>): Promise<TaskEnd> {
    const abort = new AbortController();
    let reason: StopReason | undefined;
    let giveUp: NodeJS.Timeout | undefined;
    let abandon: () => void = () => undefined;
    const abandoned = new Promise<undefined>((resolve) => {
      abandon = () => resolve(undefined);
    });
    const stop = (why: StopReason): void => {
      if (reason !== undefined) return;
      reason = why;
      abort.abort();
      giveUp = setTimeout(abandon, GRACE_MS);
    };
    const { timeout } = this.request;
    const timer =
      timeout > 0 ? setTimeout(() => stop('timeout'), Math.min(timeout * 1000, LONGEST_TIMER_MS)) : undefined;
    this.running.add(stop);
    try {
      return endOf(await Promise.race([start(abort.signal), abandoned]), reason);
    } finally {
      this.running.delete(stop);
      clearTimeout(timer);
      clearTimeout(giveUp);
    }
  }

  private async cancelRest(): Promise<void> {
    const { entries, defaultUser } = this.request;
    for (const entry of entries.slice(this.next)) {
      await this.report(prettyHost(entry, defaultUser), { status: null, failures: ['Cancelled'] });
    }
  }

  private report(host: string, end: TaskEnd, output?: HostOutput): Promise<void> {
    this.printing = this.printing.then(() => this.print(host, end, output));
    return this.printing;
  }

  private async print(host: string, end: TaskEnd, output: HostOutput | undefined): Promise<void> {
    this.ends.push(end);
    if (this.left) return;
    const { out, headers } = this.request;
    const { failures } = end;
    if (headers) out.write(`${reportLine({ number: this.ends.length, host, at: this.io.now(), failures }, out)}\n`);
    await output?.show();
  }
}

const KILLED = -9;

/** What ended by itself before our kill reached it, ended. */
function endOf(
  end: { readonly status: number; readonly stopped?: boolean } | undefined,
  reason: StopReason | undefined,
): TaskEnd {
  if (end && !end.stopped) return { status: end.status, failures: failuresOf(end.status) };
  if (reason === 'interrupted') return { status: null, failures: ['Interrupted'] };
  return { status: KILLED, failures: end ? ['Timed out', ...failuresOf(KILLED)] : ['Timed out'] };
}

/** A file that lacks output must not look like a success. */
function withTrouble(end: TaskEnd, trouble: string | undefined): TaskEnd {
  if (trouble === undefined) return end;
  return { status: end.status === 0 ? 1 : end.status, failures: [...end.failures, trouble] };
}
