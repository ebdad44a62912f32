import { setMaxListeners } from 'node:events';
import type { LimitFunction } from 'p-limit';
import pLimit from 'p-limit';
import type { Emit, Failure } from '../model/event.ts';
import type { Play, RunView, Scope, Task } from '../model/plan.ts';
import type { JsonObject, Vars } from '../model/value.ts';
import { Barrier } from './barrier.ts';
import { Ledger } from './ledger.ts';
import { Links } from './links.ts';
import type { RunRequest } from './request.ts';
import { type Runtime, World } from './runtime.ts';

/** One run: what all its hosts share. */
export class Run {
  readonly request: RunRequest;
  readonly emit: Emit;
  readonly links: Links;
  readonly world: World;
  /** Bounds steps and handshakes. */
  readonly slots: LimitFunction;
  /** Aborted when what may be killed is to be killed. */
  readonly killed: AbortSignal;
  /** Hosts with a step under way. */
  readonly busy = new Map<string, number>();
  /** Hosts that take no further part, over all plays: `failed` and the rest are apart for `clear_host_errors`. */
  readonly gone = new Set<string>();
  readonly #ledgers = new Map<string, Ledger>();
  readonly #told = new Set<string>();

  constructor(request: RunRequest) {
    const { emit, secrets, clock } = request;
    this.request = request;
    this.emit = (event) => emit(secrets.redactDeep(event));
    this.links = new Links({ connect: request.connect, emit: this.emit, now: clock.now });
    this.world = new World(request.inventory);
    this.slots = pLimit(Math.max(1, request.forks));
    this.killed = request.killOnDrain ? AbortSignal.any([request.kill, request.drain]) : request.kill;
    // Each host with a step under way listens: thousands are no leak.
    setMaxListeners(0, this.killed, request.drain, request.kill);
  }

  get draining(): boolean {
    const { drain, kill, halt } = this.request;
    return drain.aborted || kill.aborted || halt?.aborted === true;
  }

  /** In words, once nothing new is started. */
  get whyDraining(): string {
    const { drain, kill, halt } = this.request;
    if (halt?.aborted && !drain.aborted && !kill.aborted) return String(halt.reason);
    return 'the run was interrupted';
  }

  ledgerOf(host: string): Ledger {
    const ledger = this.#ledgers.get(host) ?? new Ledger();
    this.#ledgers.set(host, ledger);
    return ledger;
  }

  /** A warning that is said once. */
  warn(message: string): void {
    if (this.#told.has(message)) return;
    this.#told.add(message);
    this.emit({ type: 'notice', level: 'warning', message });
  }

  /** Milliseconds; ends early when nothing new is to be started. */
  async sleep(ms: number): Promise<void> {
    if (this.draining) return;
    try {
      await this.request.clock.sleep(ms, this.request.drain);
    } catch (error) {
      if (!this.draining) throw error;
    }
  }
}

/** One play of a run. */
export class PlayRun {
  readonly run: Run;
  readonly play: Play;
  readonly hosts: readonly string[];
  /** In definition order; included roles add theirs. */
  readonly handlers: Task[];
  /** `end_play`, or every host of a batch is lost. */
  ended = false;
  readonly #throttles = new Map<string, LimitFunction>();

  constructor(run: Run, play: Play, hosts: readonly string[]) {
    this.run = run;
    this.play = play;
    this.hosts = hosts;
    this.handlers = [...play.handlers];
  }

  addHandlers(handlers: readonly Task[]): void {
    for (const handler of handlers) {
      const known = this.handlers.findIndex((one) => one.id === handler.id);
      if (known < 0) this.handlers.push(handler);
      else this.handlers[known] = handler;
    }
  }

  /** Runs under the task's `throttle`, which is taken before a slot and so can never block one. */
  throttled<T>(task: Task, work: () => Promise<T>): Promise<T> {
    const most = task.throttle ?? this.play.throttle;
    if (most === undefined || most <= 0) return work();
    const limit = this.#throttles.get(task.id) ?? pLimit(most);
    this.#throttles.set(task.id, limit);
    return limit(work);
  }
}

/** What a `run_once` task left for the hosts that did not run it. */
export interface OnceEnd {
  readonly registered?: JsonObject;
  readonly failure?: Failure;
  readonly facts?: Vars;
  readonly left?: Failure;
}

/** A `run_once` task under way: who runs it, and what it comes to for all. */
export interface Once {
  readonly leader: string;
  readonly end: Promise<OnceEnd>;
  /** The first call counts. */
  settle(end: OnceEnd): void;
}

/** The hosts of a play that run at the same time. */
export class Batch {
  readonly playRun: PlayRun;
  readonly members: readonly string[];
  readonly barrier: Barrier;
  readonly view: RunView;
  /** Members that failed, were unreachable or lost. */
  readonly failed = new Set<string>();
  /** Members that are still in. */
  readonly active: Set<string>;
  /** Why every host of the batch is to stop. */
  stopped: Failure | undefined;
  ended = false;
  readonly #once = new Map<string, Once>();

  constructor(playRun: PlayRun, members: readonly string[]) {
    this.playRun = playRun;
    this.members = members;
    this.barrier = new Barrier(members);
    this.active = new Set(members);
    this.view = viewOf(playRun, this);
  }

  /** Who runs a `run_once` task, and what it comes to; all members that come there get the same answer. */
  once(key: string, candidates: () => readonly string[]): Once {
    const known = this.#once.get(key);
    if (known) return known;
    let settle: (end: OnceEnd) => void = () => undefined;
    const end = new Promise<OnceEnd>((resolve) => {
      settle = resolve;
    });
    const made: Once = { leader: candidates()[0] ?? '', end, settle };
    this.#once.set(key, made);
    return made;
  }

  /** The host is done with the batch: nobody waits for it any more. */
  leave(host: string): void {
    this.active.delete(host);
    this.barrier.leave(host);
    const cause = 'the host that was to run a task for all hosts left';
    for (const once of this.#once.values()) {
      if (once.leader === host) once.settle({ left: { kind: 'cancelled', cause } });
    }
  }
}

function viewOf(playRun: PlayRun, batch: Batch): RunView {
  const { run, play, hosts } = playRun;
  let inPlay: readonly string[] | undefined;
  let goneThen = -1;
  return {
    check: run.request.check,
    diff: run.request.diff,
    inventory: run.request.inventory,
    changes: run.world.changes,
    // Read by templates again and again: made anew only when a host has left.
    get playHosts() {
      if (!inPlay || goneThen !== run.gone.size) {
        goneThen = run.gone.size;
        inPlay = hosts.filter((host) => !run.gone.has(host));
      }
      return inPlay;
    },
    playHostsAll: hosts,
    get playBatch() {
      return batch.members.filter((host) => batch.active.has(host));
    },
    play: { id: play.id, name: play.name },
    runtimeOf: (host) => run.world.runtimeOf(host),
    now: () => run.request.clock.now(),
  };
}

/** What the walk of one host through a batch needs at hand. */
export interface HostContext {
  readonly run: Run;
  readonly playRun: PlayRun;
  readonly batch: Batch;
  readonly host: string;
  readonly runtime: Runtime;
  readonly ledger: Ledger;
}

/** The variables of the context's host, or of another one (`delegate_to`). */
export function scopeOf(context: HostContext, task: Scope['task'], local: Vars, host: string = context.host): Scope {
  const runtime = host === context.host ? context.runtime : context.run.world.runtimeOf(host);
  return { host, local, runtime, run: context.batch.view, ...(task ? { task } : {}) };
}
