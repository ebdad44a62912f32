import { dirname } from 'node:path';
import type { Inventory } from '../../model/inventory.ts';
import type { Scope } from '../../model/plan.ts';
import type { Value } from '../../model/value.ts';
import type { VarChain } from './chain.ts';
import { OMIT } from './evaluate.ts';

/** What magic variables are made of, besides scope and chain. */
export interface MagicSources {
  readonly inventory: Inventory;
  readonly absolute: (path: string) => string;
  readonly playbookDir: string;
  readonly version: string;
  readonly options: {
    readonly tags: readonly string[];
    readonly skipTags: readonly string[];
    readonly forks: number;
    readonly limit?: string;
    readonly verbosity: number;
  };
  readonly hostvars: () => Value;
}

type Magic = (scope: Scope, chain: VarChain, sources: MagicSources) => Value | undefined;

/** The version of Ansible whose language this is; playbooks compare `ansible_version.full`. */
const ANSIBLE = { full: '2.18.0', major: 2, minor: 18, revision: 0, string: '2.18.0' };

/** Ansible's special variables (Special Variables, "Magic variables"). Nothing overrides them. */
const MAGIC: Readonly<Record<string, Magic>> = {
  inventory_hostname: (scope) => scope.host || undefined,
  inventory_hostname_short: (scope) => scope.host.split('.')[0] || undefined,
  inventory_dir: (_scope, _chain, { inventory }) => sourceOf(inventory, dirname),
  inventory_file: (_scope, _chain, { inventory }) => sourceOf(inventory, (path) => path),
  ansible_inventory_sources: (_scope, _chain, { inventory }) => inventory.sources,
  group_names: (scope, _chain, { inventory }) => groupNames(inventory, scope.host),
  groups: (_scope, _chain, { inventory }) => groupsOf(inventory),
  hostvars: (_scope, _chain, sources) => sources.hostvars(),
  omit: () => OMIT,
  play_hosts: (scope) => scope.run.playBatch,
  ansible_play_batch: (scope) => scope.run.playBatch,
  ansible_play_hosts: (scope) => scope.run.playHosts,
  ansible_play_hosts_all: (scope) => scope.run.playHostsAll,
  ansible_play_name: (scope, chain) => scope.run.play?.name ?? chain.play?.name,
  ansible_check_mode: (scope) => scope.run.check,
  ansible_diff_mode: (scope) => scope.run.diff,
  ansible_forks: (_scope, _chain, { options }) => options.forks,
  ansible_limit: (_scope, _chain, { options }) => options.limit,
  ansible_run_tags: (_scope, _chain, { options }) => (options.tags.length > 0 ? options.tags : ['all']),
  ansible_skip_tags: (_scope, _chain, { options }) => options.skipTags,
  ansible_verbosity: (_scope, _chain, { options }) => options.verbosity,
  ansible_version: () => ANSIBLE,
  kprep_version: (_scope, _chain, { version }) => version,
  playbook_dir: (_scope, chain, sources) => sources.absolute(chain.play?.dir ?? sources.playbookDir),
  role_name: (_scope, chain) => chain.role?.name,
  ansible_role_name: (_scope, chain) => chain.role?.name,
  role_path: (_scope, chain, { absolute }) => (chain.role ? absolute(chain.role.path) : undefined),
  role_names: (_scope, chain) => topRoles(chain),
  ansible_play_role_names: (_scope, chain) => topRoles(chain),
  ansible_role_names: (_scope, chain) => [...new Set([...topRoles(chain), ...dependentRoles(chain)])],
  ansible_dependent_role_names: (_scope, chain) => [...new Set(dependentRoles(chain))],
  ansible_parent_role_names: (_scope, chain) => chain.role?.parents.map((parent) => parent.name).reverse(),
  ansible_search_path: (_scope, chain, sources) => [...new Set(searchPath(chain).map(sources.absolute))],
};

export const MAGIC_NAMES: ReadonlySet<string> = new Set([...Object.keys(MAGIC), 'vars', 'environment']);

/** Undefined: it is no magic variable, or has no value here (`role_path` outside of roles). */
export function magicValue(name: string, scope: Scope, chain: VarChain, sources: MagicSources): Value | undefined {
  return Object.hasOwn(MAGIC, name) ? MAGIC[name]?.(scope, chain, sources) : undefined;
}

/** Where files of a task are searched, nearest first: its role, the roles that brought it, its own directory, the playbook's. */
export function searchPath(chain: VarChain): string[] {
  const roles = chain.role ? [chain.role, ...[...chain.role.parents].reverse()].map((role) => role.path) : [];
  return [...new Set([...roles, chain.dir, ...(chain.play ? [chain.play.dir] : [])])];
}

function sourceOf(inventory: Inventory, pick: (path: string) => string): Value | undefined {
  const path = inventory.sources[0];
  return path === undefined ? undefined : pick(path);
}

function groupNames(inventory: Inventory, host: string): Value {
  const groups = (inventory.hosts.get(host)?.groups ?? []).filter((group) => group !== 'all');
  return [...groups].sort();
}

const groupsByInventory = new WeakMap<Inventory, Value>();

function groupsOf(inventory: Inventory): Value {
  const known = groupsByInventory.get(inventory);
  if (known !== undefined) return known;
  const groups = Object.fromEntries([...inventory.groups].map(([name, group]) => [name, group.hosts]));
  groupsByInventory.set(inventory, groups);
  return groups;
}

function topRoles(chain: VarChain): string[] {
  return (chain.play?.roles ?? []).map((role) => role.name);
}

function dependentRoles(chain: VarChain): string[] {
  return (chain.play?.roles ?? []).flatMap((role) => role.dependencies.map((one) => one.name));
}
