import { type Script, sh } from '../../../shared/sh.ts';
import type { Manager } from './request.ts';

/** Files that a package manager locks while it works (fcntl or flock: /proc/locks names the process), and files that hold its process id. */
const LOCKS: Readonly<Record<'apt' | 'rpm', { readonly files: readonly string[]; readonly pids: readonly string[] }>> =
  {
    apt: {
      files: [
        '/var/lib/dpkg/lock-frontend',
        '/var/lib/dpkg/lock',
        '/var/lib/apt/lists/lock',
        '/var/cache/apt/archives/lock',
      ],
      pids: [],
    },
    rpm: {
      files: ['/var/lib/rpm/.rpm.lock', '/usr/lib/sysimage/rpm/.rpm.lock', '/run/dnf/rpmtransaction.lock'],
      pids: [
        '/var/run/yum.pid',
        '/var/lib/dnf/rpmdb_lock.pid',
        '/var/cache/dnf/metadata_lock.pid',
        '/var/cache/dnf/download_lock.pid',
      ],
    },
  };

/**
 * Defines `kp_try COMMAND…`: waits until no other package manager works, runs the command, and tries again where another one
 * was quicker; `seconds` in all. Past that: `kprep-lock FILE PID COMMAND` on stderr, status 75. Never kills anybody.
 */
export function lockScript(manager: Manager, seconds: number, locks: LockPlaces = placesOf(manager)): Script {
  const pids =
    locks.pids.length === 0 ? sh`` : sh`  for kp_file in ${locks.pids}; do kp_pidfile "$kp_file" && return 0; done`;
  return sh`kp_deadline=$(( $(date +%s) + ${seconds} ))
kp_holder() {
  [ -e "$1" ] || return 1
  # shellcheck disable=SC2012 # stat is not everywhere, and only the number is read
  kp_inode=$(ls -di -- "$1" 2>/dev/null | { read -r kp_i _; printf '%s' "$kp_i"; })
  while read -r _ _ _ kp_mode kp_pid kp_dev _; do
    if [ "$kp_mode" != WRITE ] || [ "\${kp_dev##*:}" != "$kp_inode" ]; then continue; fi
    # shellcheck disable=SC2010 # the arrow is what is looked for
    ls -l "/proc/$kp_pid/fd" 2>/dev/null | grep -qF -- "-> $1" && return 0
  done < /proc/locks
  return 1
}
${{ script: locks.pids.length === 0 ? sh`` : PID_FILE }}
kp_busy() {
  for kp_file in ${locks.files}; do kp_holder "$kp_file" && return 0; done
${{ script: pids }}
  return 1
}
kp_wait() {
  while kp_busy; do
    if [ "$(date +%s)" -ge "$kp_deadline" ]; then
      printf 'kprep-lock %s %s %s\n' "$kp_file" "$kp_pid" "$({ tr '\0' ' ' < "/proc/$kp_pid/cmdline"; } 2>/dev/null)" >&2
      return 75
    fi
    sleep 1
  done
}
kp_try() {
  while :; do
    kp_wait || return 75
    "$@" && return 0
    kp_rc=$?
    kp_busy || return "$kp_rc"
    [ "$(date +%s)" -lt "$kp_deadline" ] || return "$kp_rc"
  done
}`;
}

/** A stale file may hold a number that is another process's now. */
const PID_FILE: Script = sh`kp_pidfile() {
  [ -s "$1" ] || return 1
  kp_pid=
  read -r kp_pid < "$1" || [ -n "$kp_pid" ] || return 1
  { tr '\0' ' ' < "/proc/$kp_pid/cmdline"; } 2>/dev/null | grep -qiE 'dnf|yum|rpm|packagekit'
}`;

export interface LockPlaces {
  readonly files: readonly string[];
  readonly pids: readonly string[];
}

function placesOf(manager: Manager): LockPlaces {
  return LOCKS[manager === 'apt' ? 'apt' : 'rpm'];
}
