import type { LocalFile } from '../../../model/args.ts';
import type { Change } from '../../../model/change.ts';
import { contentOf } from '../../../model/content.ts';
import { type Decision, isRefusal, isSkip } from '../../../model/module.ts';
import { ownerIdsPiece, ownershipChange } from '../ownership.ts';
import { mapPiece, type Piece, pieces } from '../piece.ts';
import { type CopyArgs, type CopyState, makeMissing, planOne, type Source, sourceMode } from './plan.ts';
import { type TreeEntry, treePiece } from './tree.ts';

export interface LocalCopyArgs extends CopyArgs {
  readonly directory_mode?: string;
}

interface LocalEntry extends TreeEntry {
  readonly local: LocalFile;
}

/** Reads what the host has of a file or directory of this machine. */
export function localPiece(args: LocalCopyArgs, src: LocalFile): Piece<CopyState> {
  const tree = treePiece({
    dest: args.dest,
    ...(src.entries ? {} : { nameInside: src.name }),
    entries: entriesOf(src),
    follow: args.follow,
  });
  return mapPiece(pieces({ tree, ids: ownerIdsPiece(args) }), ({ tree: state, ids }) => ({ ...state, ids }));
}

/** Everything that is to be copied, directories before what is in them. */
function entriesOf(src: LocalFile): LocalEntry[] {
  if (!src.entries) return [{ relative: '', sha256: src.content?.sha256 ?? contentOf('').sha256, local: src }];
  return src.trailingSlash ? [{ relative: '', local: src }, ...below(src, '')] : withAbove(src);
}

function withAbove(src: LocalFile): LocalEntry[] {
  return [{ relative: src.name, local: src }, ...below(src, `${src.name}/`)];
}

function below({ entries = [] }: LocalFile, prefix: string): LocalEntry[] {
  return entries.flatMap((local) => {
    const relative = `${prefix}${local.name}`;
    if (local.entries) return [{ relative, local }, ...below(local, `${relative}/`)];
    return [{ relative, sha256: local.content?.sha256 ?? contentOf('').sha256, local }];
  });
}

export function planLocal(args: LocalCopyArgs, src: LocalFile, state: CopyState): Decision {
  const entries = entriesOf(src);
  if (src.entries) return planDirectory(args, entries, state);
  const file = state.files[0];
  if (!file) return [];
  const one = planOne(args, state, { file, source: sourceOf(args, src) });
  if (state.parentExists || isRefusal(one) || isSkip(one)) return one;
  const parent = file.path.replace(/\/[^/]*$/, '') || '/';
  if (!args.dest.endsWith('/')) return { failed: `Destination directory ${parent} does not exist` };
  const made = makeMissing([{ path: parent, wanted: directoryWish(args, src) }]);
  return made ? [made, ...one] : one;
}

export function sourceOf(args: LocalCopyArgs, local: LocalFile): Source {
  const { mode, ...owners } = args;
  return {
    content: local.content ?? contentOf(''),
    wanted: { ...ownersOf(owners), ...sourceMode(mode, local.mode) },
  };
}

function ownersOf({ owner, group }: CopyArgs): { owner?: string; group?: string } {
  return { ...(owner === undefined ? {} : { owner }), ...(group === undefined ? {} : { group }) };
}

function planDirectory(args: LocalCopyArgs, entries: readonly LocalEntry[], state: CopyState): Decision {
  const dirs: { path: string; wanted: ReturnType<typeof directoryWish> }[] = [];
  const changes: Change[] = [];
  for (const [index, { local }] of entries.entries()) {
    const file = state.files[index];
    if (!file) continue;
    if (local.entries) {
      const wanted = directoryWish(args, local);
      if (file.kind === 'absent') dirs.push({ path: file.path, wanted });
      else if (file.kind !== 'directory') return { failed: `${file.path} is there and is no directory` };
      else changes.push(...ownerOfDirectory(file, wanted, state));
      continue;
    }
    const one = planOne(args, state, { file, source: sourceOf(args, local) });
    if (isRefusal(one) || isSkip(one)) return one;
    changes.push(...one);
  }
  const made = makeMissing(dirs);
  return made ? [made, ...changes] : changes;
}

function directoryWish(args: LocalCopyArgs, local: LocalFile) {
  const mode = args.directory_mode ?? (args.mode === 'preserve' ? args.mode : undefined);
  return { ...ownersOf(args), ...sourceMode(mode, local.mode) };
}

function ownerOfDirectory(
  file: CopyState['files'][number],
  wanted: ReturnType<typeof directoryWish>,
  { ids }: CopyState,
): Change[] {
  if (wanted.mode === undefined || !file.stat) return [];
  const change = ownershipChange({ path: file.path, stat: file.stat, wanted, ids, follow: true });
  return change ? [change] : [];
}
