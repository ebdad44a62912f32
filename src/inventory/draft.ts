import type { Value } from '../model/value.ts';
import type { Problem } from '../shared/problem.ts';
import type { Place, Reporter, Spot } from './problems.ts';

/** An inventory while its sources are being read. */
export interface Draft {
  readonly hosts: Map<string, HostDraft>;
  readonly groups: Map<string, GroupDraft>;
  readonly problems: Problem[];
}

export interface HostDraft {
  readonly name: string;
  readonly vars: Record<string, Value>;
  /** The source that set a variable last. */
  varsFrom?: string;
}

export interface GroupDraft {
  readonly name: string;
  readonly vars: Record<string, Value>;
  varsFrom?: string;
  /** Child groups, and where each is named. */
  readonly children: Map<string, Place | undefined>;
  /** Hosts named in the group itself, and the source that did so last. */
  readonly hosts: Map<string, string>;
  priority: number;
  /** False while it is only referred to: by `:vars`, or as a child in an INI file. */
  declared: boolean;
  readonly references: { readonly place: Place; readonly by: 'vars' | 'children' }[];
}

/** With the groups `all` and `ungrouped`, as Ansible begins. */
export function makeDraft(): Draft {
  const draft: Draft = { hosts: new Map(), groups: new Map(), problems: [] };
  declareGroup(draft, 'all').children.set('ungrouped', undefined);
  declareGroup(draft, 'ungrouped');
  return draft;
}

export function declareGroup(draft: Draft, name: string): GroupDraft {
  const group = mentionGroup(draft, name);
  group.declared = true;
  return group;
}

/** The group, which something else must declare. */
export function mentionGroup(draft: Draft, name: string): GroupDraft {
  let group = draft.groups.get(name);
  if (!group) {
    const fresh = { vars: {}, children: new Map(), hosts: new Map(), references: [] };
    group = { name, ...fresh, priority: 1, declared: false };
    draft.groups.set(name, group);
  }
  return group;
}

/** Where a host comes from, as Ansible tells its playbooks (`inventory_file`, `inventory_dir`). */
export interface Origin {
  readonly source: string;
  readonly dir: string;
}

/** The host in the group; both may be there already. */
export function addHost(draft: Draft, name: string, place: { group: string; origin: Origin }): HostDraft {
  let host = draft.hosts.get(name);
  if (!host) {
    host = { name, vars: { inventory_file: place.origin.source, inventory_dir: place.origin.dir } };
    draft.hosts.set(name, host);
  }
  draft.groups.get(place.group)?.hosts.set(name, place.origin.source);
  return host;
}

/** One variable of a host or group, and where it is written. */
export interface Assignment {
  readonly key: string;
  readonly value: Value;
  readonly spot: Spot;
  readonly reporter: Reporter;
}

/** Sets a variable; the last one counts. Two values for one name in one file are worth a warning. */
export function setVariable(owner: HostDraft | GroupDraft, assignment: Assignment): void {
  const { key, value, spot, reporter } = assignment;
  const before = owner.varsFrom === reporter.file && Object.hasOwn(owner.vars, key) ? owner.vars[key] : undefined;
  if (before !== undefined && isPlain(before) && isPlain(value) && before !== value) {
    const was = JSON.stringify(String(before));
    reporter.warning(
      spot,
      `${key} of ${owner.name} is ${was} already; here it becomes ${JSON.stringify(String(value))}`,
    );
  }
  owner.varsFrom = reporter.file;
  setOwn(owner.vars, key, value);
}

function isPlain(value: Value): boolean {
  return value === null || typeof value !== 'object';
}

/** As `setVariable`; `ansible_group_priority` is no variable but the group's place among those of its depth. */
export function setGroupVariable(group: GroupDraft, assignment: Assignment): void {
  const { key, value, spot, reporter } = assignment;
  if (key !== 'ansible_group_priority') {
    setVariable(group, assignment);
    return;
  }
  const text = typeof value === 'object' ? '' : String(value).trim();
  if (/^[+-]?\d+$/.test(text)) group.priority = Number(text);
  else reporter.error(spot, 'ansible_group_priority must be a whole number');
}

/** `__proto__` is a name like any other. */
export function setOwn(target: Record<string, Value>, key: string, value: Value): void {
  if (key !== '__proto__') target[key] = value;
  else Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}
