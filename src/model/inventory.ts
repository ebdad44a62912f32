import type { Vars } from './value.ts';

/** A host of the inventory. Names are unique; `localhost` is made implicitly when a pattern names it. */
export interface Host {
  readonly name: string;
  /** From the inventory source itself (line, YAML, program). */
  readonly vars: Vars;
  /** From `host_vars/` beside the inventory. */
  readonly hostVars: Vars;
  /** From `host_vars/` beside the playbook. */
  readonly playbookVars: Vars;
  /** All groups it is in, through children too, in the order their variables are merged: depth, priority, name (`all` first). */
  readonly groups: readonly string[];
}

export interface Group {
  readonly name: string;
  readonly vars: Vars;
  /** From `group_vars/` beside the inventory. */
  readonly groupVars: Vars;
  /** From `group_vars/` beside the playbook. */
  readonly playbookVars: Vars;
  readonly children: readonly string[];
  /** Hosts named in the group itself. */
  readonly directHosts: readonly string[];
  /** Hosts of the group, then of its children, level by level: Ansible's order, which `groups.x[0]` and `x[0]` count in. */
  readonly hosts: readonly string[];
  /** Distance from `all`. */
  readonly depth: number;
  /** `ansible_group_priority`. Default 1. */
  readonly priority: number;
}

/**
 * All hosts and groups, in the order in which the sources name them. Always has the groups `all` and `ungrouped`.
 * `hosts.get` and `hosts.has` also know `localhost`, `127.0.0.1` and `::1` (the host of the inventory, else an implicit one with
 * `ansible_connection: local`), as Ansible's `hostvars` does; no iteration, size or group shows an implicit host.
 */
export interface Inventory {
  readonly hosts: ReadonlyMap<string, Host>;
  readonly groups: ReadonlyMap<string, Group>;
  /** Absolute paths of the sources, as given. */
  readonly sources: readonly string[];
}

/** What `add_host` and `group_by` did so far, over the inventory. Owned by the engine. */
export interface InventoryChanges {
  readonly hosts: ReadonlyMap<string, { readonly groups: readonly string[]; readonly vars: Vars }>;
  readonly groups: ReadonlyMap<string, readonly string[]>;
}

/**
 * The hosts that a pattern names (`kube:&gpu:!node03`, `kube[0:2]`, `~web\d+`), without doubles, in Ansible's order: part after
 * part, the hosts of a group as the group lists them.
 * Handed to the playbook and the engine by the cli, so that neither imports the inventory.
 * @throws KprepError `task` when the pattern is malformed or names an unknown host or group.
 */
export type MatchHosts = (inventory: Inventory, pattern: string) => readonly string[];
