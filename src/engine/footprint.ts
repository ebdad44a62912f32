import type { Change } from '../model/change.ts';
import type { Resource } from '../model/module.ts';

/** What a task touches, as modules say it. */
export type Footprint = readonly Resource[] | 'anything';

/**
 * Whether two footprints share a resource. `kind:*` meets every resource of its kind. Of files, a directory meets all
 * that is below it (a mount or a removed directory alters them) and a file meets the directories above it (`find`, a
 * directory's listing). Paths are compared as text: `..` and doubled slashes are resolved, symbolic links are not.
 */
export function overlaps(one: Footprint, other: Footprint): boolean {
  if (one === 'anything') return other === 'anything' || other.length > 0;
  if (other === 'anything') return one.length > 0;
  return one.some((mine) => other.some((theirs) => meets(mine, theirs)));
}

/** A module's footprint with what its changes turned out to touch besides. */
export function widened(touches: Footprint, changes: readonly Change[]): Footprint {
  if (touches === 'anything') return touches;
  const more = changes.flatMap((change) => change.touches ?? []);
  return more.length > 0 ? [...touches, ...more] : touches;
}

function meets(one: Resource, other: Resource): boolean {
  if (one === other) return true;
  const [kind, name] = split(one);
  const [otherKind, otherName] = split(other);
  if (kind !== otherKind) return false;
  if (name === '*' || otherName === '*') return true;
  return kind === 'file' && pathsMeet(normal(name), normal(otherName));
}

function split(resource: Resource): [string, string] {
  const colon = resource.indexOf(':');
  return [resource.slice(0, colon), resource.slice(colon + 1)];
}

function pathsMeet(one: string, other: string): boolean {
  return one === other || below(one, other) || below(other, one);
}

function below(path: string, directory: string): boolean {
  return path.startsWith(directory === '/' ? '/' : `${directory}/`);
}

function normal(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return `${path.startsWith('/') ? '/' : ''}${parts.join('/')}`;
}
