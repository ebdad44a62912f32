import type { Change, RunChange } from '../../../model/change.ts';
import { joinScripts, sh } from '../../../shared/sh.ts';
import { explainPackages } from './explain.ts';
import { lockScript } from './lock.ts';

const UPDATED = 'update the package lists';

export interface UpdateWish {
  readonly lockTimeout: number;
  readonly updateRetries: number;
  readonly updateDelay: number;
}

/**
 * Fetches the lists of all sources. Strict, as apt itself is not: a source that failed is a failure. What may pass by itself
 * (name service, a mirror under work) is tried again, with growing pauses; a missing key or a 404 is not.
 */
export function updateApt(wish: UpdateWish, alone: boolean): RunChange {
  return {
    kind: 'run',
    summary: UPDATED,
    script: joinScripts([
      lockScript('apt', wish.lockTimeout),
      sh`umask 022
kp_tries=0; kp_pause=1
# shellcheck disable=SC2317 # called by kp_try
kp_update() { kp_out=$(apt-get -q -o APT::Update::Error-Mode=any -o DPkg::Lock::Timeout=${wish.lockTimeout} update 2>&1); }
while :; do
  kp_try kp_update; kp_status=$?
  [ "$kp_status" -ne 75 ] || exit 75
  if [ "$kp_status" -eq 0 ] && printf '%s\n' "$kp_out" | grep -qE '^W: .*(Failed to fetch|GPG error|signatures)'; then kp_status=100; fi
  [ "$kp_status" -ne 0 ] || break
  printf '%s\n' "$kp_out" | grep -qE 'Temporary failure|timed out|Could not connect|Connection failed|Hash Sum mismatch|50[0-9] ' || break
  [ "$kp_tries" -lt ${wish.updateRetries} ] || break
  kp_tries=$((kp_tries + 1)); sleep "$kp_pause"
  kp_pause=$((kp_pause * 2)); [ "$kp_pause" -le ${wish.updateDelay} ] || kp_pause=${wish.updateDelay}
done
printf '%s\n' "$kp_out"
[ "$kp_status" -eq 0 ] || printf '%s\n' "$kp_out" | grep -E '^[EW]: ' >&2
exit "$kp_status"`,
    ]),
    killable: false,
    undo: 'none',
    changed: () => alone,
    explain: (output) =>
      explainPackages(`${output.stdout.toString('utf8')}\n${output.stderr.toString('utf8')}`, wish.lockTimeout),
  };
}

export function isUpdate(change: Change): boolean {
  return change.summary === UPDATED;
}
