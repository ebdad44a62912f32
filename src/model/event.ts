import type { FailureKind } from '../shared/errors.ts';
import type { Json, JsonObject } from './value.ts';

/** The version of the stream; a field may be added without a new one, never removed or given another meaning. */
export const EVENT_VERSION = 1;

/** What became of a task on a host (DESIGN 5). `pending`: check mode, known only after another task has run. */
export type Outcome = 'ok' | 'changed' | 'skipped' | 'pending' | 'failed' | 'unreachable' | 'unknown' | 'cancelled';

/** One thing that happened. Plain JSON, secrets already removed. `at` is epoch milliseconds on the controller. */
export type Event = { readonly at: number } & EventBody;

export type EventBody =
  | RunStarted
  | PlayStarted
  | HostConnecting
  | HostConnected
  | HostLeft
  | TaskStarted
  | TaskOutput
  | TaskRetried
  | ItemFinished
  | TaskFinished
  | Notice
  | Waiting
  | PlayFinished
  | RunFinished;

export interface RunStarted {
  readonly type: 'run-started';
  readonly version: typeof EVENT_VERSION;
  readonly run: string;
  readonly kprep: string;
  /** `run prepare.yaml`, `exec`. */
  readonly command: string;
  readonly check: boolean;
  readonly diff: boolean;
  readonly forks: number;
  readonly hosts: readonly string[];
}

export interface PlayStarted {
  readonly type: 'play-started';
  readonly play: string;
  readonly name: string;
  readonly hosts: readonly string[];
  /** Count of tasks that are known before the play runs, for progress. */
  readonly tasks: number;
}

export interface HostConnecting {
  readonly type: 'host-connecting';
  readonly host: string;
}

export interface HostConnected {
  readonly type: 'host-connected';
  readonly host: string;
  readonly ms: number;
}

/** The host takes no further part: it failed, is unreachable, was cancelled, or `end_host`. */
export interface HostLeft {
  readonly type: 'host-left';
  readonly host: string;
  readonly outcome: Outcome;
  readonly failure?: Failure;
}

/** Which task, for every event about one. */
export interface TaskRef {
  readonly play: string;
  readonly task: string;
  readonly name: string;
  readonly module: string;
  readonly role?: string;
  readonly handler?: true;
  /** `file:line`. */
  readonly at?: string;
}

export interface TaskStarted {
  readonly type: 'task-started';
  readonly host: string;
  readonly task: TaskRef;
}

/** Output as it arrives, for live views. What is final is in `TaskFinished`. */
export interface TaskOutput {
  readonly type: 'task-output';
  readonly host: string;
  readonly task: TaskRef;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

export interface TaskRetried {
  readonly type: 'task-retried';
  readonly host: string;
  readonly task: TaskRef;
  readonly attempt: number;
  readonly retries: number;
}

export interface ItemFinished {
  readonly type: 'item-finished';
  readonly host: string;
  readonly task: TaskRef;
  readonly item: Json;
  readonly result: Result;
}

export interface TaskFinished {
  readonly type: 'task-finished';
  readonly host: string;
  readonly task: TaskRef;
  readonly result: Result;
}

/** Something to be told once: a warning, a deprecation, a file of state that cannot be written. */
export interface Notice {
  readonly type: 'notice';
  readonly level: 'info' | 'warning' | 'error';
  readonly host?: string;
  readonly message: string;
}

/** Nothing new is started (first Ctrl-C); these hosts still run what they run. */
export interface Waiting {
  readonly type: 'waiting';
  readonly hosts: readonly string[];
  readonly reason: string;
}

export interface PlayFinished {
  readonly type: 'play-finished';
  readonly play: string;
}

export interface RunFinished {
  readonly type: 'run-finished';
  readonly status: number;
  /** Round trips of all connections, and connections made. */
  readonly roundTrips: number;
  readonly connections: number;
  /** The signal that ended it. */
  readonly interrupted?: string;
}

/** What a task came to on one host. */
export interface Result {
  readonly outcome: Outcome;
  readonly changed: boolean;
  /** Milliseconds, waiting for a fork not counted. */
  readonly ms: number;
  /** One line. */
  readonly message?: string;
  /** Of an operator's own command; text with invalid bytes replaced. */
  readonly stdout?: string;
  readonly stderr?: string;
  readonly rc?: number;
  /** What was done, or in check mode would be, in words. */
  readonly changes: readonly string[];
  readonly diffs: readonly DiffText[];
  readonly failure?: Failure;
  /** It failed and `ignore_errors` let it pass, or a `rescue` took over. */
  readonly ignored?: boolean;
  readonly rescued?: boolean;
  readonly warnings: readonly string[];
  /** What `debug` shows. */
  readonly show?: Json;
  /** Return values, under Ansible's names; only what a `-v` or a machine reader wants. */
  readonly data: JsonObject;
  /** Count of loop items by outcome, where there was a loop. */
  readonly items?: number;
  /** `no_log`: everything else is empty. */
  readonly censored?: true;
}

export interface DiffText {
  readonly header: string;
  /** Unified diff lines, `---`/`+++` not included. */
  readonly lines: readonly string[];
  /** Not world-readable on the host: the journal keeps a hash of the lines only. */
  readonly private?: true;
}

export interface Failure {
  readonly kind: FailureKind;
  /** One sentence, plain words, no host name: failures with the same cause are folded by this text. */
  readonly cause: string;
  /** What to do next. */
  readonly remedy?: string;
  /** What is this host's own in it, such as the address that was dialled; nothing is folded by it. */
  readonly detail?: string;
  /** Of a bug. */
  readonly stack?: string;
}

/** Where every event goes. Never throws, never waits. */
export type Emit = (event: EventBody) => void;
