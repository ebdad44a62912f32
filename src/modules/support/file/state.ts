import { joinScripts, type Script, sh } from '../../../shared/sh.ts';
import type { Cursor } from '../cursor.ts';
import type { Ownership } from '../file-args.ts';
import { type HostStat, parseStat, STAT_FORMAT } from '../host-stat.ts';
import { type OwnerIds, ownerIdsPiece } from '../ownership.ts';
import { type Piece, pieces } from '../piece.ts';
import { remoteWord } from '../remote-path.ts';

export interface FileArgs extends Ownership {
  readonly path: string;
  readonly state?: 'absent' | 'directory' | 'file' | 'hard' | 'link' | 'touch';
  readonly src?: string;
  readonly recurse: boolean;
  readonly force: boolean;
  readonly follow: boolean;
  readonly modification_time?: string;
  readonly modification_time_format: string;
  readonly access_time?: string;
  readonly access_time_format: string;
}

/** What is at a path, and what the states of `file` need to know of its surroundings. */
export interface FileState {
  /** As the host expanded it, without slashes at its end. */
  readonly path: string;
  /** The entry itself; absent: there is none. */
  readonly self?: HostStat;
  /** Its local times as `YYYY-MM-DD HH:MM:SS.fraction`. */
  readonly times?: { readonly mtime: string; readonly atime: string };
  /** Target of the symbolic link that it is. */
  readonly link?: string;
  /** What it stands for, links followed, and its path. */
  readonly real?: { readonly path: string; readonly stat: HostStat };
  /** `src` as the host expanded it, and what it names (for a link: seen from the link's directory). */
  readonly src?: string;
  readonly srcReal?: { readonly path: string; readonly stat: HostStat };
  /** Nothing can be known: a directory above may not be entered. */
  readonly hidden: boolean;
  /** Directories above and itself that are missing, the uppermost first. */
  readonly missing: readonly string[];
  readonly empty: boolean;
  /** Mount points below. */
  readonly mounts: readonly string[];
  /** Content of a small regular file, to bring it back. */
  readonly content?: Buffer;
  /** With `recurse`: everything below. */
  readonly below: readonly { readonly path: string; readonly stat: HostStat }[];
  readonly ids: OwnerIds;
}

const CONTENT_LIMIT = 256 * 1024;

export function fileStatePiece(args: FileArgs): Piece<FileState> {
  const read = pieces({ main: mainPiece(args), ids: ownerIdsPiece(args) });
  return { script: read.script, parse: (cursor) => mergeIds(read.parse(cursor)) };
}

function mergeIds({ main, ids }: { readonly main: Omit<FileState, 'ids'>; readonly ids: OwnerIds }): FileState {
  return { ...main, ids };
}

function mainPiece(args: FileArgs): Piece<Omit<FileState, 'ids'>> {
  const parts = [pathScript(args), SELF, SURROUNDINGS, ...(args.recurse ? [BELOW] : [])];
  return { script: joinScripts(parts), parse: (cursor) => parseState(cursor, args) };
}

/** A directory that `src` is to be linked into becomes the directory's entry of that name, as Ansible has it. */
function pathScript({ path, src, state }: FileArgs): Script {
  const into = sh`[ -d "$kp_f" ] && [ -n "$kp_src" ] && kp_f=$kp_f/\${kp_src##*/}`;
  return sh`kp_f=${{ script: remoteWord(path) }} kp_src=${{ script: src === undefined ? sh`''` : remoteWord(src) }}
while :; do case $kp_f in ?*/) kp_f=\${kp_f%/} ;; *) break ;; esac; done
${{ script: state === 'hard' || state === undefined ? into : sh`:` }}
printf '%s\000' "$kp_f" "$kp_src"`;
}

const SELF = sh`kp_self='' kp_link='' kp_real='' kp_rstat='' kp_hidden=0
if [ -e "$kp_f" ] || [ -L "$kp_f" ]; then
  kp_self=$(stat -c ${STAT_FORMAT} -- "$kp_f")
  [ -L "$kp_f" ] && kp_link=$(readlink "$kp_f")
  if [ -e "$kp_f" ]; then
    kp_real=$(readlink -f "$kp_f")
    kp_rstat=$(stat -L -c ${STAT_FORMAT} -- "$kp_f")
  fi
else
  case $(stat -c %f -- "$kp_f" 2>&1) in *'ermission denied'*) kp_hidden=1 ;; esac
fi
kp_from=$kp_src
case $kp_src in
  '' | /*) : ;;
  *) if [ ! -L "$kp_f" ] && [ -d "$kp_f" ]; then kp_from=$kp_f/$kp_src; else
       case $kp_f in */*) kp_from=\${kp_f%/*}/$kp_src ;; esac
     fi ;;
esac
printf '%s\000' "$kp_hidden" "$kp_self" "$kp_link" "$kp_real" "$kp_rstat" "$kp_from"
if [ -n "$kp_from" ] && [ -e "$kp_from" ]; then stat -L -c ${STAT_FORMAT} -- "$kp_from"; fi
printf '\000'`;

/** Missing directories, whether a directory is empty, mounts below it, and the content of a small file. */
const SURROUNDINGS = sh`kp_up=$kp_f
while [ -n "$kp_up" ] && [ ! -e "$kp_up" ] && [ ! -L "$kp_up" ]; do
  printf '%s\000' "$kp_up"
  case $kp_up in */*) kp_up=\${kp_up%/*} ;; *) kp_up='' ;; esac
done
printf '\000'
if [ -d "$kp_f" ] && [ ! -L "$kp_f" ]; then
  [ -z "$(ls -A -- "$kp_f" 2>/dev/null)" ] && printf 1
  printf '\000'
  [ -r /proc/mounts ] && while read -r _ kp_at _; do
    case $kp_at in *\\*) kp_at=$(printf '%b' "$kp_at") ;; esac
    case $kp_at in "$kp_real"/?*) printf '%s\000' "$kp_at" ;; esac
  done </proc/mounts
  printf '\000'
else printf '\000\000'; fi
kp_size=0
if [ -f "$kp_f" ] && [ ! -L "$kp_f" ] && [ -r "$kp_f" ]; then kp_size=$(wc -c <"$kp_f"); fi
if [ "$kp_size" -gt 0 ] && [ "$kp_size" -le ${CONTENT_LIMIT} ]; then
  printf '%s\000' "$kp_size"; head -c "$kp_size" <"$kp_f"; printf '\000'
else printf '0\000\000'; fi`;

/** The tree below a directory; a link below it is looked at as itself and not followed. */
const BELOW = sh`if [ -d "$kp_real" ]; then
  find "$kp_real" ! -path "$kp_real" -exec sh -c 'for kp_b do printf "%s\000" "$kp_b"; done; stat -c "%f %u %g %s %X %Y %Z %i %d %h %b %t %T" -- "$@"; printf "\000"' sh '{}' +
fi
printf '\000'`;

function parseState(cursor: Cursor, { recurse }: FileArgs): Omit<FileState, 'ids'> {
  const path = cursor.field();
  const src = cursor.field();
  const hidden = cursor.field() === '1';
  const selfText = cursor.field();
  const link = cursor.field();
  const realPath = cursor.field();
  const realStat = parseStat(cursor.field());
  const from = cursor.field();
  const srcStat = parseStat(cursor.field());
  const self = parseStat(selfText);
  const missing = fieldsUntilEmpty(cursor).reverse();
  const empty = cursor.field() === '1';
  const mounts = fieldsUntilEmpty(cursor);
  const content = cursor.bytes(cursor.number());
  return {
    path,
    hidden,
    missing,
    empty,
    mounts,
    ...(self ? { self, times: timesOf(selfText) } : {}),
    ...(self?.type === 'link' ? { link } : {}),
    ...(realStat ? { real: { path: realPath, stat: realStat } } : {}),
    ...(src === '' ? {} : { src }),
    ...(srcStat ? { srcReal: { path: from, stat: srcStat } } : {}),
    ...(self?.type === 'file' && content.length === self.size ? { content } : {}),
    below: recurse ? parseBelow(cursor) : [],
  };
}

function timesOf(text: string): { mtime: string; atime: string } {
  const [, , , atime = '', mtime = ''] = text.split('\n');
  return { mtime, atime };
}

function fieldsUntilEmpty(cursor: Cursor): string[] {
  const fields: string[] = [];
  for (let field = cursor.field(); field !== ''; field = cursor.field()) fields.push(field);
  return fields;
}

/** Runs of names, each run followed by the `stat` lines of all its names. */
function parseBelow(cursor: Cursor): FileState['below'] {
  const below: { path: string; stat: HostStat }[] = [];
  let names: string[] = [];
  for (let field = cursor.field(); field !== ''; field = cursor.field()) {
    if (!/^[0-9a-f]+ \d/.test(field)) {
      names.push(field);
      continue;
    }
    const lines = field.trimEnd().split('\n');
    // A file that went away while we looked leaves fewer lines than names: then no line can be given to a name.
    if (lines.length === names.length) {
      for (const [index, line] of lines.entries()) {
        const stat = parseStat(line);
        const path = names[index];
        if (stat && path !== undefined) below.push({ path, stat });
      }
    }
    names = [];
  }
  return below;
}
