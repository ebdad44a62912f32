import type { RunChange } from '../../../model/change.ts';
import type { Decision, Refusal, Resource } from '../../../model/module.ts';
import { joinScripts, sh } from '../../../shared/sh.ts';
import { planAbsent } from './absent.ts';
import {
  attributeChanges,
  effectiveState,
  kindOf,
  newOwnership,
  removeEmpty,
  targetOf,
  type Wanted,
} from './common.ts';
import { planHardLink, planLink } from './links.ts';
import { recurseChange } from './recurse.ts';
import type { FileArgs, FileState } from './state.ts';
import { timesScript, wantedTimes } from './times.ts';

export function planFile(args: FileArgs, now: FileState): Decision {
  const times = wantedTimes(args);
  if (typeof times === 'string') return { failed: times };
  if (now.hidden)
    return { failed: `${now.path} cannot be reached: a directory above it may not be entered by this user` };
  const state = effectiveState(args, now);
  if (args.recurse && state !== 'directory') return { failed: "recurse option requires state to be 'directory'" };
  if (args.src !== undefined && state !== 'link' && state !== 'hard') {
    return { failed: "src option requires state to be 'link' or 'hard'" };
  }
  const wanted = { args, now, times };
  switch (state) {
    case 'absent':
      return planAbsent(now);
    case 'directory':
      return planDirectory(wanted);
    case 'file':
      return planExisting(wanted);
    case 'touch':
      return planTouch(wanted);
    case 'link':
      return planLink(wanted);
    case 'hard':
      return planHardLink(wanted);
  }
}

function planExisting({ args, now, times }: Wanted): Decision {
  const target = targetOf(args, now);
  const kind = target?.stat.type === 'link' || !target ? kindOf(now) : target.stat.type;
  if (!target || kind === 'directory' || kind === 'link' || kind === 'absent') {
    const what = kind === 'link' && args.follow ? 'absent' : kind;
    return {
      failed: `file (${target?.path ?? now.path}) is ${what}, cannot continue`,
      result: { state: what, path: now.path },
    };
  }
  return attributeChanges(target, { args, now, times });
}

function planDirectory({ args, now, times }: Wanted): Decision {
  if (!now.self) return [makeDirectories(args, now)];
  const target = targetOf(args, now);
  if (target?.stat.type !== 'directory') return { failed: `${now.path} already exists as a ${kindOf(now)}` };
  const recurse = args.recurse ? recurseChange({ args, now, root: target.path, times }) : undefined;
  return [...attributeChanges(target, { args, now, times }), ...(recurse ? [recurse] : [])];
}

/** Each directory that is missing is made with the mode and owner asked for, as Ansible does. */
function makeDirectories(args: FileArgs, { path, missing }: FileState): RunChange {
  const steps = missing.map((dir) =>
    joinScripts([sh`{ mkdir -- ${dir} || [ -d ${dir} ]; }`, ...newOwnership(dir, args, { directory: true })], ' &&\n'),
  );
  return {
    kind: 'run',
    summary: `make directory ${path}`,
    script: sh`umask 022
${{ script: joinScripts(steps, ' &&\n') }}`,
    undo: {
      kind: 'run',
      summary: `remove directory ${path}`,
      script: removeEmpty(missing),
      undo: 'none',
      killable: true,
    },
    killable: true,
    touches: missing.slice(0, 1).map((top): Resource => `file:${top}`),
  };
}

function planTouch(wanted: Wanted): Decision {
  const { args, now, times } = wanted;
  if (now.self) {
    const target = targetOf(args, now);
    return target ? attributeChanges(target, wanted) : danglingRefusal(now);
  }
  const stamps = timesScript(now.path, times, undefined);
  const steps = [
    sh`[ -e ${now.path} ] || : >${now.path}`,
    ...newOwnership(now.path, args),
    ...(stamps ? [stamps] : []),
  ];
  return [
    {
      kind: 'run',
      summary: `make empty file ${now.path}`,
      script: sh`umask 022
${{ script: joinScripts(steps, ' &&\n') }}`,
      undo: {
        kind: 'run',
        summary: `remove ${now.path}`,
        script: sh`if [ -s ${now.path} ]; then printf '%s is not empty any more\n' ${now.path} >&2; exit 1; fi
rm -f -- ${now.path}`,
        undo: 'none',
        killable: true,
      },
      killable: true,
    },
  ];
}

function danglingRefusal(now: FileState): Refusal {
  return { failed: `Error, could not touch target: ${now.path} is a link to ${now.link}, which does not exist` };
}
