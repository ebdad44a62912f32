/** Which tasks run, by `--tags` and `--skip-tags`. */
export interface TagFilter {
  readonly only: ReadonlySet<string>;
  readonly skip: ReadonlySet<string>;
}

export function makeTagFilter(tags: readonly string[] = [], skipTags: readonly string[] = []): TagFilter {
  const words = (list: readonly string[]) => list.flatMap((item) => item.split(',')).map((word) => word.trim());
  const only = words(tags).filter(Boolean);
  return { only: new Set(only.length > 0 ? only : ['all']), skip: new Set(words(skipTags).filter(Boolean)) };
}

/** Whether a task with these tags runs (Ansible's "Tags": `always`, `never`, `tagged`, `untagged`, `all`). */
export function isSelected(own: readonly string[], filter: TagFilter): boolean {
  const tags = new Set(own.length > 0 ? own : ['untagged']);
  const tagged = own.length > 0;
  return isWanted(tags, tagged, filter.only) && !isSkipped(tags, tagged, filter.skip);
}

function isWanted(tags: ReadonlySet<string>, tagged: boolean, only: ReadonlySet<string>): boolean {
  if (tags.has('always') || meet(tags, only)) return true;
  return !tags.has('never') && (only.has('all') || (only.has('tagged') && tagged));
}

function isSkipped(tags: ReadonlySet<string>, tagged: boolean, skip: ReadonlySet<string>): boolean {
  if (skip.has('all')) return !tags.has('always') || skip.has('always');
  return meet(tags, skip) || (skip.has('tagged') && tagged);
}

function meet(one: ReadonlySet<string>, two: ReadonlySet<string>): boolean {
  for (const item of one) if (two.has(item)) return true;
  return false;
}
