import type { Group, Inventory } from '../model/inventory.ts';
import type { Value, Vars } from '../model/value.ts';
import { printableLine } from '../shared/text.ts';
import { pythonText } from './python-text.ts';

/** What `ansible-inventory --list` prints, as data. */
export function inventoryList(inventory: Inventory): Value {
  const groups = new Map<string, Value>();
  addGroup(inventory, 'all', { groups, seen: new Set() });
  const hostvars = [...inventory.hosts.keys()].map((name) => [name, hostVars(inventory, name)] as const);
  const meta = Object.fromEntries(hostvars.filter(([, vars]) => Object.keys(vars).length > 0));
  return Object.fromEntries([...groups, ['_meta', { hostvars: meta }]]);
}

interface Listed {
  readonly groups: Map<string, Value>;
  readonly seen: Set<string>;
}

/** A group without hosts and children is left out, as Ansible does. */
function addGroup(inventory: Inventory, name: string, listed: Listed): void {
  const group = inventory.groups.get(name);
  if (!group) return;
  const hosts = name === 'all' ? [] : group.directHosts;
  const entry = {
    ...(hosts.length > 0 ? { hosts } : {}),
    ...(group.children.length > 0 ? { children: group.children } : {}),
  };
  if (Object.keys(entry).length > 0) listed.groups.set(name, entry);
  for (const child of group.children) {
    if (listed.seen.has(child)) continue;
    listed.seen.add(child);
    addGroup(inventory, child, listed);
  }
}

/** The file that it came from is our own business, as are the names that every play is given. */
const HIDDEN: ReadonlySet<string> = new Set([
  ...['ansible_diff_mode', 'ansible_config_file', 'ansible_facts', 'ansible_forks', 'ansible_inventory_sources'],
  ...['ansible_limit', 'ansible_playbook_python', 'ansible_run_tags', 'ansible_skip_tags', 'ansible_verbosity'],
  ...['ansible_version', 'inventory_dir', 'inventory_file', 'inventory_hostname', 'inventory_hostname_short'],
  ...['groups', 'group_names', 'omit', 'playbook_dir'],
]);

/** All variables of one host: its groups', then its own, in Ansible's order of precedence. Templates stay as they are written. */
export function hostVars(inventory: Inventory, name: string): Vars {
  const host = inventory.hosts.get(name);
  const groups = (host?.groups ?? ['all']).flatMap((group) => inventory.groups.get(group) ?? []);
  const all = groups.filter((group) => group.name === 'all');
  const others = groups.filter((group) => group.name !== 'all');
  const merged: Record<string, Value> = {};
  for (const group of [...all, ...others]) Object.assign(merged, group.vars);
  for (const group of [...all, ...others]) Object.assign(merged, group.groupVars, group.playbookVars);
  Object.assign(merged, host?.vars, host?.hostVars, host?.playbookVars);
  return shown(merged);
}

function shown(vars: Vars): Vars {
  return Object.fromEntries(Object.entries(vars).filter(([name]) => !HIDDEN.has(name)));
}

/** What `ansible-inventory --graph` prints. */
export function inventoryGraph(inventory: Inventory, start: string, options: { readonly vars: boolean }): string[] {
  const draw = (text: string, depth: number): string => (depth === 0 ? text : `${'  |'.repeat(depth)}--${text}`);
  const varLines = (vars: Vars, depth: number): string[] => {
    if (!options.vars) return [];
    const names = Object.keys(vars).sort();
    return names.map((name) => draw(printableLine(`{${name} = ${pythonText(vars[name] ?? null)}}`), depth));
  };
  const ofGroup = (group: Group, depth: number): string[] => {
    const hosts = group.name === 'all' ? [] : group.directHosts;
    return [
      draw(`@${group.name}:`, depth),
      ...group.children.flatMap((child) => {
        const found = inventory.groups.get(child);
        return found ? ofGroup(found, depth + 1) : [];
      }),
      ...hosts.flatMap((host) => [draw(host, depth + 1), ...varLines(hostVars(inventory, host), depth + 2)]),
      ...varLines(groupVars(group), depth + 1),
    ];
  };
  const group = inventory.groups.get(start);
  return group ? ofGroup(group, 0) : [];
}

function groupVars(group: Group): Vars {
  const priority = group.priority === 1 ? {} : { ansible_group_priority: group.priority };
  return shown({ ...group.vars, ...group.groupVars, ...priority });
}
