import type { Failure } from '../model/event.ts';
import type { HostRuntime, Task } from '../model/plan.ts';
import type { Value } from '../model/value.ts';
import { type Footprint, overlaps } from './footprint.ts';

interface Unsettled {
  /** Label of the task that would tell. */
  readonly by: string;
  /** The task was planned: its register holds what a plan can tell, the rest is missing. */
  readonly planned: boolean;
}

/**
 * What check mode does not know on one host: resources that an earlier task would have changed, and registers of tasks
 * that were not run. What depends on them is called pending, with the task that would tell.
 */
export class Ledger {
  readonly #changes: { readonly touches: Footprint; readonly by: string }[] = [];
  readonly #names = new Map<string, Unsettled>();
  #factsBy: string | undefined;

  wouldChange(touches: Footprint, by: string): void {
    this.#changes.push({ touches, by });
  }

  /** The last task that would change what this footprint meets. */
  changedBy(touches: Footprint): string | undefined {
    return this.#changes.findLast((change) => overlaps(change.touches, touches))?.by;
  }

  /** Any task whose change may be missing now. */
  lastChange(): string | undefined {
    return this.#changes.at(-1)?.by;
  }

  /** A variable that holds less than it would. */
  unsettle(name: string, by: string, options: { readonly planned: boolean }): void {
    this.#names.set(name, { by, planned: options.planned });
  }

  settle(name: string): void {
    this.#names.delete(name);
  }

  /** A task that sets variables under names we cannot tell was left out. */
  unsettleFacts(by: string): void {
    this.#factsBy = by;
  }

  /** Evaluates while watching which unsettled variables are looked at. */
  watch(runtime: HostRuntime, task: Pick<Task, 'needs'> | undefined): Watch {
    const seen = new Set<string>();
    if (this.#names.size === 0) return { runtime, seen: () => undefined, blame: () => this.#factsBy };
    const variables = new Proxy(runtime.variables, {
      get: (target, name): Value | undefined => {
        if (typeof name === 'string' && this.#names.has(name)) seen.add(name);
        return target[name as string];
      },
    });
    const looked = (): Unsettled[] => [...seen].flatMap((name) => this.#names.get(name) ?? []);
    // Some lookups copy all variables: what a task is known not to need was then not meant.
    const needed = (): Unsettled[] =>
      [...seen].filter((name) => !task?.needs || task.needs.has(name)).flatMap((name) => this.#names.get(name) ?? []);
    return {
      runtime: { facts: runtime.facts, includeVars: runtime.includeVars, variables },
      seen: () => needed().find((one) => !one.planned)?.by,
      blame: () => (needed()[0] ?? looked()[0])?.by ?? this.#factsBy,
    };
  }
}

export interface Watch {
  readonly runtime: HostRuntime;
  /** The task that was not run and whose register was looked at: no value made from it can be trusted. */
  seen(): string | undefined;
  /** When a template failed: the task whose missing result may be the cause. */
  blame(): string | undefined;
}

/** Thrown while a task is evaluated in check mode: what it would do is known only after another task. */
export class Pending extends Error {
  /** What the task would touch, where that is known. */
  readonly touches?: Footprint;
  constructor(by: string, how: { readonly why?: string; readonly touches?: Footprint } = {}) {
    super(how.why === undefined ? `known only after: ${by}` : `${how.why}; known only after: ${by}`);
    if (how.touches) this.touches = how.touches;
  }
}

/** Failures of which a change that was not made may be the cause. */
export function mayBePending(failure: Failure): boolean {
  return failure.kind === 'template' || failure.kind === 'task';
}
