import { joinScripts, type Script, sh } from '../../../shared/sh.ts';
import { type Algorithm, sumOf } from '../checksum.ts';
import type { Cursor } from '../cursor.ts';
import { type HostStat, parseStat, STAT_FORMAT } from '../host-stat.ts';
import type { Piece } from '../piece.ts';
import { remoteWord } from '../remote-path.ts';

export interface FindQuestion {
  readonly paths: readonly string[];
  /** Levels below a path; undefined: all. */
  readonly depth: number | undefined;
  readonly follow: boolean;
  /** Names that contents and sums are wanted of, as `find -name` takes them; empty: all. */
  readonly names: readonly string[];
  readonly contents: boolean;
  readonly checksum: Algorithm | undefined;
}

export interface FoundEntry {
  readonly path: string;
  readonly stat: HostStat;
  readonly checksum?: string;
  /** Undefined: not asked for, or not readable. */
  readonly content?: Buffer;
  /** It is larger than what is read. */
  readonly large?: true;
}

export interface FoundPath {
  readonly path: string;
  /** Why nothing was looked at. */
  readonly trouble?: string;
  readonly entries: readonly FoundEntry[];
}

/** Bytes of one file that are searched. */
export const CONTENT_LIMIT = 1024 * 1024;

export function findPiece(question: FindQuestion): Piece<readonly FoundPath[]> {
  return {
    script: joinScripts(question.paths.map((path) => pathScript(path, question))),
    parse: (cursor) => question.paths.map(() => parsePath(cursor, question)),
  };
}

function pathScript(path: string, question: FindQuestion): Script {
  const { depth, follow, contents, checksum } = question;
  const look = follow ? sh`find -L` : sh`find`;
  const levels = depth === undefined ? sh`` : sh`-maxdepth ${depth}`;
  const details = contents || checksum !== undefined;
  return sh`kp_f=${{ script: remoteWord(path) }}
while :; do case $kp_f in ?*/) kp_f=\${kp_f%/} ;; *) break ;; esac; done
kp_why=''
if [ ! -d "$kp_f" ]; then kp_why="'$kp_f' is not a directory"
elif [ ! -r "$kp_f" ] || [ ! -x "$kp_f" ]; then kp_why="$kp_f may not be entered by this user"; fi
printf '%s\000' "$kp_f" "$kp_why"
if [ -z "$kp_why" ]; then
  ${{ script: look }} "$kp_f"/ ${{ script: levels }} ! -path "$kp_f"/ -exec sh -c 'for kp_b do printf "%s\000" "$kp_b"; done; stat -c "$0" -- "$@"; printf "\000"' ${`${STAT_FORMAT}`} '{}' +
fi 2>/dev/null
printf '\000'
${{ script: details ? detailsScript(question, { look, levels }) : sh`:` }}`;
}

/** Sum and content of the regular files whose names may match. */
function detailsScript(
  question: FindQuestion,
  { look, levels }: { readonly look: Script; readonly levels: Script },
): Script {
  const { names, contents, checksum } = question;
  const choice = joinScripts(
    names.map((name) => sh`-name ${name}`),
    ' -o ',
  );
  const filter = names.length === 0 ? sh`` : sh`'(' ${{ script: choice }} ')'`;
  const sum = checksum === undefined ? sh`:` : sh`kp_sum=$(${{ script: sumOf(checksum, sh`"$kp_b"`) }})`;
  const content = contents ? sh`kp_n=$(wc -c <"$kp_b")` : sh`:`;
  const program = sh`for kp_b do
[ -L "$kp_b" ] && continue
kp_sum='' kp_n=-1
[ -r "$kp_b" ] && { ${{ script: sum }}; ${{ script: content }}; }
[ "$kp_n" -gt ${CONTENT_LIMIT} ] && kp_n=-2
printf "%s\000" "$kp_b" "\${kp_sum%% *}" "$kp_n"
[ "$kp_n" -ge 0 ] && { head -c "$kp_n" <"$kp_b"; printf "\000"; }
done`;
  return sh`if [ -z "$kp_why" ]; then
  ${{ script: look }} "$kp_f"/ ${{ script: levels }} -type f ${{ script: filter }} -exec sh -c ${program as string} sh '{}' +
fi 2>/dev/null
printf '\000'`;
}

function parsePath(cursor: Cursor, question: FindQuestion): FoundPath {
  const path = cursor.field();
  const trouble = cursor.field();
  const entries = parseEntries(cursor);
  const details = question.contents || question.checksum !== undefined ? parseDetails(cursor) : new Map();
  return {
    path,
    ...(trouble === '' ? {} : { trouble }),
    entries: entries.map((entry) => ({ ...entry, ...details.get(entry.path) })),
  };
}

const STAT_LINES = 6;

/** Runs of names, each followed by six lines of `stat` for every name. */
function parseEntries(cursor: Cursor): FoundEntry[] {
  const entries: FoundEntry[] = [];
  let names: string[] = [];
  for (let field = cursor.field(); field !== ''; field = cursor.field()) {
    if (!/^[0-9a-f]+ \d/.test(field)) {
      names.push(field.replace(/\/{2,}/g, '/'));
      continue;
    }
    const lines = field.replace(/\n$/, '').split('\n');
    // An entry that went away meanwhile has a name and no lines: then no lines can be given to a name.
    const whole = lines.length === names.length * STAT_LINES;
    for (const [index, path] of names.entries()) {
      const stat = whole ? parseStat(lines.slice(index * STAT_LINES, (index + 1) * STAT_LINES).join('\n')) : undefined;
      if (stat) entries.push({ path, stat });
    }
    names = [];
  }
  return entries.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function parseDetails(cursor: Cursor): Map<string, Pick<FoundEntry, 'checksum' | 'content' | 'large'>> {
  const details = new Map<string, Pick<FoundEntry, 'checksum' | 'content' | 'large'>>();
  for (let name = cursor.field(); name !== ''; name = cursor.field()) {
    const checksum = cursor.field();
    const size = cursor.number();
    details.set(name.replace(/\/{2,}/g, '/'), {
      ...(checksum === '' ? {} : { checksum }),
      ...(size >= 0 ? { content: cursor.bytes(size) } : {}),
      ...(size === -2 ? { large: true as const } : {}),
    });
  }
  return details;
}
