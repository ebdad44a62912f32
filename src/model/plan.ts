import type { Position } from '../shared/problem.ts';
import type { LocalFile } from './args.ts';
import type { ConnectionTarget, Identity } from './connection.ts';
import type { Inventory, InventoryChanges } from './inventory.ts';
import type { AnyAction, AnyModule } from './module.ts';
import type { Json, JsonObject, Value, Vars } from './value.ts';

/**
 * A compiled run: what the engine executes. It carries functions from variables to values, so the engine knows no YAML
 * and no Jinja. `kprep exec` is a plan of one task.
 */
export interface Plan {
  readonly plays: readonly Play[];
  /** Where and as whom to log in to the scope's host, under the scope's task (`remote_user`, `connection`, `ansible_*` variables, options). */
  readonly target: Evaluate<ConnectionTarget>;
}

/**
 * From variables to a value. May be evaluated again at any time, has no side effect but lookups.
 * @throws KprepError `template`, whose message names file, line and the undefined variable.
 */
export type Evaluate<T> = (scope: Scope) => T;

export interface Play {
  /** `1`, `2` … in file order, imports included. */
  readonly id: string;
  readonly name: string;
  readonly at?: Position;
  /** Hosts at the play's start: what `add_host` and `group_by` did counts, `--limit` is applied. In the order of `order`. */
  hosts(run: RunView): readonly string[];
  readonly strategy: 'linear' | 'free';
  /** Batch sizes: numbers or shares of the play's hosts (0 < share ≤ 1); the last repeats. Empty: all at once. */
  readonly serial: readonly ({ readonly hosts: number } | { readonly share: number })[];
  /** Percent. Undefined: no bound. */
  readonly maxFailPercentage?: number;
  readonly anyErrorsFatal: boolean;
  /** At most so many hosts in one step; undefined: forks only. */
  readonly throttle?: number;
  /** Fact gathering, pre_tasks, roles, tasks, post_tasks and the flushes between them, in order. */
  readonly nodes: readonly PlanNode[];
  readonly handlers: readonly Task[];
  readonly forceHandlers: boolean;
  readonly ignoreUnreachable: boolean;
}

export type PlanNode = Task | Block | Include | Flush;

export interface Flush {
  readonly kind: 'flush';
}

/** `when`, `become`, `vars`, tags and the like of a block are compiled into what it holds. */
export interface Block {
  readonly kind: 'block';
  readonly name: string;
  readonly at?: Position;
  readonly body: readonly PlanNode[];
  readonly rescue: readonly PlanNode[];
  readonly always: readonly PlanNode[];
}

interface TaskBase {
  /** Unique in the run, the same in each run of the same files: `playbooks/prepare.yaml:12`. */
  readonly id: string;
  readonly at?: Position;
  /** The name as written, templates and all. */
  readonly name: string;
  /** The name for this host; never throws (an undefined variable leaves the text as written). */
  readonly label: Evaluate<string>;
  readonly role?: string;
  readonly tags: readonly string[];
  /** In order; the first that does not hold skips the task. */
  readonly when: readonly Condition[];
  readonly loop?: Loop;
  /** No result of it is shown or kept. */
  readonly noLog: Evaluate<boolean>;
  readonly runOnce: boolean;
  readonly ignoreErrors: Evaluate<boolean>;
  readonly ignoreUnreachable: boolean;
  readonly anyErrorsFatal: boolean;
  /**
   * May not start on a host before every host of the batch is past the task before it (linear only): `run_once`,
   * `delegate_to`, variables of other hosts. Modules that touch `anything` are barriers besides.
   */
  readonly barrier: boolean;
}

export interface Condition {
  readonly text: string;
  /** @throws KprepError `template`. */
  readonly holds: Evaluate<boolean>;
}

export interface Task extends TaskBase {
  readonly kind: 'task';
  readonly run: AnyModule | AnyAction;
  /** Arguments with types and defaults, local files looked up and read. @throws KprepError `template` or `task`. */
  readonly args: (scope: Scope) => Promise<TaskArgs>;
  readonly register?: string;
  /** Undefined: what the module says. Evaluated with the result under `register`'s name and as the scope's locals. */
  readonly changedWhen?: readonly Condition[];
  readonly failedWhen?: readonly Condition[];
  readonly until?: { readonly conditions: readonly Condition[] };
  /** Tries after the first; seconds between. Only with `until`, or `retries` alone (then: until it succeeds). */
  readonly retries?: Evaluate<{ readonly retries: number; readonly delay: number }>;
  readonly notify: Evaluate<readonly string[]>;
  /** Of a handler: further names it answers to. */
  readonly listen: readonly string[];
  readonly identity: Evaluate<Identity>;
  readonly environment: Evaluate<Readonly<Record<string, string>>>;
  /** Undefined: as the run. */
  readonly checkMode?: Evaluate<boolean>;
  readonly diff?: Evaluate<boolean>;
  /** Seconds; undefined: the run's step time-out, if any. */
  readonly timeout?: Evaluate<number>;
  readonly delegateTo?: Evaluate<string>;
  readonly delegateFacts: boolean;
  readonly throttle?: number;
  readonly async?: Evaluate<{ readonly seconds: number; readonly poll: number }>;
  /** Names that its arguments and conditions may need from an earlier `register` or `set_fact`; undefined: not known, so no read travels ahead. */
  readonly needs?: ReadonlySet<string> | undefined;
}

export interface TaskArgs {
  /** As the module's `ArgsOf`. */
  readonly args: Readonly<Record<string, unknown>>;
  /** Every argument as given and evaluated, for `anyArgs` actions and `invocation`. */
  readonly all: Vars;
}

/** `include_tasks`, `include_role`: which tasks follow is known only when it is reached, per host (and loop item). */
export interface Include extends TaskBase {
  readonly kind: 'include';
  /** The nodes for this host and item, their variables (loop item, include vars) already bound. @throws KprepError `template` or `task`. */
  readonly load: (scope: Scope) => Promise<{ readonly nodes: readonly PlanNode[]; readonly handlers: readonly Task[] }>;
}

export interface Loop {
  readonly items: Evaluate<readonly Value[]>;
  readonly variable: string;
  readonly indexVariable?: string;
  /** `loop_control.extended`. */
  readonly extended: boolean;
  readonly label?: Evaluate<Json>;
  /** Seconds between items. */
  readonly pause: number;
}

/** The variables as one task on one host sees them. The playbook knows their precedence, the engine owns what came to be in the run. */
export interface Scope {
  readonly host: string;
  /** The task it is evaluated for; its connection keywords count in `Plan.target`. */
  readonly task?: Task | Include;
  /** Bound for this evaluation only: loop item, index, `ansible_loop`, the result under test. Over everything but extra vars. */
  readonly local: Vars;
  readonly runtime: HostRuntime;
  readonly run: RunView;
}

/** What came to be on one host. Values are plain (never templates), except include variables. */
export interface HostRuntime {
  /** `ansible_facts`, without the prefix `ansible_`. */
  readonly facts: Vars;
  /** `set_fact` and `register`, in one: the later wins. */
  readonly variables: Vars;
  /** `include_vars`. */
  readonly includeVars: Vars;
}

/** What the run as a whole lets a task see. */
export interface RunView {
  readonly check: boolean;
  readonly diff: boolean;
  readonly inventory: Inventory;
  readonly changes: InventoryChanges;
  /** `ansible_play_hosts`: hosts of the play that are still in it. `ansible_play_hosts_all`. `ansible_play_batch`. */
  readonly playHosts: readonly string[];
  readonly playHostsAll: readonly string[];
  readonly playBatch: readonly string[];
  readonly play?: { readonly id: string; readonly name: string };
  runtimeOf(host: string): HostRuntime;
  /** Reads the host's clock of the run: epoch milliseconds (`now()`, `lookup('pipe', 'date')` are apart). */
  now(): number;
}

/** Reads a file of this machine for an argument of type `localFile`; given to the playbook by the cli. */
export type ReadLocalFile = (path: string) => Promise<LocalFile>;

/** What `register` keeps of a task or of one item of its loop, under Ansible's names. */
export type Registered = JsonObject;
