import type { ArgsOf } from '../model/args.ts';
import { type Decision, defineModule, type Module } from '../model/module.ts';
import { sh } from '../shared/sh.ts';
import {
  type FirewallElement,
  type FirewallState,
  firewallChange,
  firewallReadScript,
  holds,
  parseFirewall,
} from './system/firewalld-zone.ts';
import { parseSections, sectionScript } from './system/sections.ts';

const ARGS = {
  service: { type: 'str', doc: 'A service of firewalld.' },
  protocol: { type: 'str', doc: 'A protocol, such as gre.' },
  port: {
    type: 'str',
    doc: 'Port or range with protocol: `6443/tcp`, `30000-32767/tcp`. A range that is open holds its ports.',
  },
  port_forward: { type: 'list', elements: 'dict', doc: 'One mapping: port, proto, toport, toaddr.' },
  rich_rule: { type: 'str', doc: 'A rule in the rich language.' },
  source: { type: 'str', doc: 'An address or network.' },
  interface: { type: 'str', doc: 'A network interface.' },
  icmp_block: { type: 'str', doc: 'A type of ICMP.' },
  icmp_block_inversion: { type: 'str', doc: 'Whether the blocks are what passes.' },
  masquerade: { type: 'str', doc: 'Whether the zone masquerades.' },
  zone: { type: 'str', doc: 'The zone; the default zone where it is absent.' },
  target: {
    type: 'str',
    choices: ['default', 'ACCEPT', 'DROP', '%%REJECT%%'],
    doc: 'Target of the zone; permanent only.',
  },
  permanent: { type: 'bool', doc: 'In the configuration; without it, only in the running firewall.' },
  immediate: { type: 'bool', default: false, doc: 'In the running firewall too.' },
  state: {
    type: 'str',
    required: true,
    choices: ['absent', 'disabled', 'enabled', 'present'],
    doc: 'Open or not; present and absent are for zones and targets.',
  },
  timeout: { type: 'int', default: 0, doc: 'Seconds that it holds in the running firewall.' },
  offline: { type: 'bool', default: false, doc: 'Where firewalld does not run, only the configuration is changed.' },
} as const;

type Args = ArgsOf<typeof ARGS>;

export const firewalld: Module<typeof ARGS, FirewallState> = defineModule({
  name: 'firewalld',
  collections: ['ansible.posix'],
  summary: 'Ports, services, sources and rules of firewalld. The firewall itself is never stopped.',
  args: ARGS,
  validate: (args) => scopeProblem(args) ?? valueProblem(args),
  touches: (args) => [`firewall:${args.zone ?? 'default'}`, 'unit:firewalld'],
  read: (args) => ({
    script: sectionScript(firewallReadScript(args.zone, args.rich_rule)),
    parse: (out) => {
      const now = parseFirewall(parseSections(out.stdout));
      return { now, boot: { ...now, runtime: now.permanent, richRuntime: now.richPermanent } };
    },
  }),
  plan: decide,
  result: (args, now) => ({
    msg: now.running ? '' : '(offline operation: only on-disk configs were altered)',
    ...(args.zone === undefined ? {} : { zone: args.zone }),
  }),
});

function scopeProblem(args: Args): string | undefined {
  const [element, ...more] = elementsOf(args);
  if (more.length > 0) {
    return 'can only operate on one of: service, protocol, port, port_forward, rich_rule, source, interface, icmp_block, icmp_block_inversion, masquerade, target';
  }
  const zoneState = args.state === 'present' || args.state === 'absent';
  if (element === undefined && args.zone === undefined)
    return 'nothing to do: name a port, a service, a source … or a zone';
  if (element === undefined && !zoneState) return 'a zone itself takes state present or absent';
  if (element !== undefined && args.target === undefined && zoneState) {
    return 'absent and present state can only be used in zone level operations';
  }
  const lasting = element === undefined || args.target !== undefined;
  return lasting && args.permanent !== true ? 'zones and targets are permanent: add permanent: true' : undefined;
}

function valueProblem(args: Args): string | undefined {
  if (args.port !== undefined && !/^\d+(-\d+)?\/(tcp|udp|sctp|dccp)$/.test(args.port)) {
    return `improper port format (missing protocol?): ${args.port}`;
  }
  const forward = args.port_forward;
  if (
    forward &&
    (forward.length !== 1 || !['port', 'proto', 'toport'].every((key) => forward[0]?.[key] !== undefined))
  ) {
    return 'port_forward is one mapping with port, proto and toport';
  }
  return args.interface !== undefined && args.zone === undefined ? 'zone is needed with interface' : undefined;
}

function elementsOf(args: Args): readonly FirewallElement[] {
  const forward = args.port_forward?.[0];
  const target =
    forward && `port=${forward.port}:proto=${forward.proto}:toport=${forward.toport}:toaddr=${forward.toaddr ?? ''}`;
  const one = (kind: FirewallElement['kind'], value: string | undefined) =>
    value === undefined ? [] : [{ kind, value }];
  return [
    ...one('service', args.service),
    ...one('protocol', args.protocol),
    ...one('port', args.port),
    ...one('forward-port', target),
    ...one('rich-rule', args.rich_rule),
    ...one('source', args.source),
    ...one('interface', args.interface),
    ...one('icmp-block', args.icmp_block),
    ...one('icmp-block-inversion', args.icmp_block_inversion),
    ...one('masquerade', args.masquerade),
    ...one('target', args.target),
  ];
}

function decide(args: Args, now: FirewallState): Decision {
  if (!now.installed)
    return {
      failed: 'this host has no firewalld (no firewall-cmd)',
      remedy: 'open the ports in the firewall that it has, or install firewalld',
    };
  const permanent = args.permanent === true;
  const wantsRuntime = args.immediate || !permanent;
  if (wantsRuntime && !now.running && !(args.offline && permanent)) {
    return {
      failed:
        'firewall is not currently running, unable to perform immediate actions without a running firewall daemon',
      remedy: 'start firewalld, or say permanent: true and offline: true',
    };
  }
  const [element] = elementsOf(args);
  if (element === undefined) return decideZone(args, now);
  if (now.noZone)
    return {
      failed: `firewalld has no zone ${args.zone}`,
      remedy: 'make it first: firewalld: zone=… state=present permanent=true',
    };
  const on = wantsOn(args, element);
  const stay = (where: 'permanent' | 'runtime') => holds(now, where, element) === on;
  const change = (where: 'permanent' | 'runtime') =>
    firewallChange({ element, on, where, zone: args.zone, timeout: args.timeout, running: now.running });
  return [
    ...(permanent && !stay('permanent') ? [change('permanent')] : []),
    ...(wantsRuntime && now.running && element.kind !== 'target' && !stay('runtime') ? [change('runtime')] : []),
  ];
}

/** `masquerade: false, state: enabled` means off, as does `true, disabled`. */
function wantsOn(args: Args, element: FirewallElement): boolean {
  const enabled = args.state === 'enabled' || args.state === 'present';
  if (element.kind !== 'masquerade' && element.kind !== 'icmp-block-inversion') return enabled;
  const off = /^(no|false|off|0|n|f)$/i.test(element.value);
  return enabled !== off;
}

function decideZone(args: Args, now: FirewallState): Decision {
  if (args.immediate)
    return {
      failed:
        "Zone operations must be permanent. Make sure you didn't set the 'permanent' flag to 'false' or the 'immediate' flag to 'true'.",
    };
  const zone = args.zone ?? '';
  const there = !now.noZone;
  if (there === (args.state === 'present')) return [];
  const tool = now.running ? ['firewall-cmd', '--permanent'] : ['firewall-offline-cmd'];
  const make = {
    kind: 'run',
    summary: `make the zone ${zone}`,
    script: sh`umask 022; ${tool} ${`--new-zone=${zone}`}`,
    killable: false,
    undo: 'none',
  } as const;
  const drop = {
    kind: 'run',
    summary: `delete the zone ${zone}`,
    script: sh`umask 022; ${tool} ${`--delete-zone=${zone}`}`,
    killable: false,
    undo: 'none',
  } as const;
  return [args.state === 'present' ? { ...make, undo: drop } : drop];
}
