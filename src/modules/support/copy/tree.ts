import { KprepError } from '../../../shared/errors.ts';
import { joinScripts, type Script, sh } from '../../../shared/sh.ts';
import type { Cursor } from '../cursor.ts';
import type { FileKind, HostFile } from '../host-file.ts';
import { parseStat, STAT_FORMAT } from '../host-stat.ts';
import type { Piece } from '../piece.ts';
import { remoteWord } from '../remote-path.ts';

/** A file that shall be somewhere below (or at) a destination. */
export interface TreeEntry {
  /** Below the destination; empty: the destination itself. */
  readonly relative: string;
  /** Hex; absent: a directory. */
  readonly sha256?: string;
}

export interface TreeQuestion {
  readonly dest: string;
  /** Where the destination is a directory, or ends in a slash, this entry of it is meant. */
  readonly nameInside?: string;
  readonly entries: readonly TreeEntry[];
  /** Links are looked through; else a link is a link. */
  readonly follow: boolean;
}

export interface TreeFile extends HostFile {
  /** Target of the link at the path itself. */
  readonly linkTarget?: string;
}

export interface TreeState {
  /** The destination as the host expanded it, the entry inside a directory chosen. */
  readonly dest: string;
  /** Whether the destination as given is a directory. */
  readonly destIsDirectory: boolean;
  /** Whether the directory that holds the destination is there. */
  readonly parentExists: boolean;
  /** In the order of the entries. */
  readonly files: readonly TreeFile[];
}

/** Contents over this are not brought along: such a change has no diff and no undo. */
const CONTENT_LIMIT = 1024 * 1024;
const BLOCK = 200;

/**
 * Compares many files with wanted checksums in a handful of processes: only sums travel, and the old contents of what differs.
 */
export function treePiece(question: TreeQuestion): Piece<TreeState> {
  const blocks = Array.from({ length: Math.ceil(question.entries.length / BLOCK) }, (_, index) =>
    question.entries.slice(index * BLOCK, (index + 1) * BLOCK),
  );
  return {
    script: joinScripts([destScript(question), ...blocks.map(blockScript)]),
    parse: (cursor) => parseTree(cursor, question, blocks),
  };
}

function destScript({ dest, nameInside }: TreeQuestion): Script {
  const inside =
    nameInside === undefined
      ? sh`:`
      : sh`case $kp_d in */) kp_d="$kp_d"${nameInside} ;; *) [ "$kp_isdir" = 1 ] && kp_d="$kp_d"/${nameInside} ;; esac`;
  return sh`kp_d=${{ script: remoteWord(dest) }} kp_isdir=0 kp_parent=0
[ -d "$kp_d" ] && kp_isdir=1
${{ script: inside }}
while :; do case $kp_d in ?*/) kp_d=\${kp_d%/} ;; *) break ;; esac; done
case $kp_d in /*/*) kp_p=\${kp_d%/*} ;; /*) kp_p=/ ;; */*) kp_p=\${kp_d%/*} ;; *) kp_p=. ;; esac
[ -d "$kp_p" ] && kp_parent=1
printf '%s\000' "$kp_d" "$kp_isdir" "$kp_parent"`;
}

/**
 * Kinds of all entries (no process), stats of what is there (one), sums of the files (one), contents of those that differ.
 * Names must hold no newline: `sha256sum` would not keep to one line for each.
 */
function blockScript(entries: readonly TreeEntry[]): Script {
  const paths = entries.map(({ relative }) => (relative === '' ? sh`"$kp_d"` : sh`"$kp_d"/${relative}`));
  const wants = entries.map(({ sha256 }) => sha256 ?? '-');
  const all = joinScripts(paths, ' ');
  return sh`set -- ${{ script: all }}
kp_wants=${wants.join(' ')} kp_left=$#
while [ "$kp_left" -gt 0 ]; do
  kp_f=$1; shift; kp_left=$((kp_left - 1))
  if [ -L "$kp_f" ]; then printf 'l'; fi
  if [ -d "$kp_f" ]; then printf 'directory\000'; set -- "$@" "$kp_f"
  elif [ -f "$kp_f" ]; then
    if [ -r "$kp_f" ]; then printf 'file\000'; else printf 'unreadable\000'; fi
    set -- "$@" "$kp_f"
  elif [ -e "$kp_f" ]; then printf 'other\000'; set -- "$@" "$kp_f"
  elif [ -L "$kp_f" ]; then printf 'dangling\000'
  else printf 'absent\000'; fi
  if [ -L "$kp_f" ]; then readlink "$kp_f"; fi
  printf '\000'
done
[ $# -eq 0 ] || stat -L -c ${STAT_FORMAT} -- "$@" 2>/dev/null
printf '\000'
set -- ${{ script: all }}
kp_some='' kp_n=0 kp_left=$#
while [ "$kp_left" -gt 0 ]; do
  kp_f=$1; shift; kp_left=$((kp_left - 1))
  kp_want=\${kp_wants%% *}; kp_wants=\${kp_wants#* }
  if [ "$kp_want" != - ] && [ -f "$kp_f" ] && [ -r "$kp_f" ]; then set -- "$@" "$kp_f"; kp_some="$kp_some$kp_want "; fi
done
kp_sums=''
[ $# -eq 0 ] || kp_sums=$(sha256sum -- "$@" | sed 's/^\\//; s/ .*//')
for kp_sum in $kp_sums; do kp_n=$((kp_n + 1)); done
printf '%s\000' "$(($# - kp_n))"
for kp_sum in $kp_sums; do
  kp_f=$1; shift
  kp_want=\${kp_some%% *}; kp_some=\${kp_some#* }; kp_size=-1
  if [ "$kp_sum" != "$kp_want" ]; then kp_size=$(wc -c <"$kp_f"); fi
  [ "$kp_size" -le ${CONTENT_LIMIT} ] || kp_size=-1
  printf '%s\000' "$kp_sum" "$kp_size"
  if [ "$kp_size" -ge 0 ]; then head -c "$kp_size" <"$kp_f"; printf '\000'; fi
done
printf '\000'`;
}

function parseTree(cursor: Cursor, question: TreeQuestion, blocks: readonly (readonly TreeEntry[])[]): TreeState {
  const dest = cursor.field();
  const destIsDirectory = cursor.field() === '1';
  const parentExists = cursor.field() === '1';
  const files = blocks.flatMap((block) => parseBlock(cursor, block, { dest, follow: question.follow }));
  return { dest, destIsDirectory, parentExists, files };
}

const STAT_LINES = 6;

function parseBlock(
  cursor: Cursor,
  entries: readonly TreeEntry[],
  { dest, follow }: { readonly dest: string; readonly follow: boolean },
): TreeFile[] {
  const kinds = entries.map(() => ({ word: cursor.field(), target: cursor.field().replace(/\n$/, '') }));
  const lines = cursor.field().split('\n');
  const files: TreeFile[] = [];
  for (const [index, { relative }] of entries.entries()) {
    const { word = 'absent', target = '' } = kinds[index] ?? {};
    const link = word.startsWith('l');
    const kind = (link ? word.slice(1) : word) as FileKind;
    const stat =
      kind === 'absent' || kind === 'dangling' ? undefined : parseStat(lines.splice(0, STAT_LINES).join('\n'));
    const path = relative === '' ? dest : `${dest}/${relative}`;
    files.push({
      path,
      kind,
      link,
      ...(link ? { linkTarget: target } : {}),
      ...(stat ? { stat, size: stat.size } : {}),
    });
  }
  return withSums(cursor, entries, files).map((file) => (follow ? file : asLink(file)));
}

function withSums(cursor: Cursor, entries: readonly TreeEntry[], files: readonly TreeFile[]): TreeFile[] {
  if (cursor.number() !== 0) throw new KprepError('task', 'files went away while they were read');
  const out = files.map((file, index) => {
    if (file.kind !== 'file' || entries[index]?.sha256 === undefined) return file;
    const sha256 = cursor.field();
    const size = cursor.number();
    return size < 0 ? { ...file, sha256 } : { ...file, sha256, content: cursor.bytes(size) };
  });
  cursor.field();
  return out;
}

/** Without `follow`, a link in the place of a file is never the right file. */
function asLink(file: TreeFile): TreeFile {
  if (!file.link || file.kind === 'directory') return file;
  const { content, sha256, ...rest } = file;
  return { ...rest, kind: 'dangling' };
}
