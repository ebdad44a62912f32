import type { Change, RunChange } from '../../../model/change.ts';
import { joinScripts, type Script, sh } from '../../../shared/sh.ts';
import { groupBy } from '../../../shared/text.ts';
import type { HostStat } from '../host-stat.ts';
import { octal, resolveMode } from '../mode.ts';
import { ownershipSteps } from '../ownership.ts';
import type { FileArgs, FileState } from './state.ts';
import { timesScript, type WantedTimes } from './times.ts';

interface Recursion {
  readonly args: FileArgs;
  readonly now: FileState;
  /** The directory, links resolved. */
  readonly root: string;
  readonly times: WantedTimes;
}

interface Entry {
  readonly path: string;
  readonly stat: HostStat;
}

/** More entries than this are set but not remembered for an undo. */
const REMEMBERED = 5000;

/** Owner, group, mode and times of everything below a directory, or undefined where all is so. Links are altered themselves, never followed. */
export function recurseChange({ args, now, root, times }: Recursion): RunChange | undefined {
  const differing = now.below.filter(({ path, stat }) => {
    const steps = ownershipSteps({ path, stat, wanted: args, ids: now.ids, follow: false });
    return steps.length > 0;
  });
  const stamps = timesScript('{}', times, undefined);
  if (differing.length === 0 && !(stamps && now.below.length > 0)) return undefined;
  return {
    kind: 'run',
    summary: `set ownership and mode of ${differing.length} of ${now.below.length} entries below ${root}`,
    script: recurseScript({ args, now, root, times }, stamps),
    undo: stamps ? 'none' : restore(differing, root),
    killable: true,
  };
}

function recurseScript({ args, now, root }: Recursion, stamps: Script | undefined): Script {
  const { owner, group } = args;
  return joinScripts(
    [
      ...(owner === undefined ? [] : [sh`find ${root} ! -path ${root} -exec chown -h -- ${owner} '{}' + || exit 1`]),
      ...(group === undefined ? [] : [sh`find ${root} ! -path ${root} -exec chgrp -h -- ${group} '{}' + || exit 1`]),
      ...modeScripts({ args, now, root }),
      ...(stamps ? [sh`find ${root} ! -path ${root} ! -type l -exec ${{ script: stamps }} ';' || exit 1`] : []),
    ],
    '\n',
  );
}

/** Symbolic modes are worked out here: the `chmod` of busybox gives `X` another meaning after `=`. */
function modeScripts({ args, now, root }: Pick<Recursion, 'args' | 'now' | 'root'>): Script[] {
  const { mode } = args;
  if (mode === undefined) return [];
  if (/^[0-7]+$/.test(mode))
    return [sh`find ${root} -depth ! -path ${root} ! -type l -exec chmod -- ${mode} '{}' + || exit 1`];
  const entries = now.below.filter(({ stat }) => stat.type !== 'link');
  const groups = groupBy(entries, ({ stat }) =>
    resolveMode(mode, { mode: stat.mode, directory: stat.type === 'directory' }),
  );
  // The deepest first, so that a directory which loses its x is left behind us.
  return [...groups].flatMap(([bits, group]) =>
    chunks(group.map(({ path }) => path).reverse()).map((paths) => sh`chmod -- ${bits} ${paths} || exit 1`),
  );
}

function chunks(paths: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(paths.length / 200) }, (_, index) =>
    paths.slice(index * 200, index * 200 + 200),
  );
}

function restore(entries: readonly Entry[], root: string): Change | 'none' {
  if (entries.length > REMEMBERED) return 'none';
  return {
    kind: 'run',
    summary: `set ownership and mode of ${entries.length} entries below ${root} back`,
    script: joinScripts(entries.map(restoreEntry), ' &&\n'),
    undo: 'none',
    killable: true,
  };
}

function restoreEntry({ path, stat }: Entry): Script {
  const owner = sh`chown -h -- ${`${stat.uid}:${stat.gid}`} ${path}`;
  return stat.type === 'link' ? owner : sh`${{ script: owner }} && chmod -- ${octal(stat.mode)} ${path}`;
}
