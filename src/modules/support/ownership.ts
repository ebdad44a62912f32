import type { RunChange } from '../../model/change.ts';
import { joinScripts, type Script, sh } from '../../shared/sh.ts';
import type { Ownership } from './file-args.ts';
import type { HostStat } from './host-stat.ts';
import { octal, resolveMode } from './mode.ts';
import { constantPiece, mapPiece, type Piece, pieces, textPiece } from './piece.ts';

/** The ids of the user and group that a task names; undefined where the host knows no such name (yet). */
export interface OwnerIds {
  readonly uid: number | undefined;
  readonly gid: number | undefined;
}

/** Looks up the names of a task's owner and group; numbers are taken as they are. */
export function ownerIdsPiece({ owner, group }: Ownership): Piece<OwnerIds> {
  return pieces({ uid: idPiece(owner, (name) => sh`id -u -- ${name}`), gid: idPiece(group, groupIdScript) });
}

function idPiece(name: string | undefined, script: (name: string) => Script): Piece<number | undefined> {
  if (name === undefined) return constantPiece(undefined);
  if (/^\d+$/.test(name)) return constantPiece(Number(name));
  return mapPiece(textPiece(script(name)), ({ text }) => (/^\d+$/.test(text) ? Number(text) : undefined));
}

/** `getent` knows LDAP groups too, but busybox systems may not have it. */
function groupIdScript(name: string): Script {
  return sh`kp_line=$(getent group ${name}) || kp_line=$(grep -F -e ${`${name}:`} /etc/group | while IFS= read -r kp_l; do
  case $kp_l in ${`${name}:`}*) printf '%s\n' "$kp_l"; break ;; esac
done)
kp_line=\${kp_line#*:}; kp_line=\${kp_line#*:}; printf '%s\n' "\${kp_line%%:*}"`;
}

export interface OwnershipTarget {
  readonly path: string;
  /** As it is now. */
  readonly stat: HostStat;
  readonly wanted: Ownership;
  readonly ids: OwnerIds;
  /** Alter the target of a symbolic link rather than the link. */
  readonly follow: boolean;
}

/** What of the ownership has to change, as one change, or none. */
export function ownershipChange(target: OwnershipTarget): RunChange | undefined {
  const steps = ownershipSteps(target);
  if (steps.length === 0) return undefined;
  const { path, stat } = target;
  return {
    kind: 'run',
    summary: `set ${steps.map((step) => step.what).join(', ')} of ${path}`,
    script: joinScripts(
      steps.map((step) => step.script),
      ' &&\n',
    ),
    diff: {
      before: steps.map((step) => `${step.key}: ${step.was}\n`).join(''),
      after: steps.map((step) => `${step.key}: ${step.will}\n`).join(''),
      beforeHeader: `${path} (file attributes)`,
      afterHeader: `${path} (file attributes)`,
    },
    undo: {
      kind: 'run',
      summary: `set the ownership and mode of ${path} back`,
      script: restoreScript(target, stat),
      undo: 'none',
      killable: true,
    },
    killable: true,
  };
}

export interface OwnershipStep {
  readonly key: 'owner' | 'group' | 'mode';
  readonly what: string;
  readonly was: string;
  readonly will: string;
  readonly script: Script;
}

/** Owner and group first: `chown` clears setuid bits that the mode then sets again. */
export function ownershipSteps({ path, stat, wanted, ids, follow }: OwnershipTarget): readonly OwnershipStep[] {
  const steps: OwnershipStep[] = [];
  const { owner, group } = wanted;
  if (owner !== undefined && ids.uid !== stat.uid) {
    const script = follow ? sh`chown -- ${owner} ${path}` : sh`chown -h -- ${owner} ${path}`;
    steps.push({ key: 'owner', what: `owner ${owner}`, was: `${stat.uid}`, will: `${ids.uid ?? owner}`, script });
  }
  if (group !== undefined && ids.gid !== stat.gid) {
    const script = follow ? sh`chgrp -- ${group} ${path}` : sh`chgrp -h -- ${group} ${path}`;
    steps.push({ key: 'group', what: `group ${group}`, was: `${stat.gid}`, will: `${ids.gid ?? group}`, script });
  }
  const mode = wantedMode(stat, wanted.mode);
  const loses = steps.length > 0 && (stat.mode & 0o6000) !== 0;
  if (mode !== undefined && (mode !== octal(stat.mode) || loses)) {
    steps.push({
      key: 'mode',
      what: `mode ${mode}`,
      was: octal(stat.mode),
      will: mode,
      script: sh`chmod -- ${mode} ${path}`,
    });
  }
  return steps;
}

/** A link has no mode of its own on Linux. */
function wantedMode(stat: HostStat, mode: string | undefined): string | undefined {
  if (mode === undefined || stat.type === 'link') return undefined;
  return resolveMode(mode, { mode: stat.mode, directory: stat.type === 'directory' });
}

function restoreScript({ path, follow }: OwnershipTarget, stat: HostStat): Script {
  const owner = `${stat.uid}:${stat.gid}`;
  const chown = follow ? sh`chown -- ${owner} ${path}` : sh`chown -h -- ${owner} ${path}`;
  if (stat.type === 'link') return chown;
  return sh`${{ script: chown }} && chmod -- ${octal(stat.mode)} ${path}`;
}
