import { quote, type Script, sh } from '../../shared/sh.ts';
import { encode } from './encode.ts';

export interface PreludeOptions {
  /** Hex. Says where output begins; no other output holds it. */
  readonly nonce: string;
  /** What runs the steps; the two shells of the frame protocol are started by the exec line. */
  readonly shell: string;
  /** Seconds between two looks of the watchdog; at the third without a word from us, what is killable is killed. */
  readonly watchSeconds?: number;
}

/**
 * What the shell of the exec line runs: two shells, one feeding the other. The first, the
 * guard, only ever reads: it sees the end of input, orders to kill and heartbeats while the second, the runner, waits
 * for a step. Constant, so `ps` and the log of sudo learn nothing.
 */
export function pairOfShells(shell: string): string {
  return `${quote(shell)} | ${quote(shell)}`;
}

/**
 * The first lines for the guard. Afterwards it takes one line each:
 * `kp_run ID 'PROGRAM'` · `kp_keep ID NAME 'PROGRAM'` (detached, spooled) · `kp_kill PID` · `kp_drop ID` (not to be
 * started) · `kp_beat` · `kp_idle`. What happens comes back as markers: `ready SETSID`, `ID begin`, `ID pid PID`,
 * `ID end STATUS [left]` (on stderr `ID end`), `ID skip` on both.
 */
export function prelude(options: PreludeOptions): string {
  const common = `${put}\n${stop}\nkp_d=${privatePath('/tmp', options.nonce)}`;
  const runner = `${common}\n${runnerText(options)}`;
  return `${common}\n${guardText(options.watchSeconds ?? 9)}\nkp_r "$(kp_b '${encode(runner)}')"\n`;
}

/** A name that only we know, so that nobody can be there before us. */
export function privatePath(directory: '/tmp' | '/var/tmp', nonce: string): string {
  return `${directory}/.kprep-${nonce}`;
}

/** kp_b writes what `encode` made, kp_r a line as it is. In mksh printf is a program: its arguments would be seen. */
const put: Script = sh`case \${KSH_VERSION-} in
*MIRBSD*|*"PD KSH"*) kp_b() { print -n -- "$1"; }; kp_r() { print -r -- "$1"; } ;;
*) kp_b() { printf %b "$1"; }; kp_r() { printf '%s\n' "$1"; } ;;
esac`;

/**
 * kp_stop PID: TERM to the group, KILL after two seconds. A pid whose `setsid` has not run yet is no group: then the
 * process itself. Without setsid there are no groups: all descendants, by /proc. dash knows no `kill -- -PID`. Each
 * `return` has a number: in a trap it would else give the status from before the trap (POSIX, mksh).
 */
const stop: Script = sh`if command -v setsid >/dev/null 2>&1; then kp_s=setsid; else kp_s=; fi
kp_tree() {
  for kp_f in /proc/[0-9]*/stat; do
    { read -r kp_l <"$kp_f"; } 2>/dev/null || continue
    kp_t=\${kp_l##*) ?}; kp_t=\${kp_t# }
    if [ "\${kp_t%% *}" = "$1" ]; then kp_tree "\${kp_l%% *}"; fi
  done
  echo "$1"
}
kp_sig() {
  if [ -n "$kp_s" ]; then
    if kill "-$1" "-$2" 2>/dev/null || kill "-$1" "$2" 2>/dev/null; then return 0; else return 1; fi
  fi
  for kp_k in \${kp_l2:=$(kp_tree "$2")}; do kill "-$1" "$kp_k" 2>/dev/null; done
  for kp_k in $kp_l2; do if kill -0 "$kp_k" 2>/dev/null; then return 0; fi; done
  return 1
}
kp_stop() {
  kp_l2=
  kp_sig TERM "$1"
  for _ in 1 2; do sleep 1; kp_sig 0 "$1" || return 0; done
  kp_sig KILL "$1"
}`;

/**
 * The pipe to the runner must be held by the guard alone: whatever it starts writes elsewhere. A step belongs to us while
 * its parent is our sibling, the runner: only then it is killed, so a number that was used again is safe.
 */
function guardText(watchSeconds: number): Script {
  return sh`kp_w='' kp_x=''
trap "" USR1
kp_watch() {
  trap "kp_n=0" USR1
  trap 'kill "$kp_z" 2>/dev/null; exit 0' TERM
  kp_n=0
  while [ "$kp_n" -lt 3 ]; do
    sleep ${watchSeconds} & kp_z=$!
    while wait "$kp_z"; [ "$?" -gt 128 ]; do :; done
    kp_n=$((kp_n + 1))
  done
  trap "" TERM
  rm -rf "$kp_d" "$kp_d"-* "/var$kp_d"-*
  kill -TERM 0
}
kp_beat() {
  if [ -n "$kp_w" ] && kill -USR1 "$kp_w" 2>/dev/null; then return 0; fi
  kp_watch </dev/null >/dev/null 2>&1 & kp_w=$!
}
kp_idle() { if [ -n "$kp_w" ]; then kill -TERM "$kp_w" 2>/dev/null; wait "$kp_w"; fi; kp_w=; }
kp_run() { kp_beat; kp_r "kp_step $1 '$2'"; }
kp_keep() { kp_beat; kp_r "kp_spool $1 $2 '$3'"; }
kp_ours() {
  if [ ! -r /proc/self/stat ]; then return 0; fi
  { read -r kp_l <"/proc/$1/stat"; } 2>/dev/null || return 1
  kp_t=\${kp_l##*) ?}; kp_t=\${kp_t# }; kp_t=\${kp_t%% *}
  if [ "$kp_t" = "$PPID" ]; then return 0; fi
  { read -r kp_l <"/proc/$kp_t/stat"; } 2>/dev/null || return 1
  kp_t=\${kp_l##*) ?}; kp_t=\${kp_t# }
  [ "\${kp_t%% *}" = "$PPID" ]
}
kp_kill() { if kp_ours "$1"; then kp_stop "$1" </dev/null >/dev/null 2>&1 & fi; }
kp_drop() {
  kp_x=1
  (umask 077; mkdir "$kp_d") >/dev/null 2>&1 </dev/null
  : >"$kp_d/x$1"
}
kp_bye() { trap "" TERM; if [ -n "$kp_x" ]; then rm -rf "$kp_d" "$kp_d"-* "/var$kp_d"-*; fi; kill -TERM 0; }
trap kp_bye EXIT
trap "exit 1" HUP PIPE`;
}

/**
 * A step is the leader of a session of its own, so all of it can be killed, and nothing of the runner is in its shell. What
 * it leaves in its group may go on writing: then no later step may use these streams (`left`), and we open others.
 * A marker that nobody reads (SIGPIPE) is a lost connection too; at the one for the end on stdout we may hang up, so it is last.
 * The directory of spooled steps is kept until the shell ends. Another session of the same user may take it away in between
 * (it is empty then), and somebody else put theirs in its place: so it is looked at again after each step's own directory
 * was made in it, which keeps it there.
 */
function runnerText({ nonce, shell }: PreludeOptions): Script {
  const marker = `\\\\0000${nonce} $1\\\\n`;
  return sh`exec 5>&2 2>/dev/null
kp_p='' kp_left='' kp_base='' kp_u=''
kp_m() { kp_b "${{ script: marker as Script }}"; }
kp_die() {
  trap "" TERM HUP INT PIPE
  if [ -n "$kp_p" ]; then kp_stop "$kp_p"; fi
  kp_tidy
  exit 143
}
kp_tidy() { if [ -n "$kp_base" ]; then rmdir "$kp_base"; fi; }
trap kp_die TERM HUP INT PIPE
trap kp_tidy EXIT
kp_skip() {
  if [ -z "$kp_left" ] && [ ! -e "$kp_d/x$1" ]; then return 1; fi
  rm -f "$kp_d/x$1"
  kp_m "$1 skip"; kp_m "$1 skip" >&5
}
kp_done() { kp_m "$1 end" >&5; kp_m "$1 end $2 $kp_left"; }
kp_step() {
  if kp_skip "$1"; then return 0; fi
  kp_m "$1 begin"
  kp_b "$2" | $kp_s ${shell} 2>&5 5>&- & kp_p=$!
  kp_m "$1 pid $kp_p"
  wait "$kp_p"; kp_e=$?
  if [ -n "$kp_s" ] && kill -0 "-$kp_p" 2>/dev/null; then kp_left=left; fi
  kp_p=
  kp_done "$1" "$kp_e"
}
kp_safe() { [ -d "$kp_base" ] && [ ! -L "$kp_base" ] && [ -O "$kp_base" ]; }
kp_home() {
  if [ -z "$kp_u" ]; then kp_u=$(id -u); fi
  if [ "$kp_u" = 0 ]; then set -- /var/lib/.kprep /run/.kprep /dev/shm/.kprep-0
  else set -- "/var/tmp/.kprep-$kp_u" "/tmp/.kprep-$kp_u" "/dev/shm/.kprep-$kp_u"; fi
  for kp_base; do
    if mkdir -m 700 "$kp_base" || { kp_safe && chmod 700 "$kp_base"; } && kp_safe && [ -w "$kp_base" ]; then return 0; fi
  done
  kp_base=
  return 1
}
kp_room() {
  for _ in 1 2 3 4 5; do
    if [ -n "$kp_base" ] && mkdir "$kp_base/$1" && kp_safe; then return 0; fi
    kp_home || return 1
  done
  return 1
}
kp_spool() {
  if kp_skip "$1"; then return 0; fi
  kp_m "$1 begin"
  if kp_room "$2"; then
    kp_o=$kp_base/$2
    kp_b "$3" | {
      if [ -z "$kp_s" ]; then trap "" TERM HUP INT; fi
      KP_O=$kp_o; export KP_O
      exec $kp_s ${shell} >/dev/null 2>&1 5>&-
    } & kp_q=$!
    echo "$kp_q" >"$kp_o/pid"
    kp_m "$1 kept $kp_o"
    wait "$kp_q"
    kp_e=
    read -r kp_e <"$kp_o/status"
    if [ -s "$kp_o/out" ]; then cat "$kp_o/out"; fi
    if [ -s "$kp_o/err" ]; then cat "$kp_o/err" >&5; fi
    rm -rf "$kp_o"
    kp_e=\${kp_e:-137}
  else
    echo "kprep: no private directory for the output of a step that must not be killed" >&5
    kp_e=1
  fi
  kp_done "$1" "$kp_e"
}
kp_m "ready $kp_s"
kp_m ready >&5`;
}
