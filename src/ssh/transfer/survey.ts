import type { Shell } from '../../model/connection.ts';
import { contentOf } from '../../model/content.ts';
import { KprepError } from '../../shared/errors.ts';
import { type Script, sh } from '../../shared/sh.ts';
import { type FrameLimits, failureOf, runOwn } from './frames.ts';

/** What there is on the host under a name. */
export interface Found {
  readonly type: 'file' | 'directory' | 'link' | 'other';
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly user: string;
  readonly group: string;
  /** Epoch seconds. */
  readonly mtime: number;
  readonly size: number;
  /** Number of its file system. */
  readonly device: string;
}

/** What the host is like before anything is sent. */
export interface Survey {
  /** `into`: the destination is a directory. `as`: it is not there, or is no directory: the one source gets this name. */
  readonly kind: 'into' | 'as';
  /** The directory below which everything goes. */
  readonly base: string;
  /** Of `as`: the name below the base. */
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly hasTar: boolean;
  readonly device: string;
  /** By the path below the base. */
  readonly found: ReadonlyMap<string, Found>;
  /** Of a survey with `all`: every name below the base. */
  readonly names: readonly string[];
}

export interface SurveyRequest {
  readonly dest: string;
  /** Paths below the destination, if that is a directory. */
  readonly paths: readonly string[];
  /** The destination is a directory and is made where it is missing. */
  readonly makeDirectory: boolean;
  /** List all names below the destination too. */
  readonly all?: boolean;
  /** Check mode: nothing is made. */
  readonly check: boolean;
}

/** @throws KprepError `task` in plain words, `lost`, `cancelled`, `timeout`. */
export async function survey(shell: Shell, request: SurveyRequest, limits: FrameLimits): Promise<Survey> {
  const { dest, paths, makeDirectory, all, check } = request;
  const flags = [makeDirectory ? 'make' : '', all ? 'all' : '', check ? 'check' : ''].join(' ');
  const script = sh`kp_dest=${pathWord(dest)}; kp_flags=${flags}
${{ script: SURVEY }}`;
  const result = await runOwn(shell, { script, stdin: contentOf(callsOf('kp_q', paths)), ...limits });
  if (result.status !== 0) throw failureOf(result, `cannot look at ${dest}`);
  return parse(result.stdout);
}

/** Which of these files have the hashes they should have: those that do. */
export async function sameFiles(
  shell: Shell,
  request: { readonly base: string; readonly hashes: ReadonlyMap<string, string> },
  limits: FrameLimits,
): Promise<ReadonlySet<string>> {
  if (request.hashes.size === 0) return new Set();
  const script = sh`kp_q() { sha256sum "$@" 2>/dev/null; }
cd ${pathWord(request.base)} || exit 1
eval "$(cat)"
exit 0`;
  const stdin = contentOf(callsOf('kp_q', [...request.hashes.keys()]));
  const result = await runOwn(shell, { script, stdin, ...limits });
  if (result.status !== 0) throw failureOf(result, `cannot read ${request.base}`);
  const same = new Set<string>();
  for (const line of result.stdout.split('\n')) {
    const [, hash, path] = /^([0-9a-f]{64}) [ *]\.\/(.*)$/.exec(line) ?? [];
    if (path !== undefined && request.hashes.get(path) === hash) same.add(path);
  }
  return same;
}

/** Which of these links already say what they should. */
export async function sameLinks(
  shell: Shell,
  request: { readonly base: string; readonly links: ReadonlyMap<string, string> },
  limits: FrameLimits,
): Promise<ReadonlySet<string>> {
  const paths = [...request.links.keys()];
  if (paths.length === 0) return new Set();
  const calls = paths.map((path, index) => sh`kp_q ${index} ${`./${path}`} ${request.links.get(path) ?? ''}`);
  const script = sh`kp_q() { if [ "$(readlink "$2"; echo x)" = "$3
x" ]; then echo "$1"; fi; }
cd ${pathWord(request.base)} || exit 1
eval "$(cat)"
exit 0`;
  const result = await runOwn(shell, { script, stdin: contentOf(calls.join('\n')), ...limits });
  if (result.status !== 0) throw failureOf(result, `cannot read ${request.base}`);
  return new Set(
    result.stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => paths[Number(line)] ?? ''),
  );
}

/** Calls of a function with many words each, for `eval`. */
function callsOf(name: string, paths: readonly string[]): string {
  const lines: string[] = [];
  for (let at = 0; at < paths.length; at += 200) {
    const words = paths.slice(at, at + 200).map((path) => `./${path}`);
    lines.push(sh`${{ script: name as Script }} ${words}`);
  }
  return `${lines.join('\n')}\n`;
}

/** A path that no program takes for an option. */
export function pathWord(path: string): string {
  return path.startsWith('-') ? `./${path}` : path;
}

const SURVEY: Script = sh`kp_f='%f %u %g %U %G %Y %s %d %n'
kp_q() { stat -c "$kp_f" "$@" 2>/dev/null; }
kp_fail() { printf 'kprep: %s\n' "$1" >&2; exit 1; }
case $kp_dest in "~") kp_dest=$HOME ;; "~/"*) kp_dest=$HOME/\${kp_dest#"~/"} ;; esac
if [ ! -d "$kp_dest" ]; then
  case $kp_flags in
  make*check)
    printf 'as missing\n' ;;
  make*)
    [ ! -e "$kp_dest" ] || kp_fail "$kp_dest is not a directory"
    kp_said=$( (umask 022; mkdir -p "$kp_dest") 2>&1) || kp_fail "cannot make the directory $kp_dest: \${kp_said##*: }" ;;
  esac
fi
if command -v tar >/dev/null 2>&1; then kp_tar=tar; else kp_tar=none; fi
kp_name=
if [ -d "$kp_dest" ]; then
  kp_kind=into; kp_base=$kp_dest
else
  kp_kind=as
  while [ "$kp_dest" != / ] && [ "\${kp_dest%/}" != "$kp_dest" ]; do kp_dest=\${kp_dest%/}; done
  kp_name=\${kp_dest##*/}
  case $kp_dest in */*) kp_base=\${kp_dest%/*}; [ -n "$kp_base" ] || kp_base=/ ;; *) kp_base=. ;; esac
  case $kp_flags in make*check) exit 0 ;; esac
  [ -d "$kp_base" ] || kp_fail "the directory $kp_base does not exist"
fi
cd "$kp_base" || kp_fail "cannot enter $kp_base"
kp_base=$(pwd -P)
printf '%s %s %s %s\n%s\n%s\n' "$kp_kind" "$(id -u)" "$(id -g)" "$kp_tar" "$kp_base" "$kp_name"
stat -c '%d' . || exit 1
if [ "$kp_kind" = as ]; then kp_q "./$kp_name"; exit 0; fi
eval "$(cat)"
case $kp_flags in *all*)
  printf 'names\n'
  find . -print0 || exit 1 ;;
esac
exit 0`;

function parse(stdout: string): Survey {
  if (stdout.startsWith('as missing\n')) return { ...NOTHING };
  const [head = '', ...parts] = stdout.split('\nnames\n');
  const [first = '', base = '', name = '', device = '', ...lines] = head.split('\n');
  const [kind, uid, gid, tar] = first.split(' ');
  if ((kind !== 'into' && kind !== 'as') || !base.startsWith('/')) {
    throw new KprepError('task', 'the host gave no sensible answer about the destination');
  }
  const names = parts.join('\nnames\n').split('\0');
  return {
    kind,
    base,
    name,
    uid: Number(uid),
    gid: Number(gid),
    hasTar: tar === 'tar',
    device,
    found: new Map(lines.flatMap(foundIn)),
    names: names.filter((one) => one.startsWith('./')).map((one) => one.slice(2)),
  };
}

/** Check mode and a destination that would have to be made. */
const NOTHING: Survey = {
  kind: 'into',
  base: '/',
  name: '',
  uid: 0,
  gid: 0,
  hasTar: true,
  device: '',
  found: new Map(),
  names: [],
};

function foundIn(line: string): readonly (readonly [string, Found])[] {
  const [mode = '', uid, gid, user = '', group = '', mtime, size, device = '', ...name] = line.split(' ');
  const path = name.join(' ');
  if (!path.startsWith('./')) return [];
  const bits = Number.parseInt(mode, 16);
  const type = TYPES[bits & 0xf000] ?? 'other';
  const rest = { uid: Number(uid), gid: Number(gid), user, group, mtime: Number(mtime), size: Number(size), device };
  return [[path.slice(2), { type, mode: bits & 0o7777, ...rest }]];
}

/** inode(7), "The file type and mode". */
const TYPES: Readonly<Record<number, Found['type']>> = { 32768: 'file', 16384: 'directory', 40960: 'link' };
