/** Where each group stands above and below the others. */
export interface GroupOrder {
  /** The longest way from `all`. */
  readonly depth: ReadonlyMap<string, number>;
  readonly parents: ReadonlyMap<string, readonly string[]>;
  /** The place in the order in which variables are merged: depth, priority, name. */
  readonly rank: ReadonlyMap<string, number>;
}

interface Node {
  readonly name: string;
  readonly priority: number;
  readonly children: { keys(): Iterable<string> };
}

/** Depths and merge order of groups without cycles. */
export function orderGroups(groups: ReadonlyMap<string, Node>): GroupOrder {
  const parents = new Map<string, string[]>();
  for (const { name } of groups.values()) parents.set(name, []);
  for (const group of groups.values()) for (const child of group.children.keys()) parents.get(child)?.push(group.name);
  const depth = depthsOf(groups, parents);
  const sorted = [...groups.values()].sort(
    (a, b) =>
      (depth.get(a.name) ?? 0) - (depth.get(b.name) ?? 0) || a.priority - b.priority || (a.name < b.name ? -1 : 1),
  );
  return { depth, parents, rank: new Map(sorted.map(({ name }, index) => [name, index])) };
}

/** A group is done when all its parents are (Kahn's algorithm), so every edge is seen once. */
function depthsOf(
  groups: ReadonlyMap<string, Node>,
  parents: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, number> {
  const depth = new Map<string, number>();
  const waiting = new Map([...parents].map(([name, above]) => [name, above.length]));
  const ready = [...parents].filter(([, above]) => above.length === 0).map(([name]) => name);
  for (const name of ready) {
    const below = (depth.get(name) ?? 0) + 1;
    depth.set(name, below - 1);
    for (const child of groups.get(name)?.children.keys() ?? []) {
      depth.set(child, Math.max(depth.get(child) ?? 0, below));
      const left = (waiting.get(child) ?? 1) - 1;
      waiting.set(child, left);
      if (left === 0) ready.push(child);
    }
  }
  return depth;
}

/** Names of groups in the order of merging. */
export function sortGroupNames(names: Iterable<string>, { rank }: Pick<GroupOrder, 'rank'>): string[] {
  return [...names].sort((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0));
}
