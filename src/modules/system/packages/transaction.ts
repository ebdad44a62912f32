import type { RunChange, StepOutput } from '../../../model/change.ts';
import { joinScripts, type Script, sh } from '../../../shared/sh.ts';
import { explainPackages } from './explain.ts';
import { lockScript } from './lock.ts';
import type { Manager, PackageRequest } from './request.ts';

/** What a transaction really did, by the package database before and after it. */
export interface Moved {
  /** With its architecture: `kubelet:amd64`. */
  readonly name: string;
  readonly from?: string;
  readonly to?: string;
}

export interface Transaction {
  readonly manager: Manager;
  readonly summary: string;
  /** Uses `kp_try`; its status is the transaction's. */
  readonly body: Script;
  readonly before?: string;
  readonly after?: string;
  readonly undo: RunChange | 'none';
}

/** A package transaction: waits for locks, is never killed, says on its last lines what came and what went. */
export function transaction(request: PackageRequest, wanted: Transaction): RunChange {
  const { manager, summary, body, before, after, undo } = wanted;
  return {
    kind: 'run',
    summary,
    script: joinScripts([
      QUIET,
      lockScript(manager, request.lockTimeout),
      manager === 'apt' ? LIST_DPKG : LIST_RPM,
      sh`kp_body() {
${{ script: body }}
}`,
      RUN,
    ]),
    killable: false,
    undo,
    changed: (output) => movedIn(output).length > 0,
    explain: (output) => explainPackages(textOf(output), request.lockTimeout),
    ...(before === undefined || after === undefined ? {} : { diff: { before, after } }),
  };
}

/** Nobody is there to answer; what packages make is for everybody, as under a login of root. */
const QUIET: Script = sh`umask 022
export DEBIAN_FRONTEND=noninteractive DEBIAN_PRIORITY=critical APT_LISTCHANGES_FRONTEND=none NEEDRESTART_SUSPEND=1`;

const LIST_DPKG: Script = sh`kp_list() {
  dpkg-query -W -f '\${db:Status-Status} \${Package}:\${Architecture} \${Version}\n' 2>/dev/null | sed -n 's/^installed //p' | sort
}`;

const LIST_RPM: Script = sh`kp_list() {
  rpm -qa --qf '%{NAME}:%{ARCH} %|EPOCH?{%{EPOCH}:}:{}|%{VERSION}-%{RELEASE}\n' 2>/dev/null | sort
}`;

/** apt lifts the hold of a held package that it was allowed to change; it comes back. */
export function keepHolds(command: Script): Script {
  return sh`kp_held=$(dpkg --get-selections | sed -n 's/[[:space:]]\{1,\}hold$//p')
${{ script: command }} || return $?
for kp_h in $kp_held; do
  if [ "$(dpkg-query -W -f '\${db:Status-Status}' -- "$kp_h" 2>/dev/null)" = installed ]; then printf '%s hold\n' "$kp_h"; fi
done | dpkg --set-selections`;
}

const RUN: Script = sh`kp_dir=$(mktemp -d) || exit 1
trap 'rm -rf "$kp_dir"' EXIT
kp_list > "$kp_dir/before"
kp_body
kp_status=$?
kp_list > "$kp_dir/after"
printf '\n@kprep-moved\n'
comm -23 "$kp_dir/before" "$kp_dir/after" | sed 's/^/-/'
comm -13 "$kp_dir/before" "$kp_dir/after" | sed 's/^/+/'
exit "$kp_status"`;

/** Parses the last lines of a transaction's output. */
export function movedIn(output: StepOutput): Moved[] {
  const text = output.stdout.toString('utf8');
  const mark = text.lastIndexOf('\n@kprep-moved\n');
  const moved = new Map<string, { name: string; from?: string; to?: string }>();
  for (const line of mark < 0 ? [] : text.slice(mark).split('\n')) {
    const [, sign, name, version] = /^([-+])(\S+) (\S+)$/.exec(line) ?? [];
    if (name === undefined || version === undefined) continue;
    const entry = moved.get(name) ?? { name };
    moved.set(name, sign === '-' ? { ...entry, from: version } : { ...entry, to: version });
  }
  return [...moved.values()];
}

/** What the package manager itself printed. */
export function printedBy(output: StepOutput): string {
  const text = output.stdout.toString('utf8');
  const mark = text.lastIndexOf('\n@kprep-moved\n');
  return mark < 0 ? text : text.slice(0, mark);
}

export function describeMoved({ name, from, to }: Moved): string {
  const short = name.replace(/:[^:]*$/, '');
  if (from === undefined) return `${short} ${to ?? ''} installed`;
  return to === undefined ? `${short} ${from} removed` : `${short} ${from} → ${to}`;
}

function textOf(output: StepOutput): string {
  return `${output.stdout.toString('utf8')}\n${output.stderr.toString('utf8')}`;
}
