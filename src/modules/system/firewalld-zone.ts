import type { RunChange } from '../../model/change.ts';
import { type Script, sh } from '../../shared/sh.ts';
import type { Sections } from './sections.ts';

/** What a zone holds, by the words of `--list-all`: `ports`, `services`, `masquerade` … */
export type Zone = Readonly<Record<string, readonly string[]>>;

export interface FirewallState {
  readonly installed: boolean;
  readonly running: boolean;
  readonly noZone: boolean;
  readonly permanent: Zone;
  readonly runtime: Zone;
  readonly richPermanent: boolean;
  readonly richRuntime: boolean;
}

export interface FirewallElement {
  readonly kind:
    | 'service'
    | 'protocol'
    | 'port'
    | 'forward-port'
    | 'rich-rule'
    | 'source'
    | 'interface'
    | 'icmp-block'
    | 'icmp-block-inversion'
    | 'masquerade'
    | 'target';
  readonly value: string;
}

/** Both configurations of a zone; where the daemon does not run (status 252), the permanent one by the offline tool. */
export function firewallReadScript(zone: string | undefined, richRule: string | undefined): Script {
  const flags = zone === undefined ? [] : [`--zone=${zone}`];
  const rich =
    richRule === undefined
      ? sh`:`
      : sh`if [ "$kp_rc" -ne 252 ]; then
  if firewall-cmd ${flags} ${`--query-rich-rule=${richRule}`} >/dev/null 2>&1; then kp_say richruntime yes; fi
  if firewall-cmd --permanent ${flags} ${`--query-rich-rule=${richRule}`} >/dev/null 2>&1; then kp_say richpermanent yes; fi
elif firewall-offline-cmd ${flags} ${`--query-rich-rule=${richRule}`} >/dev/null 2>&1; then kp_say richpermanent yes; fi`;
  return sh`if command -v firewall-cmd >/dev/null 2>&1; then
kp_say installed yes
kp_out=$(firewall-cmd ${flags} --list-all 2>&1); kp_rc=$?
if [ "$kp_rc" -ne 252 ]; then
  kp_say running yes
  printf '%s\n' "$kp_out" | kp_text runtime
  kp_out=$(firewall-cmd --permanent ${flags} --list-all 2>&1)
else
  kp_out=$(firewall-offline-cmd ${flags} --list-all 2>&1)
fi
printf '%s\n' "$kp_out" | kp_text permanent
${{ script: rich }}
fi`;
}

export function parseFirewall(sections: Sections): FirewallState {
  const permanent = sections.lines('permanent') ?? [];
  const runtime = sections.lines('runtime') ?? [];
  return {
    installed: sections.say('installed') === 'yes',
    running: sections.say('running') === 'yes',
    noZone: permanent.some((line) => line.includes('INVALID_ZONE')),
    permanent: parseZone(permanent),
    runtime: parseZone(runtime),
    richPermanent: sections.say('richpermanent') === 'yes',
    richRuntime: sections.say('richruntime') === 'yes',
  };
}

function parseZone(lines: readonly string[]): Zone {
  const zone: Record<string, string[]> = {};
  let current: string[] | undefined;
  for (const line of lines) {
    const [, key, value = ''] = /^ {2}([a-z][a-z -]*): ?(.*)$/.exec(line) ?? [];
    if (key !== undefined) {
      current = value.split(' ').filter(Boolean);
      zone[key] = current;
    } else if (/^\s+\S/.test(line)) current?.push(line.trim());
  }
  return zone;
}

const LISTS = {
  service: 'services',
  protocol: 'protocols',
  port: 'ports',
  'forward-port': 'forward-ports',
  source: 'sources',
  interface: 'interfaces',
  'icmp-block': 'icmp-blocks',
} as const;

/** Whether the zone has it; of a port: as itself or within a range. */
export function holds(state: FirewallState, where: 'permanent' | 'runtime', element: FirewallElement): boolean {
  const zone = state[where];
  switch (element.kind) {
    case 'rich-rule':
      return where === 'permanent' ? state.richPermanent : state.richRuntime;
    case 'masquerade':
    case 'icmp-block-inversion':
      return zone[element.kind]?.[0] === 'yes';
    case 'target':
      return zone.target?.[0] === element.value;
    case 'port':
      return (zone.ports ?? []).some((range) => covers(range, element.value));
    default:
      return (zone[LISTS[element.kind]] ?? []).includes(element.value);
  }
}

/** `10250-10252/tcp` covers `10251/tcp`. */
export function covers(range: string, port: string): boolean {
  const outer = parsePort(range);
  const inner = parsePort(port);
  return outer.protocol === inner.protocol && outer.first <= inner.first && inner.last <= outer.last;
}

function parsePort(text: string): { readonly first: number; readonly last: number; readonly protocol: string } {
  const [numbers = '', protocol = ''] = text.split('/');
  const [first = '', last = first] = numbers.split('-');
  return { first: Number(first), last: Number(last), protocol };
}

export interface FirewallWish {
  readonly element: FirewallElement;
  readonly on: boolean;
  readonly where: 'permanent' | 'runtime';
  readonly zone: string | undefined;
  /** Seconds, of the running firewall only; 0: for good. */
  readonly timeout: number;
  readonly running: boolean;
}

/** One `firewall-cmd`; no reload, which would drop what others have set in the running firewall only. */
export function firewallChange(wish: FirewallWish): RunChange {
  return { ...one(wish), undo: wish.element.kind === 'target' ? 'none' : one({ ...wish, on: !wish.on }) };
}

function one(wish: FirewallWish): RunChange {
  const { element, on, where, zone, timeout, running } = wish;
  const tool = running ? ['firewall-cmd', ...(where === 'permanent' ? ['--permanent'] : [])] : ['firewall-offline-cmd'];
  const zoneFlag = zone === undefined ? [] : [`--zone=${zone}`];
  const limit = where === 'runtime' && timeout > 0 && on ? [`--timeout=${timeout}`] : [];
  const place = where === 'permanent' ? 'the configuration' : 'the running firewall';
  const what =
    element.kind === 'masquerade' || element.kind === 'icmp-block-inversion'
      ? element.kind
      : `${element.kind.replace('-', ' ')} ${element.value}`;
  return {
    kind: 'run',
    summary: `${verbOf(element, on)} ${what} in ${place}${zone === undefined ? '' : ` (zone ${zone})`}`,
    script: sh`umask 022; ${[...tool, ...zoneFlag, flagOf(element, on), ...limit]} >/dev/null`,
    killable: false,
    undo: 'none',
    explain: (output) => explainFirewall(output.stderr.toString('utf8')),
  };
}

function verbOf(element: FirewallElement, on: boolean): string {
  if (element.kind === 'target') return 'set';
  if (element.kind === 'port' || element.kind === 'service') return on ? 'open' : 'close';
  return on ? 'add' : 'remove';
}

function flagOf(element: FirewallElement, on: boolean): string {
  const { kind, value } = element;
  if (kind === 'target') return `--set-target=${on ? value : 'default'}`;
  if (kind === 'masquerade' || kind === 'icmp-block-inversion') return `--${on ? 'add' : 'remove'}-${kind}`;
  // An interface may be in another zone: it moves.
  if (kind === 'interface' && on) return `--change-interface=${value}`;
  return `--${on ? 'add' : 'remove'}-${kind}=${value}`;
}

function explainFirewall(text: string) {
  const [, code, rest = ''] =
    /(?:Error: )?(INVALID_SERVICE|INVALID_ZONE|INVALID_PORT|INVALID_RULE|INVALID_PROTOCOL|INVALID_ICMPTYPE|ZONE_CONFLICT|COMMAND_FAILED)(?::\s*(.*))?/.exec(
      text,
    ) ?? [];
  if (code === 'INVALID_SERVICE')
    return {
      message: `firewalld knows no service ${rest.trim()}`,
      remedy: 'firewall-cmd --get-services lists them; or give port and protocol',
    };
  if (code === 'INVALID_ZONE') return { message: `firewalld has no zone ${rest.trim()}` };
  if (code === 'ZONE_CONFLICT') return { message: `it belongs to another zone already: ${rest.trim()}` };
  if (code !== undefined) return { message: `firewalld refuses it: ${code} ${rest.trim()}`.trim() };
  if (/not running/i.test(text)) return { message: 'firewalld is not running' };
  if (/authoriz|Authorization failed|not authorized/i.test(text))
    return { message: 'firewalld refuses it: not authorized', remedy: 'use become' };
  return undefined;
}
