import { joinScripts, type Script, sh } from '../../../shared/sh.ts';
import type { Cursor } from '../cursor.ts';
import { type Piece, pieces, type TextOutput, textPiece } from '../piece.ts';
import { remoteWord } from '../remote-path.ts';
import { BASE_FILES, HARDWARE_FILES, MARKS, NETWORK_FILES, VIRTUAL_FILES } from './files.ts';

/** The parts that cost something to read. */
export interface FactParts {
  readonly hardware: boolean;
  readonly network: boolean;
  readonly virtual: boolean;
  readonly factPath: string;
}

export interface FactTexts {
  readonly files: TextOutput;
  readonly marks: TextOutput;
  readonly machine: TextOutput;
  readonly identity: TextOutput;
  readonly date: TextOutput;
  readonly env: readonly string[];
  readonly fqdn: TextOutput;
  readonly init: TextOutput;
  readonly local: readonly LocalFact[];
  readonly cpu: TextOutput;
  readonly space: TextOutput;
  readonly uuids: TextOutput;
  readonly addresses: TextOutput;
  readonly route4: TextOutput;
  readonly route6: TextOutput;
  readonly drivers: TextOutput;
  readonly detectVirt: TextOutput;
}

export interface LocalFact {
  readonly path: string;
  readonly status: number;
  readonly text: string;
}

const NOTHING = sh`:`;

/** Everything in one script of few processes; nothing of it waits for a network or a dead file server. */
export function factsPiece(parts: FactParts): Piece<FactTexts> {
  const hardware = (script: Script) => textPiece(parts.hardware ? script : NOTHING);
  const network = (script: Script) => textPiece(parts.network ? script : NOTHING);
  return pieces({
    files: textPiece(filesScript(parts)),
    marks: textPiece(sh`for kp_m in ${MARKS}; do [ -e "$kp_m" ] && printf '%s\n' "$kp_m"; done`),
    machine: textPiece(sh`uname -m; getconf LONG_BIT`),
    identity: textPiece(IDENTITY),
    date: textPiece(sh`date '+%Y-%m-%d %H:%M:%S %s %z %Z %A %w %W'`),
    env: envPiece(),
    fqdn: textPiece(FQDN),
    init: textPiece(sh`[ -L /sbin/init ] && readlink /sbin/init; command -v systemctl; command -v initctl`),
    local: localPiece(parts.factPath),
    cpu: hardware(CPU),
    space: hardware(SPACE),
    uuids: hardware(sh`[ -d /dev/disk/by-uuid ] && ls -l /dev/disk/by-uuid`),
    addresses: network(sh`ip addr`),
    route4: network(sh`ip -4 route get 8.8.8.8`),
    route6: network(sh`ip -6 route get 2404:6800:400a:800::1012`),
    drivers: network(DRIVERS),
    detectVirt: textPiece(parts.virtual ? sh`systemd-detect-virt --container; systemd-detect-virt --vm` : NOTHING),
  });
}

function filesScript({ hardware, network, virtual }: FactParts): Script {
  const files = [
    ...BASE_FILES,
    ...(hardware ? HARDWARE_FILES : []),
    ...(network ? NETWORK_FILES : []),
    ...(virtual ? VIRTUAL_FILES : []),
  ];
  // These are our own constants; their stars are meant.
  const words = [...new Set(files)] as unknown as Script[];
  return sh`for kp_f in ${{ script: joinScripts(words, ' ') }}; do
  [ -f "$kp_f" ] && [ -r "$kp_f" ] && set -- "$@" "$kp_f"
done
grep -sH '' "$@"`;
}

const IDENTITY = sh`id
kp_u=$(id -un)
getent passwd "$kp_u" || while IFS= read -r kp_l; do
  case $kp_l in "$kp_u":*) printf '%s\n' "$kp_l"; break ;; esac
done </etc/passwd`;

/** Asked of the resolver only where neither the name nor /etc/hosts tells. */
const FQDN = sh`kp_n=''; [ -r /proc/sys/kernel/hostname ] && read -r kp_n </proc/sys/kernel/hostname
case $kp_n in *.*) exit 0 ;; esac
while read -r _ kp_names; do
  for kp_one in $kp_names; do [ "$kp_one" = "$kp_n" ] && exit 0; done
done </etc/hosts
hostname -f`;

const CPU = sh`nproc
grep -E '^(processor|vendor_id|model name|physical id|core id|cpu cores|siblings|Processor|cpu|vendor|machine|Hardware|CPU implementer|ncpus active)[[:space:]]*:' /proc/cpuinfo`;

/** Sizes of mounted local file systems. A file server that does not answer would keep us waiting, so it is not asked. */
const SPACE = sh`set --
while read -r kp_dev kp_at kp_type _; do
  case $kp_dev in *:/*) continue ;; /*) : ;; *) continue ;; esac
  case $kp_type in nfs* | cifs | smb* | fuse* | 9p | ceph | glusterfs | autofs) continue ;; esac
  case $kp_at in *\\*) kp_at=$(printf '%b.' "$kp_at"); kp_at=\${kp_at%.} ;; esac
  set -- "$@" "$kp_at"
done </proc/mounts
for kp_at do stat -f -c '%S %b %f %a %c %d' -- "$kp_at" || printf '\n'; done`;

const DRIVERS = sh`for kp_n in /sys/class/net/*; do
  [ -e "$kp_n/device" ] || continue
  printf '%s %s ' "\${kp_n##*/}" "$(readlink -f "$kp_n/device")"
  readlink -f "$kp_n/device/driver/module" || printf '\n'
done`;

/** Names and values may hold newlines, so they are told apart by NUL. */
function envPiece(): Piece<readonly string[]> {
  return {
    script: sh`env -0 2>/dev/null
printf '\000'`,
    parse: (cursor) => {
      const found: string[] = [];
      for (let field = cursor.field(); field !== ''; field = cursor.field()) found.push(field);
      return found;
    },
  };
}

/** Files `*.fact`: the output of a program, else the content. */
function localPiece(path: string): Piece<readonly LocalFact[]> {
  return {
    script: sh`kp_l=${{ script: remoteWord(path) }}
for kp_f in "$kp_l"/*.fact; do
  [ -f "$kp_f" ] || continue
  if [ -x "$kp_f" ]; then kp_out=$("$kp_f" 2>&1 </dev/null); else kp_out=$(cat -- "$kp_f" 2>&1); fi
  printf '%s\000%s\000%s\000' "$kp_f" "$?" "$kp_out"
done
printf '\000'`,
    parse: parseLocal,
  };
}

function parseLocal(cursor: Cursor): LocalFact[] {
  const found: LocalFact[] = [];
  for (let path = cursor.field(); path !== ''; path = cursor.field()) {
    found.push({ path, status: cursor.number(), text: cursor.field() });
  }
  return found;
}
