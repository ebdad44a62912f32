import type { Problem } from '../shared/problem.ts';
import type { Draft, GroupDraft } from './draft.ts';
import { makeHinter } from './problems.ts';

/** Tells groups that nothing defines and groups that are their own children, takes both out, and puts the rest under `all`. */
export function checkGroups(draft: Draft): void {
  dropUndeclared(draft);
  cutCycles(draft);
  adoptRoots(draft);
  for (const name of draft.groups.keys()) {
    if (!draft.hosts.has(name)) continue;
    draft.problems.push({ level: 'warning', message: `${name} is the name of a host and of a group` });
  }
}

function dropUndeclared(draft: Draft): void {
  const hint = makeHinter(() => [...draft.groups.values()].filter(isDeclared).map(({ name }) => name));
  const unknown = [...draft.groups.values()].filter((group) => !group.declared);
  for (const group of unknown) {
    draft.problems.push(
      ...group.references.map((reference) => undefinedGroup(draft, group.name, { ...reference, hint })),
    );
    draft.groups.delete(group.name);
  }
  if (unknown.length === 0) return;
  for (const group of draft.groups.values()) {
    for (const child of group.children.keys()) if (!draft.groups.has(child)) group.children.delete(child);
  }
}

function isDeclared(group: GroupDraft): boolean {
  return group.declared;
}

type Reference = GroupDraft['references'][number] & { readonly hint: (name: string) => string | undefined };

function undefinedGroup(draft: Draft, name: string, { place, by, hint }: Reference): Problem {
  const isHost = by === 'children' && draft.hosts.has(name);
  const message =
    by === 'vars' ? `variables of ${name}, but nothing defines that group` : `nothing defines the group ${name}`;
  const near = isHost ? `${name} is a host; hosts stand under [group], not under [group:children]` : hint(name);
  return { message, ...place, level: 'error', ...(near ? { hint: near } : {}) };
}

type Color = 'open' | 'done';

function cutCycles(draft: Draft): void {
  const color = new Map<string, Color>();
  for (const root of draft.groups.values()) if (!color.has(root.name)) walkFrom(draft, root, color);
}

/** Depth first without recursion: a chain of groups may be longer than the stack is deep. */
function walkFrom(draft: Draft, root: GroupDraft, color: Map<string, Color>): void {
  const path = [{ group: root, children: root.children.keys() }];
  color.set(root.name, 'open');
  for (let top = path.at(-1); top; top = path.at(-1)) {
    const next = top.children.next();
    if (next.done) {
      color.set(top.group.name, 'done');
      path.pop();
      continue;
    }
    const child = draft.groups.get(next.value);
    if (color.get(next.value) === 'open' || next.value === 'all') {
      const names = path.map(({ group }) => group.name);
      cut(draft, top.group, [...names.slice(Math.max(0, names.indexOf(next.value))), next.value]);
    } else if (child && !color.has(child.name)) {
      color.set(child.name, 'open');
      path.push({ group: child, children: child.children.keys() });
    }
  }
}

function cut(draft: Draft, parent: GroupDraft, cycle: readonly string[]): void {
  const child = cycle.at(-1) ?? '';
  const place = parent.children.get(child);
  parent.children.delete(child);
  const message =
    child === 'all'
      ? 'all holds every group, so it is no child of one'
      : `the groups form a cycle: ${cycle.join(' > ')}`;
  draft.problems.push({ message, ...place, level: 'error' });
}

/** As Ansible reconciles: a group without a parent is a child of `all`. */
function adoptRoots(draft: Draft): void {
  const children = new Set([...draft.groups.values()].flatMap((group) => [...group.children.keys()]));
  const all = draft.groups.get('all');
  for (const name of draft.groups.keys()) if (name !== 'all' && !children.has(name)) all?.children.set(name, undefined);
}
