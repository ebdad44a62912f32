import type { Group, Host, Inventory } from '../model/inventory.ts';
import type { Vars } from '../model/value.ts';
import type { Problem } from '../shared/problem.ts';
import { checkGroups } from './check-groups.ts';
import type { Draft, GroupDraft, HostDraft } from './draft.ts';
import { type GroupOrder, orderGroups, sortGroupNames } from './group-order.ts';
import { HostMap, LOCAL_NAMES } from './host-map.ts';
import type { VarsFiles } from './vars-files.ts';

/** Where variables of groups and hosts are read, those that `group_by` and `add_host` make too. */
export interface VarsLookup {
  readonly beside: VarsFiles;
  readonly playbook: VarsFiles;
  /** What was wrong in the files that were read. */
  readonly problems: readonly Problem[];
}

/** Under this key an inventory remembers where variables are read. */
export const LOOKUP = Symbol('kprep.inventory.lookup');

export interface LoadedInventory extends Inventory {
  readonly [LOOKUP]?: VarsLookup;
}

/** The inventory of a draft: references resolved, cycles told and cut, groups ordered, variables read from files. */
export function finishInventory(
  draft: Draft,
  { sources, files }: { readonly sources: readonly string[]; readonly files: VarsLookup },
): LoadedInventory {
  checkGroups(draft);
  sortUngrouped(draft);
  const order = orderGroups(draft.groups);
  const groups = new Map<string, Group>();
  for (const group of draft.groups.values()) groups.set(group.name, finishGroup(draft.groups, group, { order, files }));
  const memberships = membershipsOf(draft, order);
  const hosts = [...draft.hosts.values()].map((host): [string, Host] => [
    host.name,
    finishHost(host, memberships.get(host.name) ?? ['all'], files),
  ]);
  return { hosts: new HostMap(hosts, implicitHosts(files)), groups, sources, [LOOKUP]: files };
}

/** As Ansible reconciles: who is in no other group than `all` is ungrouped, and nobody else is. */
function sortUngrouped(draft: Draft): void {
  const grouped = new Set<string>();
  for (const group of draft.groups.values()) {
    if (group.name !== 'all' && group.name !== 'ungrouped') for (const name of group.hosts.keys()) grouped.add(name);
  }
  const ungrouped = draft.groups.get('ungrouped');
  for (const name of draft.hosts.keys()) {
    if (grouped.has(name)) ungrouped?.hosts.delete(name);
    else if (!ungrouped?.hosts.has(name)) ungrouped?.hosts.set(name, '');
  }
}

interface Surroundings {
  readonly order: GroupOrder;
  readonly files: VarsLookup;
}

function finishGroup(
  groups: ReadonlyMap<string, GroupDraft>,
  group: GroupDraft,
  { order, files }: Surroundings,
): Group {
  const { name, vars, priority } = group;
  const tree: Tree = {
    childrenOf: (of) => groups.get(of)?.children.keys() ?? [],
    hostsOf: (of) => groups.get(of)?.hosts.keys() ?? [],
  };
  let hosts: readonly string[] | undefined;
  return {
    name,
    vars,
    groupVars: files.beside.of('group_vars', name),
    playbookVars: files.playbook.of('group_vars', name),
    children: [...group.children.keys()],
    directHosts: [...group.hosts.keys()],
    /** Made when it is asked for: all lists of a long chain of groups together are as long as its square. */
    get hosts() {
      hosts ??= hostsBelow(name, tree);
      return hosts;
    },
    depth: order.depth.get(name) ?? 1,
    priority,
  };
}

interface Tree {
  childrenOf(group: string): Iterable<string>;
  hostsOf(group: string): Iterable<string>;
}

/** Hosts of a group and of the groups below it, level by level, as Ansible lists them. */
export function hostsBelow(group: string, tree: Tree): readonly string[] {
  const seen = new Set([group]);
  for (const name of seen) for (const child of tree.childrenOf(name)) seen.add(child);
  const hosts = new Set<string>();
  for (const name of seen) for (const host of tree.hostsOf(name)) hosts.add(host);
  return [...hosts];
}

/** The groups of each host, in the order of merging. Hosts of the same groups share one list. */
function membershipsOf(draft: Draft, order: GroupOrder): ReadonlyMap<string, readonly string[]> {
  const direct = new Map<string, string[]>();
  for (const group of draft.groups.values()) {
    for (const host of group.hosts.keys()) {
      const names = direct.get(host);
      if (names) names.push(group.name);
      else direct.set(host, [group.name]);
    }
  }
  const shared = new Map<string, readonly string[]>();
  const out = new Map<string, readonly string[]>();
  for (const [host, names] of direct) {
    const key = names.join('\0');
    const groups = shared.get(key) ?? sortGroupNames(withAncestors(names, order), order);
    shared.set(key, groups);
    out.set(host, groups);
  }
  return out;
}

function withAncestors(names: readonly string[], order: GroupOrder): Set<string> {
  const out = new Set(['all', ...names]);
  for (const name of out) for (const parent of order.parents.get(name) ?? []) out.add(parent);
  return out;
}

function finishHost(host: HostDraft, groups: readonly string[], files: VarsLookup): Host {
  const { name, vars } = host;
  return { name, vars, groups, ...hostFiles(name, files) };
}

export function hostFiles(name: string, files: VarsLookup): { hostVars: Vars; playbookVars: Vars } {
  return { hostVars: files.beside.of('host_vars', name), playbookVars: files.playbook.of('host_vars', name) };
}

/** This machine, which needs no line in an inventory. It is in no list of hosts, and only the variables of `all` hold for it. */
function implicitHosts(files: VarsLookup): ReadonlyMap<string, Host> {
  const vars = { ansible_connection: 'local' };
  return new Map(LOCAL_NAMES.map((name) => [name, { name, vars, groups: ['all'], ...hostFiles(name, files) }]));
}
