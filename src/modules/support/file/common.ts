import type { Change, RunChange } from '../../../model/change.ts';
import { joinScripts, quote, type Script, sh } from '../../../shared/sh.ts';
import type { Ownership } from '../file-args.ts';
import { resolveMode, UMASK } from '../mode.ts';
import { type OwnershipTarget, ownershipChange } from '../ownership.ts';
import type { FileArgs, FileState } from './state.ts';
import { restoreTimes, timesScript, type WantedTimes } from './times.ts';

export interface Wanted {
  readonly args: FileArgs;
  readonly now: FileState;
  readonly times: WantedTimes;
}

/** What `state` says, or what fits what is there. */
export function effectiveState(args: FileArgs, now: FileState): NonNullable<FileArgs['state']> {
  return args.state ?? (now.self ? kindOf(now) : args.recurse ? 'directory' : 'file');
}

/** Ansible's word for what is there. */
export function kindOf(now: FileState): 'absent' | 'link' | 'directory' | 'hard' | 'file' {
  const { self } = now;
  if (!self) return 'absent';
  if (self.type === 'link') return 'link';
  if (self.type === 'directory') return 'directory';
  return self.links > 1 ? 'hard' : 'file';
}

/**
 * Steps that give something just made (under umask 022) its owner, group and mode. The path may be a shell word; `base`: the
 * mode that a symbolic one starts from, where it is another.
 */
export function newOwnership(
  path: string | { readonly word: Script },
  { owner, group, mode }: Ownership,
  { directory = false, base }: { readonly directory?: boolean; readonly base?: number | undefined } = {},
): Script[] {
  const from = { mode: base ?? (directory ? 0o777 : 0o666) & ~UMASK, directory };
  const word = { script: typeof path === 'string' ? quote(path) : path.word };
  return [
    ...(owner === undefined ? [] : [sh`chown -h -- ${owner} ${word}`]),
    ...(group === undefined ? [] : [sh`chgrp -h -- ${group} ${word}`]),
    ...(mode === undefined ? [] : [sh`chmod -- ${resolveMode(mode, from)} ${word}`]),
  ];
}

/** Removes directories that were made, the innermost first; one that is not empty any more is left and is a failure. */
export function removeEmpty(made: readonly string[]): Script {
  return joinScripts([...made].reverse().map((dir) => sh`if [ -d ${dir} ]; then rmdir -- ${dir} || exit 1; fi`));
}

/** What attributes are set on: the entry, or with `follow` what a link stands for. Undefined: nothing is there. */
export function targetOf(
  { follow }: FileArgs,
  { path, self, real }: FileState,
): Pick<OwnershipTarget, 'path' | 'stat'> | undefined {
  if (self?.type === 'link' && follow) return real;
  return self && { path, stat: self };
}

/** Owner, group, mode and times of something that is there. */
export function attributeChanges(
  target: Pick<OwnershipTarget, 'path' | 'stat'>,
  { args, now, times }: Wanted,
): Change[] {
  const ownership = ownershipChange({ ...target, wanted: args, ids: now.ids, follow: args.follow });
  const same = target.path === now.path;
  const stamps = timesScript(target.path, times, same ? now.times : undefined);
  return [...(ownership ? [ownership] : []), ...(stamps ? [touchChange(target, stamps)] : [])];
}

function touchChange({ path, stat }: Pick<OwnershipTarget, 'path' | 'stat'>, script: Script): RunChange {
  return {
    kind: 'run',
    summary: `set the times of ${path}`,
    script,
    undo: {
      kind: 'run',
      summary: `set the times of ${path} back`,
      script: restoreTimes(path, stat),
      undo: 'none',
      killable: true,
    },
    killable: true,
  };
}
