import { sh } from '../../../shared/sh.ts';
import { type Algorithm, sumOf } from '../checksum.ts';
import type { Cursor } from '../cursor.ts';
import type { Ownership } from '../file-args.ts';
import { filePiece, type HostFile } from '../host-file.ts';
import { type OwnerIds, ownerIdsPiece } from '../ownership.ts';
import { type Piece, pieces } from '../piece.ts';
import { remoteWord } from '../remote-path.ts';

/** The program that can fetch. busybox's wget knows few options and shows them to `ps`. `same`: a `file:` URL whose content is there already. */
export type Fetcher = 'curl' | 'wget' | 'busybox' | 'none' | 'same';

export interface DownloadState {
  readonly fetcher: Fetcher;
  /** The file itself: where `dest` is a directory, what will be in it. */
  readonly file: HostFile;
  /** Of the file, with the checksum's algorithm; empty: there is none. */
  readonly checksum: string;
  readonly parentExists: boolean;
  readonly ids: OwnerIds;
}

interface Question extends Ownership {
  readonly dest: string;
  /** What a download into a directory is called. */
  readonly name: string;
  /** Of a `file:` URL. */
  readonly source?: string;
  readonly algorithm: Algorithm;
}

/** Bytes of an old file that are kept to bring it back. */
const CONTENT_LIMIT = 256 * 1024;

export function downloadPiece(question: Question): Piece<DownloadState> {
  const read = pieces({
    place: placePiece(question),
    file: filePiece({ word: sh`"$kp_d"` }, CONTENT_LIMIT),
    ids: ownerIdsPiece(question),
  });
  return { script: read.script, parse: (cursor) => flat(read.parse(cursor)) };
}

interface Place {
  readonly fetcher: Fetcher;
  readonly checksum: string;
  readonly parentExists: boolean;
}

function flat({ place, file, ids }: { place: Place; file: HostFile; ids: OwnerIds }): DownloadState {
  return { ...place, file, ids };
}

function placePiece({ dest, name, source, algorithm }: Question): Piece<Place> {
  const script = sh`kp_d=${{ script: remoteWord(dest) }} kp_sum='' kp_parent=0
case $kp_d in */) kp_d="$kp_d"${name} ;; *) [ -d "$kp_d" ] && kp_d="$kp_d"/${name} ;; esac
case $kp_d in /*/*) kp_p=\${kp_d%/*} ;; /*) kp_p=/ ;; */*) kp_p=\${kp_d%/*} ;; *) kp_p=. ;; esac
[ -d "$kp_p" ] && kp_parent=1
[ -f "$kp_d" ] && [ -r "$kp_d" ] && kp_sum=$(${{ script: sumOf(algorithm, sh`"$kp_d"`) }})
if ${{ script: source === undefined ? sh`false` : sh`cmp -s -- ${source} "$kp_d"` }}; then kp_get=same
elif command -v curl >/dev/null 2>&1; then kp_get=curl
elif ! command -v wget >/dev/null 2>&1; then kp_get=none
else
  case $(wget --version 2>&1) in *'GNU Wget'*) kp_get=wget ;; *) kp_get=busybox ;; esac
fi
printf '%s\000' "$kp_get" "\${kp_sum%% *}" "$kp_parent"`;
  return { script, parse: parsePlace };
}

function parsePlace(cursor: Cursor): Place {
  return { fetcher: cursor.field() as Fetcher, checksum: cursor.field(), parentExists: cursor.field() === '1' };
}
