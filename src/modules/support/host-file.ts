import { createHash } from 'node:crypto';
import { type Script, sh } from '../../shared/sh.ts';
import type { Cursor } from './cursor.ts';
import { type HostStat, parseStat, STAT_FORMAT } from './host-stat.ts';
import type { Piece } from './piece.ts';
import { remoteWord } from './remote-path.ts';

/** Bytes that are read of a file to edit it. */
const EDIT_LIMIT = 4 * 1024 * 1024;

/**
 * What is at a path. `hidden`: a directory above may not be entered, so nothing is known. `dangling`: a link to nothing.
 * `other`: a device, socket or pipe.
 */
export type FileKind = 'absent' | 'hidden' | 'dangling' | 'directory' | 'other' | 'unreadable' | 'large' | 'file';

export interface HostFile {
  /** As the host expanded it. */
  readonly path: string;
  readonly kind: FileKind;
  /** The path itself is a symbolic link; everything else here is about its target. */
  readonly link: boolean;
  /** Absent where there is nothing to look at. */
  readonly stat?: HostStat;
  /** Exactly what the file holds. Only of `file`. */
  readonly content?: Buffer;
  /** Of the content, hex, where the host worked it out. */
  readonly sha256?: string;
  /** Of `file` and `large`. */
  readonly size?: number;
}

/**
 * Reads a file exactly, links followed; a file over `limit` bytes is only looked at. The path may be a shell word that an
 * earlier piece of the same script has set.
 */
export function filePiece(path: string | { readonly word: Script }, limit: number = EDIT_LIMIT): Piece<HostFile> {
  const word = typeof path === 'string' ? remoteWord(path) : path.word;
  const script = sh`kp_f=${{ script: word }} kp_link=0 kp_size=0
[ -L "$kp_f" ] && kp_link=1
kp_stat=$(stat -L -c ${STAT_FORMAT} -- "$kp_f" 2>/dev/null)
if [ -d "$kp_f" ]; then kp_kind='directory'
elif [ -f "$kp_f" ]; then
  if kp_size=$(wc -c 2>/dev/null <"$kp_f") 2>/dev/null; then
    if [ "$kp_size" -gt ${limit} ]; then kp_kind=large; else kp_kind='file'; fi
  else kp_kind=unreadable; fi
elif [ -e "$kp_f" ]; then kp_kind=other
elif [ "$kp_link" = 1 ]; then kp_kind=dangling
else
  case $(stat -c %f -- "$kp_f" 2>&1) in *'ermission denied'*) kp_kind=hidden ;; *) kp_kind=absent ;; esac
fi
printf '%s\000' "$kp_f" "$kp_kind" "$kp_link" "$kp_stat"
case $kp_kind in
  file) printf '%s\000' "$kp_size"; head -c "$kp_size" <"$kp_f"; printf '\000' ;;
  large) printf '%s\000' "$kp_size" ;;
esac`;
  return { script, parse: parseFile };
}

function parseFile(cursor: Cursor): HostFile {
  const path = cursor.field();
  const kind = cursor.field() as FileKind;
  const link = cursor.field() === '1';
  const stat = parseStat(cursor.field());
  const base = { path, kind, link, ...(stat ? { stat } : {}) };
  if (kind === 'large') return { ...base, size: cursor.number() };
  if (kind !== 'file') return base;
  const size = cursor.number();
  return { ...base, size, content: cursor.bytes(size) };
}

/** sha256 of what was read, hex, or `absent`: what a put expects to find. Undefined: not known. */
export function expectOf(file: HostFile): string | undefined {
  if (file.sha256 !== undefined) return file.sha256;
  if (file.content) return createHash('sha256').update(file.content).digest('hex');
  return file.kind === 'absent' || file.kind === 'dangling' ? 'absent' : undefined;
}

/** Why a file that is there cannot be read and written; undefined when it can. An absent file is no trouble here. */
export function fileTrouble(file: HostFile): string | undefined {
  switch (file.kind) {
    case 'hidden':
      return `${file.path} cannot be reached: a directory above it may not be entered by this user`;
    case 'unreadable':
      return `${file.path} cannot be read by this user`;
    case 'large':
      return `${file.path} is too large to be edited: ${file.size} bytes`;
    case 'other':
      return `${file.path} is not a regular file`;
    case 'directory':
      return `${file.path} is a directory`;
    default:
      return undefined;
  }
}
