import type { ArgsOf } from '../model/args.ts';
import { defineModule, type Module } from '../model/module.ts';
import { parseSections, sectionScript } from './system/sections.ts';
import {
  parseUnit,
  planUnit,
  type UnitState,
  type UnitWish,
  unitAfterBoot,
  unitReadScript,
  unitResource,
  unitResult,
} from './system/units.ts';

const ARGS = {
  name: { type: 'str', aliases: ['service', 'unit'], doc: 'The unit; without an ending: a service.' },
  state: {
    type: 'str',
    choices: ['reloaded', 'restarted', 'started', 'stopped'],
    doc: 'What it does. Read back afterwards; activating counts as started.',
  },
  enabled: { type: 'bool', doc: 'Whether it starts at boot.' },
  masked: { type: 'bool', doc: 'Whether it can be started at all.' },
  force: { type: 'bool', default: false, doc: 'Overwrite links that are in the way.' },
  daemon_reload: {
    type: 'bool',
    default: false,
    aliases: ['daemon-reload'],
    doc: 'Let systemd read its units first; no change of its own.',
  },
  daemon_reexec: {
    type: 'bool',
    default: false,
    aliases: ['daemon-reexec'],
    doc: 'Let systemd execute itself again first.',
  },
  scope: { type: 'str', default: 'system', choices: ['system', 'user', 'global'], doc: 'Whose manager.' },
  no_block: { type: 'bool', default: false, doc: 'Do not wait for it.' },
} as const;

type Args = ArgsOf<typeof ARGS>;

export const systemd: Module<typeof ARGS, UnitState> = defineModule({
  name: 'systemd',
  aliases: ['systemd_service'],
  summary: 'Units of systemd.',
  args: ARGS,
  validate: (args) => {
    const unit = args.state ?? args.enabled ?? args.masked;
    if (unit === undefined && !args.daemon_reload && !args.daemon_reexec) {
      return 'one of the following is required: state, enabled, masked, daemon_reload, daemon_reexec';
    }
    if (unit !== undefined && args.name === undefined) return 'name is needed with state, enabled and masked';
    const glob = /[*?[]/.exec(args.name ?? '')?.[0];
    return glob === undefined ? undefined : `glob patterns are not supported in the name of a unit, found '${glob}'`;
  },
  touches: (args) => [
    args.name === undefined ? 'unit:*' : unitResource(args.name),
    ...(args.daemon_reload || args.daemon_reexec ? (['unit:*'] as const) : []),
  ],
  read: (args) => ({
    script: sectionScript(unitReadScript(wishOf(args))),
    parse: (out) => {
      const now = parseUnit(parseSections(out.stdout));
      return { now, boot: unitAfterBoot(now) };
    },
  }),
  plan: (args, now, context) => planUnit(wishOf(args), now, context),
  result: (args, now) => unitResult(wishOf(args), now),
});

function wishOf(args: Args): UnitWish {
  return {
    daemonReload: args.daemon_reload,
    daemonReexec: args.daemon_reexec,
    scope: args.scope,
    force: args.force,
    noBlock: args.no_block,
    ...(args.name === undefined ? {} : { name: args.name }),
    ...(args.state === undefined ? {} : { state: args.state }),
    ...(args.enabled === undefined ? {} : { enabled: args.enabled }),
    ...(args.masked === undefined ? {} : { masked: args.masked }),
  };
}
