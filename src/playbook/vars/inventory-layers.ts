import type { Group, Inventory, InventoryChanges } from '../../model/inventory.ts';
import type { RunView } from '../../model/plan.ts';
import type { Vars } from '../../model/value.ts';
import { isEmpty } from './chain.ts';

/** The inventory as it is now, and the variables it gives to a host. */
export interface InventoryView {
  /** With what `add_host` and `group_by` did so far. */
  current(run: RunView): Inventory;
  /** Variables of a host, the strongest first (Ansible's VARIABLE_PRECEDENCE). */
  layers(run: RunView, host: string): readonly Vars[];
}

type WithChanges = (inventory: Inventory, changes: InventoryChanges) => Inventory;

/** Both answers are kept until the inventory changes: they are asked for at each variable. */
export function makeInventoryView(withChanges: WithChanges): InventoryView {
  const merged = new WeakMap<object, { readonly stamp: readonly unknown[]; readonly inventory: Inventory }>();
  const layersOf = new WeakMap<Inventory, Map<string, readonly Vars[]>>();
  const current = (run: RunView): Inventory => {
    const { changes, inventory } = run;
    if (changes.hosts.size === 0 && changes.groups.size === 0) return inventory;
    const stamp = stampOf(inventory, changes);
    const known = merged.get(changes.hosts);
    if (known && sameItems(known.stamp, stamp)) return known.inventory;
    const fresh = withChanges(inventory, changes);
    merged.set(changes.hosts, { stamp, inventory: fresh });
    return fresh;
  };
  const layers = (run: RunView, host: string): readonly Vars[] => {
    const inventory = current(run);
    const byHost = layersOf.get(inventory) ?? new Map<string, readonly Vars[]>();
    layersOf.set(inventory, byHost);
    const known = byHost.get(host);
    if (known) return known;
    const fresh = inventoryLayers(inventory, host);
    byHost.set(host, fresh);
    return fresh;
  };
  return { current, layers };
}

/** Members are added to a group in place, so their count tells whether it changed. */
function stampOf(inventory: Inventory, changes: InventoryChanges): readonly unknown[] {
  const groups = [...changes.groups].flatMap(([name, members]) => [name, members.length]);
  return [inventory, ...[...changes.hosts].flat(), '', ...groups];
}

function sameItems(one: readonly unknown[], two: readonly unknown[]): boolean {
  return one.length === two.length && one.every((item, index) => item === two[index]);
}

/** Weakest last: host_vars, then group_vars of the playbook, of the inventory (`all` below the others), then the inventory's own. */
function inventoryLayers(inventory: Inventory, name: string): readonly Vars[] {
  const host = inventory.hosts.get(name);
  const names = host ? host.groups : ['all'];
  const groups = names.map((group) => inventory.groups.get(group)).filter((group) => group !== undefined);
  const all = inventory.groups.get('all');
  const others = groups.filter((group) => group.name !== 'all').reverse();
  const of = (list: readonly (Group | undefined)[], pick: (group: Group) => Vars) =>
    list.flatMap((group) => (group ? [pick(group)] : []));
  return [
    ...(host ? [host.playbookVars, host.hostVars, host.vars] : []),
    ...of(others, (group) => group.playbookVars),
    ...of(others, (group) => group.groupVars),
    ...of([all], (group) => group.playbookVars),
    ...of([all], (group) => group.groupVars),
    ...of(others, (group) => group.vars),
    ...of([all], (group) => group.vars),
  ].filter((vars) => !isEmpty(vars));
}
