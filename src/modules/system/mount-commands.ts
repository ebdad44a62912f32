import type { Change } from '../../model/change.ts';
import { sh } from '../../shared/sh.ts';

export interface MountCommand {
  readonly path: string;
  /** Another fstab than the system's. */
  readonly fstab?: string;
  /** Remount with these options; empty: those of the fstab. */
  readonly remount?: string;
  /** Not by the fstab. */
  readonly direct?: { readonly src: string; readonly fstype: string; readonly opts: string };
}

export function mountNow(command: MountCommand): Change {
  const { path, fstab, remount, direct } = command;
  const table = fstab === undefined ? [] : ['-T', fstab];
  const words = direct
    ? ['-t', direct.fstype, '-o', direct.opts, '--', direct.src, path]
    : remount === undefined
      ? [...table, '--', path]
      : [...table, '-o', remount === '' ? 'remount' : `remount,${remount}`, '--', path];
  return {
    kind: 'run',
    summary: remount === undefined ? `mount ${path}` : `remount ${path}`,
    script: sh`mount ${words} || exit $?
grep -q . /proc/self/mountinfo 2>/dev/null || exit 0
awk -v p=${path.length > 1 ? path.replace(/\/+$/, '') : path} 'BEGIN { gsub(/ /, "\\040", p) } $5 == p { found = 1 } END { exit !found }' /proc/self/mountinfo ||
  { echo 'mount said nothing, but nothing is mounted there' >&2; exit 1; }`,
    killable: true,
    undo:
      remount === undefined
        ? { kind: 'run', summary: `unmount ${path}`, script: sh`umount -- ${path}`, killable: true, undo: 'none' }
        : 'none',
  };
}

export function unmountNow(command: MountCommand, was: { readonly source: string; readonly fstype: string }): Change {
  return {
    kind: 'run',
    summary: `unmount ${command.path}`,
    script: sh`umount -- ${command.path}`,
    killable: true,
    undo: {
      kind: 'run',
      summary: `mount ${was.source} on ${command.path} again`,
      script: sh`mount -t ${was.fstype} -- ${was.source} ${command.path}`,
      killable: true,
      undo: 'none',
    },
    explain: (output) =>
      /busy/.test(output.stderr.toString('utf8'))
        ? {
            message: `${command.path} is in use`,
            remedy: 'end what uses it; kprep does not unmount lazily or by force',
          }
        : undefined,
  };
}

export function makeDirectory(path: string): Change {
  return {
    kind: 'run',
    summary: `make the directory ${path}`,
    script: sh`umask 022; mkdir -p -- ${path}`,
    killable: true,
    undo: {
      kind: 'run',
      summary: `remove the directory ${path}`,
      script: sh`rmdir -- ${path}`,
      killable: true,
      undo: 'none',
    },
  };
}

/** Only where it is empty. */
export function removeDirectory(path: string): Change {
  return {
    kind: 'run',
    summary: `remove the directory ${path}`,
    script: sh`rmdir -- ${path}`,
    killable: true,
    undo: {
      kind: 'run',
      summary: `make the directory ${path}`,
      script: sh`mkdir -m 755 -- ${path}`,
      killable: true,
      undo: 'none',
    },
  };
}
