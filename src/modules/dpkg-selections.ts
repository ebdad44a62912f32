import { defineModule, type Module } from '../model/module.ts';
import { sh } from '../shared/sh.ts';
import { explainPackages } from './system/packages/explain.ts';
import { lockScript } from './system/packages/lock.ts';
import { parseSections, sectionScript } from './system/sections.ts';

interface SelectionState {
  readonly dpkg: boolean;
  /** Undefined: dpkg does not know the package. */
  readonly selection?: string;
}

const ARGS = {
  name: { type: 'str', required: true, doc: 'The package.' },
  selection: {
    type: 'str',
    required: true,
    choices: ['install', 'hold', 'deinstall', 'purge'],
    doc: 'What dpkg shall want of it; hold: no upgrade touches it.',
  },
} as const;

export const dpkgSelections: Module<typeof ARGS, SelectionState> = defineModule({
  name: 'dpkg_selections',
  summary: 'What dpkg wants of a package: hold, install, deinstall or purge.',
  args: ARGS,
  validate: (args) =>
    /^[a-z0-9][a-z0-9+.:-]*$/i.test(args.name) ? undefined : `${JSON.stringify(args.name)} is no name of a package`,
  touches: (args) => [`pkg:${args.name}`],
  read: (args) => ({
    script: sectionScript(
      sh`if command -v dpkg >/dev/null 2>&1; then kp_say dpkg yes; dpkg --get-selections ${args.name} 2>/dev/null | kp_text selection; fi`,
    ),
    parse: (out) => {
      const sections = parseSections(out.stdout);
      const selection = sections.say('selection').split(/\s+/)[1];
      return { now: { dpkg: sections.say('dpkg') === 'yes', ...(selection ? { selection } : {}) } };
    },
  }),
  plan: (args, now) => {
    if (!now.dpkg) return { failed: 'this host has no dpkg' };
    if (now.selection === undefined) {
      return {
        failed: `Failed to find package '${args.name}' to perform selection '${args.selection}'.`,
        remedy: 'install it first',
      };
    }
    if (now.selection === args.selection) return [];
    return [{ ...select(args.name, args.selection), undo: select(args.name, now.selection) }];
  },
  result: (args, now) => ({ before: now.selection ?? '', after: args.selection }),
});

function select(name: string, selection: string) {
  return {
    kind: 'run',
    summary: `mark ${name} as ${selection}`,
    script: sh`${{ script: lockScript('apt', 60) }}
umask 022
# shellcheck disable=SC2317 # called by kp_try
kp_mark() { printf '%s %s\n' ${name} ${selection} | dpkg --set-selections; }
kp_try kp_mark`,
    killable: false,
    undo: 'none',
    explain: (output: { readonly stderr: Buffer }) => explainPackages(output.stderr.toString('utf8'), 60),
  } as const;
}
