import type { ArgsOf } from '../model/args.ts';
import type { Change, StepOutput } from '../model/change.ts';
import { type Decision, defineModule, type Module } from '../model/module.ts';
import { sh } from '../shared/sh.ts';
import { parseSections, sectionScript } from './system/sections.ts';

interface UfwState {
  readonly installed: boolean;
  readonly active: boolean;
  /** ACCEPT, DROP, REJECT by direction, from /etc/default/ufw. */
  readonly policies: Readonly<Record<string, string>>;
  readonly logLevel: string;
  /** What `ufw --dry-run` says to the rule; undefined where none is asked. */
  readonly dryRun?: { readonly status: number; readonly text: string };
}

const ARGS = {
  state: { type: 'str', choices: ['disabled', 'enabled', 'reloaded', 'reset'], doc: 'The firewall as a whole.' },
  default: { type: 'str', choices: ['allow', 'deny', 'reject'], aliases: ['policy'], doc: 'Policy of a direction.' },
  direction: {
    type: 'str',
    choices: ['in', 'incoming', 'out', 'outgoing', 'routed'],
    doc: 'Of the rule or the policy.',
  },
  logging: { type: 'str', choices: ['on', 'off', 'low', 'medium', 'high', 'full'], doc: 'How much is logged.' },
  insert: { type: 'int', doc: 'Number that the rule gets.' },
  insert_relative_to: {
    type: 'str',
    default: 'zero',
    choices: ['first-ipv4', 'first-ipv6', 'last-ipv4', 'last-ipv6', 'zero'],
    doc: 'What insert counts from.',
    differs: 'Only zero.',
  },
  rule: { type: 'str', choices: ['allow', 'deny', 'limit', 'reject'], doc: 'What becomes of matching traffic.' },
  log: { type: 'bool', default: false, doc: 'Log new connections that match.' },
  from_ip: { type: 'str', default: 'any', aliases: ['from', 'src'], doc: 'Source address or network.' },
  from_port: { type: 'str', doc: 'Source port.' },
  to_ip: { type: 'str', default: 'any', aliases: ['dest', 'to'], doc: 'Destination address or network.' },
  to_port: { type: 'str', aliases: ['port'], doc: 'Destination port or range `30000:32767`.' },
  proto: {
    type: 'str',
    choices: ['any', 'tcp', 'udp', 'ipv6', 'esp', 'ah', 'gre', 'igmp'],
    aliases: ['protocol'],
    doc: 'Protocol.',
  },
  name: { type: 'str', aliases: ['app'], doc: 'Profile of an application.' },
  delete: { type: 'bool', default: false, doc: 'Take the rule away.' },
  interface: { type: 'str', aliases: ['if'], doc: 'Interface of the direction.' },
  interface_in: { type: 'str', aliases: ['if_in'], doc: 'Interface where traffic comes in.' },
  interface_out: { type: 'str', aliases: ['if_out'], doc: 'Interface where it goes out.' },
  route: { type: 'bool', default: false, doc: 'The rule is for forwarded traffic.' },
  comment: { type: 'str', doc: 'A comment kept with the rule.' },
} as const;

type Args = ArgsOf<typeof ARGS>;

export const ufw: Module<typeof ARGS, UfwState> = defineModule({
  name: 'ufw',
  collections: ['community.general'],
  summary: 'Rules of the firewall ufw.',
  args: ARGS,
  validate: (args) => {
    if (!args.state && !args.default && !args.rule && !args.logging)
      return 'one of state, default, rule or logging is needed';
    if (args.insert_relative_to !== 'zero')
      return 'insert_relative_to is not supported: give the number that ufw status numbered shows';
    if (args.default && args.rule) return 'default and rule exclude each other';
    const inWithout = args.interface !== undefined && args.direction === undefined;
    if (inWithout) return 'Direction must be specified when specifying an interface';
    const words = [args.from_ip, args.to_ip, args.from_port, args.to_port, args.name, args.interface];
    return words.some((word) => word?.startsWith('-')) ? 'a value begins with a dash' : undefined;
  },
  touches: () => ['firewall:ufw', 'unit:ufw'],
  read: (args) => {
    const rule = args.rule
      ? sh`kp_out=$(ufw --dry-run ${ruleWords(args, args.delete)} 2>&1 </dev/null); kp_say status "$?"
printf '%s\n' "$kp_out" | grep -E '^(Skipping|Could not|ERROR|WARN|Rules? )' | kp_text dryrun`
      : sh`:`;
    return {
      script: sectionScript(sh`if command -v ufw >/dev/null 2>&1; then
kp_say installed yes
if LC_ALL=C ufw status 2>/dev/null | grep -q '^Status: active'; then kp_say active yes; fi
sed -n 's/^DEFAULT_\([A-Z]*\)_POLICY="\{0,1\}\([A-Z]*\).*/\1 \2/p' /etc/default/ufw 2>/dev/null | kp_text policies
sed -n 's/^LOGLEVEL=//p' /etc/ufw/ufw.conf 2>/dev/null | kp_text level
${{ script: rule }}
fi`),
      parse: (out) => {
        const sections = parseSections(out.stdout);
        const status = sections.say('status');
        return {
          now: {
            installed: sections.say('installed') === 'yes',
            active: sections.say('active') === 'yes',
            policies: Object.fromEntries(
              (sections.lines('policies') ?? []).map((line) => line.split(' ') as [string, string]),
            ),
            logLevel: sections.say('level') || 'low',
            ...(status === ''
              ? {}
              : { dryRun: { status: Number(status), text: (sections.lines('dryrun') ?? []).join('\n') } }),
          },
        };
      },
    };
  },
  plan: decide,
  result: (args) => ({ commands: args.rule ? [`ufw ${ruleWords(args, args.delete).join(' ')}`] : [] }),
});

function decide(args: Args, now: UfwState): Decision {
  if (!now.installed) return { failed: 'this host has no ufw' };
  if (now.dryRun && now.dryRun.status !== 0 && !/non-existent/.test(now.dryRun.text)) {
    return { failed: `ufw refuses the rule: ${now.dryRun.text.split('\n').at(-1) || `status ${now.dryRun.status}`}` };
  }
  return [
    ...policyChanges(args, now),
    ...loggingChanges(args, now),
    ...ruleChanges(args, now),
    ...stateChanges(args, now),
  ];
}

/** Rules before the firewall comes on, so that nobody is locked out meanwhile. */
function ruleChanges(args: Args, now: UfwState): readonly Change[] {
  if (!args.rule || !now.dryRun) return [];
  const lines = now.dryRun.text.split('\n').filter((line) => /^(Skipping|Could not delete)/.test(line));
  const told = now.dryRun.text
    .split('\n')
    .filter((line) => /^(Skipping|Could not delete|Rules? (added|updated|inserted|deleted))/.test(line));
  if (lines.length > 0 && lines.length === told.length) return [];
  const words = ruleWords(args, args.delete);
  const back = ruleWords(args, !args.delete);
  return [
    run(`ufw ${words.join(' ')}`, ['--force', ...words], args.insert === undefined ? ['--force', ...back] : undefined),
  ];
}

const POLICY = { allow: 'ACCEPT', deny: 'DROP', reject: 'REJECT' } as const;
const CHAIN = { in: 'INPUT', incoming: 'INPUT', out: 'OUTPUT', outgoing: 'OUTPUT', routed: 'FORWARD' } as const;

function policyChanges(args: Args, now: UfwState): readonly Change[] {
  if (!args.default) return [];
  const direction = args.direction ?? 'incoming';
  const old = now.policies[CHAIN[direction]];
  if (old === POLICY[args.default]) return [];
  const word = direction === 'in' ? 'incoming' : direction === 'out' ? 'outgoing' : direction;
  const was = Object.entries(POLICY).find(([, policy]) => policy === old)?.[0];
  return [
    run(
      `ufw default ${args.default} ${word}`,
      ['default', args.default, word],
      was ? ['default', was, word] : undefined,
    ),
  ];
}

function loggingChanges(args: Args, now: UfwState): readonly Change[] {
  if (!args.logging) return [];
  const same = args.logging === 'on' ? now.logLevel !== 'off' : now.logLevel === args.logging;
  return same ? [] : [run(`ufw logging ${args.logging}`, ['logging', args.logging], ['logging', now.logLevel])];
}

function stateChanges(args: Args, now: UfwState): readonly Change[] {
  switch (args.state) {
    case 'enabled':
      return now.active ? [] : [run('switch ufw on', ['--force', 'enable'], ['--force', 'disable'])];
    case 'disabled':
      return now.active ? [run('switch ufw off', ['--force', 'disable'], ['--force', 'enable'])] : [];
    case 'reloaded':
      return now.active ? [run('load the rules of ufw again', ['reload'], undefined)] : [];
    case 'reset':
      return [run('set ufw back to how it was installed', ['--force', 'reset'], undefined)];
    default:
      return [];
  }
}

function run(summary: string, words: readonly string[], back: readonly string[] | undefined): Change {
  const script = (what: readonly string[]) => sh`umask 022; ufw ${what}`;
  return {
    kind: 'run',
    summary,
    script: script(words),
    killable: false,
    undo: back
      ? { kind: 'run', summary: `ufw ${back.join(' ')}`, script: script(back), killable: false, undo: 'none' }
      : 'none',
    explain: (output: StepOutput) =>
      /need to be root/.test(output.stderr.toString('utf8'))
        ? { message: 'ufw needs root', remedy: 'use become' }
        : undefined,
  };
}

/** The words of ufw(8)'s full syntax. */
function ruleWords(args: Args, remove: boolean): readonly string[] {
  const some = (word: string, value: string | undefined) => (value === undefined ? [] : [word, value]);
  return [
    ...(args.route ? ['route'] : []),
    ...(remove ? ['delete'] : []),
    ...(args.insert === undefined || remove ? [] : ['insert', String(args.insert)]),
    args.rule ?? 'allow',
    ...directionWord(args.direction),
    ...some('on', args.interface),
    ...(args.interface_in === undefined ? [] : ['in', 'on', args.interface_in]),
    ...(args.interface_out === undefined ? [] : ['out', 'on', args.interface_out]),
    ...(args.log ? ['log'] : []),
    ...['from', args.from_ip],
    ...some('port', args.from_port),
    ...['to', args.to_ip],
    ...some('port', args.to_port),
    ...(args.proto === undefined ? [] : ['proto', args.proto]),
    ...some('app', args.name),
    ...(args.comment === undefined || remove ? [] : ['comment', args.comment]),
  ];
}

function directionWord(direction: Args['direction']): readonly string[] {
  if (direction === undefined || direction === 'routed') return [];
  return [direction.startsWith('in') ? 'in' : 'out'];
}
