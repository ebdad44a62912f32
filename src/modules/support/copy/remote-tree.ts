import { type Script, sh } from '../../../shared/sh.ts';
import type { Cursor } from '../cursor.ts';
import { type HostStat, parseStat, STAT_FORMAT } from '../host-stat.ts';
import type { Piece } from '../piece.ts';
import { remoteWord } from '../remote-path.ts';

/** A directory of the host compared with where it is to be copied. */
export interface RemoteTree {
  readonly src: string;
  /** The directory that stands for `src` there. */
  readonly dest: string;
  /** What is missing there or differs. */
  readonly differing: readonly { readonly relative: string; readonly kind: 'directory' | 'file' | 'link' }[];
  /** What is already there. */
  readonly owned: readonly { readonly path: string; readonly stat: HostStat }[];
  /** A file where a directory belongs, or the other way round. */
  readonly blocked?: string;
}

/** Looks through the source directory; prints one empty field where the source is none. */
export function remoteTreePiece(src: string, dest: string): Piece<RemoteTree | undefined> {
  return { script: treeScript(src, dest), parse: parseTree };
}

/** `src/` is copied as its entries, `src` as itself: into a destination that is there, or (Ansible) below one that is not. */
function treeScript(src: string, dest: string): Script {
  return sh`kp_s=${{ script: remoteWord(src) }} kp_t=${{ script: remoteWord(dest) }}
if [ -d "$kp_s" ]; then
  case $kp_s in
    */) while :; do case $kp_s in ?*/) kp_s=\${kp_s%/} ;; *) break ;; esac; done
        while :; do case $kp_t in ?*/) kp_t=\${kp_t%/} ;; *) break ;; esac; done ;;
    *) kp_t=\${kp_t%/}/\${kp_s##*/} ;;
  esac
  printf '%s\000' "$kp_s" "$kp_t"
  find "$kp_s" -exec sh -c ${COMPARE} sh "$kp_s" "$kp_t" '{}' ';'
fi
printf '\000'`;
}

/** For one entry: what it is, where it is, whether the copy has to be made, and the stat of what is there. */
const COMPARE = `kp_r=\${3#"$1"}; kp_r=\${kp_r#/}; kp_o=$2\${kp_r:+/$kp_r}; kp_do=0
if [ -L "$3" ]; then kp_k='link'; [ -L "$kp_o" ] && [ "$(readlink "$3")" = "$(readlink "$kp_o")" ] || kp_do=1
  [ ! -L "$kp_o" ] && [ -d "$kp_o" ] && kp_do=2
elif [ -d "$3" ]; then kp_k='directory'; [ -d "$kp_o" ] || kp_do=1; [ ! -d "$kp_o" ] && [ -e "$kp_o" ] && kp_do=2
elif [ -f "$3" ]; then kp_k='file'; cmp -s "$3" "$kp_o" || kp_do=1; [ -d "$kp_o" ] && kp_do=2
else exit 0; fi
printf '%s\\000' "$kp_k" "$kp_r" "$kp_do" "$(stat -c '${STAT_FORMAT}' -- "$kp_o" 2>/dev/null)"`;

function parseTree(cursor: Cursor): RemoteTree | undefined {
  const src = cursor.field();
  if (src === '') return undefined;
  const dest = cursor.field();
  const differing: { relative: string; kind: 'directory' | 'file' | 'link' }[] = [];
  const owned: { path: string; stat: HostStat }[] = [];
  let blocked: string | undefined;
  for (let kind = cursor.field(); kind !== ''; kind = cursor.field()) {
    const relative = cursor.field();
    const what = cursor.field();
    const stat = parseStat(cursor.field());
    const path = relative === '' ? dest : `${dest}/${relative}`;
    if (what === '2') blocked ??= path;
    else if (what === '1') differing.push({ relative, kind: kind as 'directory' | 'file' | 'link' });
    if (stat && what !== '1') owned.push({ path, stat });
  }
  return { src, dest, differing, owned, ...(blocked === undefined ? {} : { blocked }) };
}
