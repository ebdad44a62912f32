import type { Group, Host, Inventory, InventoryChanges } from '../model/inventory.ts';
import { KprepError } from '../shared/errors.ts';
import { renderProblem } from '../shared/problem.ts';
import { refuseHostName } from './address.ts';
import { hostFiles, hostsBelow, LOOKUP, type LoadedInventory, type VarsLookup } from './finish.ts';
import { type GroupOrder, orderGroups, sortGroupNames } from './group-order.ts';
import { HostMap } from './host-map.ts';

/**
 * The inventory with what `add_host` and `group_by` made. The given one stays as it is. New groups are children of `all`; their
 * `group_vars/` and the `host_vars/` of new hosts are read now, as Ansible does.
 * @throws KprepError `task` when a host's name is unsafe, or when such a file cannot be read.
 */
export function withChanges(inventory: LoadedInventory, changes: InventoryChanges): Inventory {
  if (changes.hosts.size === 0 && changes.groups.size === 0) return inventory;
  const files = inventory[LOOKUP] ?? NO_FILES;
  const before = files.problems.length;
  const members = membersOf(changes);
  const added = [...changes.hosts.keys()].filter((name) => !isListed(inventory, name));
  const groups = changeGroups(inventory, { members, added, files });
  const hosts = changeHosts(inventory, { changes, groups, members, files });
  const problem = files.problems.slice(before).find(({ level }) => level === 'error');
  if (problem) throw new KprepError('task', renderProblem(problem));
  return { ...inventory, hosts, groups } satisfies LoadedInventory;
}

const NOTHING = { of: () => ({}) };
const NO_FILES: VarsLookup = { beside: NOTHING, playbook: NOTHING, problems: [] };

/** Whom the changes put into each group. */
function membersOf({ hosts, groups }: InventoryChanges): ReadonlyMap<string, ReadonlySet<string>> {
  const members = new Map<string, Set<string>>();
  const add = (group: string, host: string): void => {
    members.set(group, (members.get(group) ?? new Set()).add(host));
  };
  for (const [host, { groups: names }] of hosts) for (const group of names) add(group, host);
  for (const [group, names] of groups) {
    if (names.length === 0) members.set(group, members.get(group) ?? new Set());
    for (const host of names) add(group, host);
  }
  return members;
}

/** Whether a loop over the hosts shows it: an implicit `localhost` it does not. */
function isListed({ hosts }: Inventory, name: string): boolean {
  return hosts instanceof HostMap ? hosts.hasOwnHost(name) : hosts.has(name);
}

interface GroupWork {
  readonly members: ReadonlyMap<string, ReadonlySet<string>>;
  readonly added: readonly string[];
  readonly files: VarsLookup;
}

function changeGroups(inventory: Inventory, work: GroupWork): ReadonlyMap<string, Group> {
  const groups = new Map(inventory.groups);
  for (const name of work.members.keys()) if (!groups.has(name)) groups.set(name, newGroup(name, work.files));
  const fresh = [...work.members.keys()].filter((name) => !inventory.groups.has(name));
  // As Ansible's add_host: in `all` itself, so before the hosts of its children.
  patch(groups, 'all', ({ children, directHosts }) => ({
    children: [...children, ...fresh],
    directHosts: [...directHosts, ...work.added],
  }));
  for (const [name, members] of work.members) {
    patch(groups, name, ({ directHosts }) => ({ directHosts: [...new Set([...directHosts, ...members])] }));
  }
  const grouped = new Set(
    [...work.members].filter(([name]) => name !== 'all' && name !== 'ungrouped').flatMap(([, m]) => [...m]),
  );
  const lonely = work.added.filter((name) => !grouped.has(name));
  patch(groups, 'ungrouped', ({ directHosts }) => ({
    directHosts: [...new Set([...directHosts.filter((name) => !grouped.has(name)), ...lonely])],
  }));
  recount(inventory, groups, new Set(['all', 'ungrouped', ...work.members.keys()]), work.added);
  return groups;
}

function newGroup(name: string, files: VarsLookup): Group {
  const groupVars = files.beside.of('group_vars', name);
  const playbookVars = files.playbook.of('group_vars', name);
  return { name, vars: {}, groupVars, playbookVars, children: [], directHosts: [], hosts: [], depth: 1, priority: 1 };
}

function patch(groups: Map<string, Group>, name: string, change: (group: Group) => Partial<Group>): void {
  const group = groups.get(name);
  if (group) groups.set(name, { ...group, ...change(group) });
}

/** The hosts of changed groups and of all above them. `all` never lists an implicit host. */
function recount(
  inventory: Inventory,
  groups: Map<string, Group>,
  changed: Set<string>,
  added: readonly string[],
): void {
  const { parents } = orderGroups(asNodes(groups));
  for (const name of changed) for (const parent of parents.get(name) ?? []) changed.add(parent);
  const listed = new Set(added);
  const tree = {
    childrenOf: (of: string) => groups.get(of)?.children ?? [],
    hostsOf: (of: string) => groups.get(of)?.directHosts ?? [],
  };
  for (const name of changed) {
    const hosts = hostsBelow(name, tree);
    const shown = name === 'all' ? hosts.filter((host) => listed.has(host) || isListed(inventory, host)) : hosts;
    patch(groups, name, () => ({ hosts: shown }));
  }
}

function asNodes(groups: ReadonlyMap<string, Group>) {
  return new Map(
    [...groups].map(([name, { priority, children }]) => [name, { name, priority, children: new Set(children) }]),
  );
}

interface HostWork {
  readonly changes: InventoryChanges;
  readonly groups: ReadonlyMap<string, Group>;
  readonly members: ReadonlyMap<string, ReadonlySet<string>>;
  readonly files: VarsLookup;
}

function changeHosts(inventory: Inventory, work: HostWork): HostMap {
  const order = orderGroups(asNodes(work.groups));
  const joined = new Map<string, string[]>();
  for (const [group, members] of work.members) {
    for (const host of members) joined.set(host, [...(joined.get(host) ?? []), group]);
  }
  const known = inventory.hosts instanceof HostMap ? inventory.hosts.implicit : new Map<string, Host>();
  const implicit = new Map(known);
  const listed = new Map(inventory.hosts);
  for (const name of new Set([...work.changes.hosts.keys(), ...joined.keys()])) {
    const isNew = work.changes.hosts.has(name) && !isListed(inventory, name);
    const host = (isNew ? undefined : inventory.hosts.get(name)) ?? newHost(name, work.files);
    const shown = isNew || isListed(inventory, host.name);
    const groups = groupsOf({ host, joined: joined.get(name) ?? [], shown }, order);
    const vars = { ...host.vars, ...work.changes.hosts.get(name)?.vars };
    (shown ? listed : implicit).set(host.name, { ...host, vars, groups });
  }
  return new HostMap(listed, implicit);
}

function newHost(name: string, files: VarsLookup): Host {
  const refusal = refuseHostName(name);
  if (refusal)
    throw new KprepError('task', refusal.problem, refusal.hint === undefined ? {} : { remedy: refusal.hint });
  return { name, vars: { inventory_file: null, inventory_dir: null }, groups: ['all'], ...hostFiles(name, files) };
}

interface Joining {
  readonly host: Host;
  readonly joined: readonly string[];
  readonly shown: boolean;
}

/** The groups of the host with those it joined and all above them. `ungrouped` only where nothing else but `all` is left. */
function groupsOf({ host, joined, shown }: Joining, order: GroupOrder): readonly string[] {
  const names = new Set([...host.groups, ...joined]);
  for (const name of names) for (const parent of order.parents.get(name) ?? []) names.add(parent);
  names.delete('ungrouped');
  if (names.size === 1 && shown) names.add('ungrouped');
  return sortGroupNames(names, order);
}
