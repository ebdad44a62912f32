import type { Inventory, InventoryChanges } from '../model/inventory.ts';
import type { HostRuntime } from '../model/plan.ts';
import type { Value, Vars } from '../model/value.ts';

/** What came to be on one host in this run. `version` grows with every write. */
export class Runtime implements HostRuntime {
  readonly facts: Record<string, Value> = Object.create(null) as Record<string, Value>;
  readonly variables: Record<string, Value> = Object.create(null) as Record<string, Value>;
  readonly includeVars: Record<string, Value> = Object.create(null) as Record<string, Value>;
  version = 0;

  /** `set_fact`, `register`. */
  setVariables(vars: Vars): void {
    this.#write(this.variables, vars);
  }

  /** `ansible_facts` of a result: kept without the prefix `ansible_`, as templates see them there. */
  setFacts(facts: Vars): void {
    const plain = Object.entries(facts).map(([name, value]) => [name.replace(/^ansible_/, ''), value] as const);
    this.#write(this.facts, Object.fromEntries(plain));
  }

  setIncludeVars(vars: Vars): void {
    this.#write(this.includeVars, vars);
  }

  /** `meta: clear_facts`. */
  clearFacts(): void {
    for (const name of Object.keys(this.facts)) delete this.facts[name];
    this.version++;
  }

  #write(into: Record<string, Value>, from: Vars): void {
    for (const [name, value] of Object.entries(from)) into[name] = value;
    this.version++;
  }
}

/** The hosts' runtimes, and what `add_host` and `group_by` made of the inventory. */
export class World {
  readonly inventory: Inventory;
  readonly #runtimes = new Map<string, Runtime>();
  readonly #hosts = new Map<string, { groups: string[]; vars: Vars }>();
  readonly #groups = new Map<string, string[]>();

  constructor(inventory: Inventory) {
    this.inventory = inventory;
  }

  get changes(): InventoryChanges {
    return { hosts: this.#hosts, groups: this.#groups };
  }

  runtimeOf(host: string): Runtime {
    let runtime = this.#runtimes.get(host);
    if (!runtime) {
      runtime = new Runtime();
      this.#runtimes.set(host, runtime);
    }
    return runtime;
  }

  /** Returns whether anything is new. */
  addHost(name: string, groups: readonly string[], vars: Vars): boolean {
    const known = this.#hosts.get(name);
    const isNew = known === undefined && !this.inventory.hosts.has(name);
    this.#hosts.set(name, {
      groups: [...new Set([...(known?.groups ?? []), ...groups])],
      vars: { ...known?.vars, ...vars },
    });
    const joined = groups.map((group) => this.#join(group, name));
    return isNew || joined.includes(true);
  }

  /** Puts a host into a group that `group_by` named, and the group into its parents. */
  groupBy(host: string, group: string, parents: readonly string[]): boolean {
    const joined = [group, ...parents.filter((parent) => parent !== 'all')].map((name) => this.#join(name, host));
    return joined.includes(true);
  }

  #join(group: string, host: string): boolean {
    const members = this.#groups.get(group) ?? [];
    this.#groups.set(group, members);
    if (members.includes(host)) return false;
    members.push(host);
    return !this.inventory.groups.get(group)?.hosts.includes(host);
  }
}
