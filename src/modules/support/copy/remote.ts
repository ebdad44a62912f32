import type { Change, RunChange, StepOutput } from '../../../model/change.ts';
import type { Decision, Refusal } from '../../../model/module.ts';
import { joinScripts, type Script, sh } from '../../../shared/sh.ts';
import { newOwnership } from '../file/common.ts';
import { filePiece, type HostFile } from '../host-file.ts';
import { octal } from '../mode.ts';
import { type OwnerIds, ownerIdsPiece, ownershipChange } from '../ownership.ts';
import { mapPiece, type Piece, pieces } from '../piece.ts';
import { undoScript } from '../put-file.ts';
import { remoteWord } from '../remote-path.ts';
import { type CopyArgs, sourceMode } from './plan.ts';
import { type RemoteTree, remoteTreePiece } from './remote-tree.ts';

/** A source and a destination that are both on the host. */
export interface RemoteState {
  readonly src: HostFile;
  /** Hex. */
  readonly srcSha1: string;
  readonly srcSha256: string;
  readonly dest: HostFile;
  readonly destSha256: string;
  readonly destParent: boolean;
  readonly ids: OwnerIds;
  readonly tree: RemoteTree | undefined;
}

const CONTENT_LIMIT = 256 * 1024;

export function remotePiece(args: CopyArgs, src: string): Piece<RemoteState> {
  const sums = sh`kp_s=${{ script: remoteWord(src) }} kp_d=${{ script: remoteWord(args.dest) }}
if [ ! -d "$kp_s" ]; then
  case $kp_d in */) kp_d=$kp_d\${kp_s##*/} ;; *) [ -d "$kp_d" ] && kp_d=$kp_d/\${kp_s##*/} ;; esac
fi
case $kp_d in /*/*) kp_p=\${kp_d%/*} ;; /*) kp_p=/ ;; */*) kp_p=\${kp_d%/*} ;; *) kp_p=. ;; esac
kp_1='' kp_2='' kp_3='' kp_4=0
[ -d "$kp_p" ] && kp_4=1
if [ -f "$kp_s" ]; then
  kp_1=$(sha1sum <"$kp_s"); kp_2=$(sha256sum <"$kp_s")
  [ -f "$kp_d" ] && [ -r "$kp_d" ] && kp_3=$(sha256sum <"$kp_d")
fi
printf '%s\000' "\${kp_1%% *}" "\${kp_2%% *}" "\${kp_3%% *}" "$kp_4"`;
  const facts: Piece<readonly [string, string, string, string]> = {
    script: sums,
    parse: (cursor) => [cursor.field(), cursor.field(), cursor.field(), cursor.field()],
  };
  const read = pieces({
    facts,
    dest: filePiece({ word: sh`"$kp_d"` }, CONTENT_LIMIT),
    src: filePiece(src, 0),
    tree: remoteTreePiece(src, args.dest),
    ids: ownerIdsPiece(args),
  });
  return mapPiece(read, ({ facts: [srcSha1, srcSha256, destSha256, parent], ...rest }) => ({
    ...rest,
    srcSha1,
    srcSha256,
    destSha256,
    destParent: parent === '1',
  }));
}

export function planRemote(args: CopyArgs, state: RemoteState, checksum: string | undefined): Decision {
  const { src, dest } = state;
  const trouble = sourceTrouble(state, checksum);
  if (trouble) return trouble;
  if (src.kind === 'directory') return planTree(args, state);
  if (dest.stat && !args.force) return [];
  if (dest.kind === 'directory') return { failed: `${dest.path} is a directory` };
  if (!state.destParent && !args.dest.endsWith('/')) {
    return { failed: `Destination directory ${dest.path.replace(/\/[^/]*$/, '') || '/'} does not exist` };
  }
  if (state.srcSha256 !== state.destSha256 || (dest.link && !args.follow)) return [copyChange(args, state)];
  const wanted = remoteWish(args, state);
  const change =
    dest.stat && ownershipChange({ path: dest.path, stat: dest.stat, wanted, ids: state.ids, follow: true });
  return change ? [change] : [];
}

function sourceTrouble({ src, srcSha1 }: RemoteState, checksum: string | undefined): Refusal | undefined {
  if (src.kind === 'absent' || src.kind === 'dangling') return { failed: `Source ${src.path} not found` };
  if (src.kind === 'unreadable' || src.kind === 'hidden') return { failed: `Source ${src.path} not readable` };
  if (src.kind === 'other') return { failed: `Cannot copy invalid source '${src.path}': not a file` };
  if (checksum === undefined || checksum.toLowerCase() === srcSha1) return undefined;
  const failed = 'Copied file does not match the expected checksum. Transfer failed.';
  return { failed, result: { checksum: srcSha1, expected_checksum: checksum } };
}

function remoteWish(args: CopyArgs, { src }: RemoteState) {
  return {
    ...ownersOf(args),
    ...sourceMode(args.mode, src.stat?.mode ?? 0o644),
  };
}

function copyChange(args: CopyArgs, state: RemoteState): RunChange {
  const { src, dest } = state;
  return {
    kind: 'run',
    summary: `copy ${src.path} to ${dest.path}`,
    script: copyScript(args, state),
    undo: undoCopy(args, state),
    killable: false,
  };
}

/** A temporary file beside the target, then a rename; prints the backup's name. */
function copyScript(args: CopyArgs, state: RemoteState): Script {
  const { src, dest } = state;
  const wanted = remoteWish(args, state);
  const old = dest.stat && !(dest.link && !args.follow) ? dest.stat : undefined;
  const keep = old ? { owner: String(old.uid), group: String(old.gid), mode: octal(old.mode) } : { mode: '0644' };
  const steps = newOwnership({ word: sh`"$kp_t"` }, { ...keep, ...wanted }, { base: old?.mode });
  const backup = args.backup && old && dest.kind !== 'dangling';
  return joinScripts(
    [
      sh`umask 077
kp_d=${dest.path}`,
      ...(dest.link && args.follow ? [sh`kp_d=$(readlink -f "$kp_d") || exit 1`] : []),
      ...(args.dest.endsWith('/') ? [sh`(umask 022; mkdir -p -- "\${kp_d%/*}") || exit 1`] : []),
      sh`kp_t=$(mktemp "$kp_d.XXXXXX") || exit 1
trap 'rm -f -- "$kp_t"' EXIT
cat -- ${src.path} >"$kp_t" || exit 1`,
      ...steps.map((step) => sh`${{ script: step }} || exit 1`),
      ...(args.validate === undefined ? [] : [validateScript(args.validate)]),
      ...(backup
        ? [
            sh`kp_b="$kp_d.$$.$(date +%Y-%m-%d@%H:%M:%S)~" && cp -p -- "$kp_d" "$kp_b" && printf '%s\n' "$kp_b" || exit 1`,
          ]
        : []),
      args.unsafe_writes ? sh`cat -- "$kp_t" >"$kp_d"` : sh`mv -f -- "$kp_t" "$kp_d"`,
    ],
    '\n',
  );
}

/** The operator's own command line: `%s` becomes the quoted name of the temporary file. */
function validateScript(validate: string): Script {
  return sh`kp_out=$(${{ script: validate.replaceAll('%s', '"$kp_t"').replaceAll('%%', '%') as Script }} 2>&1) || { printf 'failed to validate: %s\n' "$kp_out" >&2; exit 1; }`;
}

function undoCopy(args: CopyArgs, { dest, srcSha256 }: RemoteState): Change | 'none' {
  if (dest.link && !args.follow) return 'none';
  return undoScript(dest, srcSha256, args.follow);
}

function planTree(args: CopyArgs, { tree, ids }: RemoteState): Decision {
  if (!tree) return { failed: 'the directory could not be read' };
  if (tree.blocked !== undefined) return { failed: `${tree.blocked} is in the way` };
  const changes: Change[] = [];
  if (tree.differing.length > 0) changes.push(treeChange(args, tree));
  const wanted = ownersOf(args);
  for (const entry of tree.owned) {
    const change = ownershipChange({ ...entry, wanted, ids, follow: false });
    if (change) changes.push(change);
  }
  return changes;
}

function treeChange(args: CopyArgs, { src, dest, differing }: RemoteTree): RunChange {
  const steps = differing.map(({ relative, kind }) => {
    const from = `${src}/${relative}`;
    const to = relative === '' ? dest : `${dest}/${relative}`;
    if (kind === 'directory')
      return joinScripts([sh`mkdir -p -- ${to}`, ...newOwnership(to, ownersOf(args), { directory: true })], ' &&\n');
    if (kind === 'link') return sh`ln -sfn -- "$(readlink ${from})" ${to}`;
    return joinScripts(
      [sh`cp -p -- ${from} ${to} && chown "$(id -u):$(id -g)" ${to}`, ...newOwnership(to, args)],
      ' &&\n',
    );
  });
  return {
    kind: 'run',
    summary: `copy ${differing.length} entries of ${src} to ${dest}`,
    script: sh`umask 022
${{ script: joinScripts(steps, ' &&\n') }}`,
    undo: 'none',
    killable: true,
  };
}

/** The backup's name, which the script printed. */
export function remoteBackup(outputs: readonly StepOutput[]): string | undefined {
  const name = outputs[0]?.stdout.toString('utf8').trim();
  return name === undefined || name === '' ? undefined : name;
}

function ownersOf({ owner, group }: CopyArgs): { owner?: string; group?: string } {
  return { ...(owner === undefined ? {} : { owner }), ...(group === undefined ? {} : { group }) };
}
