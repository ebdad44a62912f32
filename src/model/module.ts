import type { Script } from '../shared/sh.ts';
import type { ArgSpec, ArgsOf } from './args.ts';
import type { Change, StepOutput } from './change.ts';
import type { Resource } from './resource.ts';
import type { Json, JsonObject, Vars } from './value.ts';

export type { Resource };

/** What the read script printed. */
export interface ReadOutput {
  readonly status: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

/** State as it is, and as it will be after a reboot where that can differ. */
export interface StateRead<State> {
  readonly now: State;
  readonly boot?: State;
}

/** The module will not do it: the task fails with this message, and nothing was written. */
export interface Refusal {
  readonly failed: string;
  readonly remedy?: string;
  /** Further return values, under Ansible's names. */
  readonly result?: JsonObject;
}

/** Nothing to do, and Ansible calls that `skipped` (`creates` exists). */
export interface Skip {
  readonly skipped: string;
  readonly result?: JsonObject;
}

/** What a module decided. An empty list of changes: already so. */
export type Decision = readonly Change[] | Refusal | Skip;

/** What a module may know besides its arguments: facts of the run, no I/O. */
export interface PlanContext {
  readonly check: boolean;
  readonly diff: boolean;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Outputs of the changes this task has already applied; empty at first, filled after a `reread`. */
  readonly done: readonly StepOutput[];
}

/**
 * What a module does to one host is decided by pure functions; only the engine talks to the host.
 * A module never throws for what a host or an operator did wrong: it returns a `Refusal`.
 */
export interface Module<S extends ArgSpec = ArgSpec, State = unknown> {
  readonly kind: 'module';
  readonly name: string;
  /** Other short names: `systemd_service` for `systemd`. */
  readonly aliases?: readonly string[];
  /** Collection prefixes under which Ansible knows it, besides `ansible.builtin` and `ansible.legacy`. */
  readonly collections?: readonly string[];
  /** One sentence. */
  readonly summary: string;
  readonly args: S;
  /** The parameter that free-form text (`command: ls -l`) fills. */
  readonly freeForm?: string;
  /** Rules between parameters, beyond types: returns what is wrong, in words. Checked before anything is dialled where the values are literal. */
  validate?(args: ArgsOf<S>): string | undefined;
  /** `anything` for what runs an operator's own commands: no read may travel past it. */
  touches(args: ArgsOf<S>): readonly Resource[] | 'anything';
  /** One sh script that only reads, and the pure function that makes state of what it printed. */
  read(args: ArgsOf<S>): { readonly script: Script; parse(out: ReadOutput): StateRead<State> };
  /** Empty = already so. Pure. */
  plan(args: ArgsOf<S>, now: State, context: PlanContext): Decision;
  /** What `register` sees besides `changed`, `failed`, `msg`; Ansible's names. */
  result?(args: ArgsOf<S>, now: State, outputs: readonly StepOutput[]): JsonObject;
  /** True: runs in check mode for real, because it only reads (`stat`, `setup`). Default false. */
  readonly readOnly?: boolean;
  /** False: check mode cannot tell what it would do, so it is skipped there (`command`), as Ansible does. Default true. */
  readonly supportsCheck?: boolean;
}

/** What acts on the run and not on a host: `set_fact`, `debug`, `assert`, `fail`, `meta`, `pause`, `include_vars` … */
export interface Action<S extends ArgSpec = ArgSpec> {
  readonly kind: 'action';
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly collections?: readonly string[];
  readonly summary: string;
  readonly args: S;
  readonly freeForm?: string;
  /** Takes any parameter (`set_fact`): `args` then lists only those with a meaning of their own. */
  readonly anyArgs?: boolean;
  validate?(args: ArgsOf<S>): string | undefined;
  /** Pure. `all`: every argument as given, for `anyArgs`. */
  run(args: ArgsOf<S>, all: Vars, context: ActionContext): ActionResult;
}

export interface ActionContext {
  readonly host: string;
  readonly check: boolean;
  /** `-v` count. */
  readonly verbosity: number;
}

export interface ActionResult {
  readonly changed?: boolean;
  readonly failed?: string;
  readonly skipped?: string;
  /** What `register` sees. */
  readonly result?: JsonObject;
  /** Shown under the task as it is (`debug`). */
  readonly show?: Json;
  /** Variables of the host from now on (`set_fact`). Values are plain: never templated again; those of `include_vars` may hold templates. */
  readonly facts?: Vars;
  /** What becomes of the run. */
  readonly effect?: Effect;
}

export type Effect =
  | { readonly kind: 'flush_handlers' | 'end_host' | 'end_play' | 'end_batch' | 'clear_facts' | 'clear_host_errors' }
  | { readonly kind: 'reset_connection' | 'refresh_inventory' | 'noop' }
  | { readonly kind: 'add_host'; readonly name: string; readonly groups: readonly string[]; readonly vars: Vars }
  | { readonly kind: 'group_by'; readonly group: string; readonly parents: readonly string[] }
  | { readonly kind: 'pause'; readonly seconds?: number; readonly prompt?: string; readonly echo: boolean }
  | { readonly kind: 'wait_for_connection'; readonly timeout: number; readonly delay: number; readonly sleep: number };

// biome-ignore lint/suspicious/noExplicitAny: a registry holds modules of every shape; each one is type-checked where it is defined.
export type AnyModule = Module<any, any>;
// biome-ignore lint/suspicious/noExplicitAny: as above.
export type AnyAction = Action<any>;

/** All modules and actions by their short names and aliases. */
export type Registry = ReadonlyMap<string, AnyModule | AnyAction>;

/** Gives a module its types from its `args` and `read`. */
export function defineModule<const S extends ArgSpec, State>(module: Omit<Module<S, State>, 'kind'>): Module<S, State> {
  return { kind: 'module', ...module };
}

export function defineAction<const S extends ArgSpec>(action: Omit<Action<S>, 'kind'>): Action<S> {
  return { kind: 'action', ...action };
}

export function isRefusal(decision: Decision): decision is Refusal {
  return 'failed' in decision;
}

export function isSkip(decision: Decision): decision is Skip {
  return 'skipped' in decision;
}
