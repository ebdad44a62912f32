import type { ArgsOf } from '../model/args.ts';
import { defineModule, type Module } from '../model/module.ts';
import { sh } from '../shared/sh.ts';
import { type InitState, initReadScript, parseInit, planInit } from './system/init-services.ts';
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

interface ServiceState {
  readonly unit: UnitState;
  readonly init: InitState;
}

const ARGS = {
  name: { type: 'str', required: true, doc: 'The service.' },
  state: { type: 'str', choices: ['reloaded', 'restarted', 'started', 'stopped'], doc: 'What it does.' },
  enabled: { type: 'bool', doc: 'Whether it starts at boot.' },
  sleep: { type: 'int', doc: 'Seconds between stop and start of a restart; only without systemd.' },
  pattern: {
    type: 'str',
    doc: 'Text in the process list that shows that it runs; only without systemd.',
    differs: 'Refused without systemd: init scripts are asked for their status.',
  },
  runlevel: { type: 'str', default: 'default', doc: 'Run level of OpenRC.' },
  arguments: { type: 'str', default: '', aliases: ['args'], doc: 'Words for the init script; only without systemd.' },
  use: {
    type: 'str',
    default: 'auto',
    doc: 'Service manager; found by itself.',
    differs: 'auto, systemd, service, sysvinit and openrc.',
  },
} as const;

type Args = ArgsOf<typeof ARGS>;

export const service: Module<typeof ARGS, ServiceState> = defineModule({
  name: 'service',
  summary: 'Services, with systemd, OpenRC or init scripts.',
  args: ARGS,
  validate: (args) => {
    if (!/^[\w@.:\\-]+$/.test(args.name)) return `${JSON.stringify(args.name)} is no name of a service`;
    if (args.state === undefined && args.enabled === undefined)
      return 'one of the following is required: state, enabled';
    return ['auto', 'systemd', 'service', 'sysvinit', 'openrc'].includes(args.use)
      ? undefined
      : `service manager ${args.use} is not supported`;
  },
  touches: (args) => [unitResource(args.name)],
  read: (args) => ({
    script: sectionScript(
      unitReadScript(wishOf(args)),
      sh`if [ ! -d /run/systemd/system ]; then
${{ script: initReadScript(args.name, args.runlevel) }}
fi`,
    ),
    parse: (out) => {
      const sections = parseSections(out.stdout);
      const now = { unit: parseUnit(sections), init: parseInit(sections) };
      return now.unit.systemd
        ? { now, boot: { ...now, unit: unitAfterBoot(now.unit) } }
        : { now, boot: { ...now, init: { ...now.init, running: now.init.enabled } } };
    },
  }),
  plan: (args, now, context) => {
    if (now.unit.systemd) return planUnit(wishOf(args), now.unit, context);
    if (args.pattern !== undefined)
      return { failed: 'pattern is not supported: init scripts are asked for their status' };
    return planInit(
      {
        name: args.name,
        runlevel: args.runlevel,
        words: args.arguments.split(/\s+/).filter(Boolean),
        sleep: args.sleep ?? 0,
        ...(args.state ? { state: args.state } : {}),
        ...(args.enabled === undefined ? {} : { enabled: args.enabled }),
      },
      now.init,
    );
  },
  result: (args, now) => unitResult(wishOf(args), now.unit),
});

function wishOf(args: Args): UnitWish {
  return {
    name: args.name,
    daemonReload: false,
    daemonReexec: false,
    scope: 'system',
    force: false,
    noBlock: false,
    ...(args.state === undefined ? {} : { state: args.state }),
    ...(args.enabled === undefined ? {} : { enabled: args.enabled }),
  };
}
