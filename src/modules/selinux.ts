import type { ArgsOf } from '../model/args.ts';
import type { Change } from '../model/change.ts';
import { type Decision, defineModule, type Module } from '../model/module.ts';
import type { JsonObject } from '../model/value.ts';
import { sh } from '../shared/sh.ts';
import { parseSections, sectionScript } from './system/sections.ts';
import { editText, textIn } from './system/text-file.ts';

type Mode = 'enforcing' | 'permissive' | 'disabled';

interface SelinuxState {
  /** What the kernel does now. */
  readonly running: Mode;
  readonly runningPolicy?: string;
  readonly config?: Buffer;
  readonly unreadable: boolean;
  /** Policies under /etc/selinux. */
  readonly policies: readonly string[];
}

const ARGS = {
  state: {
    type: 'str',
    required: true,
    choices: ['enforcing', 'permissive', 'disabled'],
    doc: 'What the kernel does and what the configuration file says.',
    differs: 'disabled makes the running kernel permissive until the reboot.',
  },
  policy: {
    type: 'str',
    doc: 'SELINUXTYPE, such as targeted; absent: as it is.',
    differs: 'Ansible wants it for every state but disabled.',
  },
  configfile: {
    type: 'path',
    default: '/etc/selinux/config',
    aliases: ['conf', 'file'],
    doc: 'The configuration file.',
  },
  update_kernel_param: {
    type: 'bool',
    default: false,
    doc: 'Also selinux= on the kernel command line.',
    differs: 'Refused: use grubby by hand.',
  },
  missing_ok: {
    type: 'bool',
    default: false,
    doc: 'A host where SELinux is absent or disabled is as it should be; it is not switched on.',
    differs: "kprep's own; without it such a host is a failure, as in Ansible.",
  },
} as const;

type Args = ArgsOf<typeof ARGS>;

export const selinux: Module<typeof ARGS, SelinuxState> = defineModule({
  name: 'selinux',
  collections: ['ansible.posix'],
  summary: 'The mode of SELinux, now and after a reboot.',
  args: ARGS,
  validate: (args) =>
    args.update_kernel_param
      ? 'update_kernel_param is not supported: change the kernel command line with grubby'
      : undefined,
  touches: (args) => ['selinux:', `file:${args.configfile}`],
  read: (args) => ({
    script: sectionScript(
      sh`for kp_f in /sys/fs/selinux/enforce /selinux/enforce; do if [ -r "$kp_f" ]; then kp_text enforce < "$kp_f"; break; fi; done
kp_file config ${args.configfile}
if [ -d /etc/selinux ]; then for kp_d in /etc/selinux/*/policy; do if [ -d "$kp_d" ]; then kp_d=\${kp_d%/policy}; kp_say policies "\${kp_d##*/}"; fi; done; fi
if command -v sestatus >/dev/null 2>&1; then sestatus 2>/dev/null | sed -n 's/^Loaded policy name: *//p' | kp_text policy; fi`,
    ),
    parse: (out) => {
      const sections = parseSections(out.stdout);
      const enforce = sections.say('enforce');
      const config = sections.file('config');
      const policy = sections.say('policy');
      const now: SelinuxState = {
        running: enforce === '' ? 'disabled' : enforce === '1' ? 'enforcing' : 'permissive',
        unreadable: sections.unreadable.includes('config'),
        policies: sections.lines('policies') ?? [],
        ...(config ? { config } : {}),
        ...(policy === '' ? {} : { runningPolicy: policy }),
      };
      const mode = settingIn(textIn(config), 'SELINUX');
      const boot = isMode(mode) && config ? mode : now.running;
      return { now, boot: { ...now, running: boot } };
    },
  }),
  plan: decide,
  result: (args, now) => resultOf(args, now),
});

function decide(args: Args, now: SelinuxState): Decision {
  if (now.unreadable) return { failed: `${args.configfile} cannot be read` };
  if (args.missing_ok && now.running === 'disabled' && (now.config === undefined || configMode(now) === 'disabled'))
    return [];
  if (now.config === undefined) {
    if (now.running === 'disabled' && args.state === 'disabled') return [];
    return {
      failed: `Unable to find file ${args.configfile}`,
      remedy: 'this host has no SELinux; missing_ok: true lets that pass',
    };
  }
  if (args.policy !== undefined && args.state !== 'disabled' && !now.policies.includes(args.policy)) {
    return { failed: `Policy ${args.policy} does not exist in /etc/selinux/` };
  }
  return [...fileChanges(args, now.config), ...liveChanges(args, now)];
}

function configMode(now: SelinuxState): string | undefined {
  return settingIn(textIn(now.config), 'SELINUX');
}

function fileChanges(args: Args, config: Buffer): readonly Change[] {
  const before = textIn(config);
  const withState = setSetting(before, 'SELINUX', args.state);
  const after = args.policy === undefined ? withState : setSetting(withState, 'SELINUXTYPE', args.policy);
  if (after === before) return [];
  const what = args.policy === undefined ? args.state : `${args.state}, policy ${args.policy}`;
  return [editText({ path: args.configfile, before: config, after, summary: `write ${what} to ${args.configfile}` })];
}

/** A kernel without SELinux gets it at the next boot only, and one with it loses it only then. */
function liveChanges(args: Args, now: SelinuxState): readonly Change[] {
  if (now.running === 'disabled') return [];
  const wanted = args.state === 'enforcing' ? 'enforcing' : 'permissive';
  if (now.running === wanted) return [];
  return [{ ...setLive(wanted), undo: setLive(now.running) }];
}

function setLive(mode: 'enforcing' | 'permissive'): Change {
  const digit = mode === 'enforcing' ? '1' : '0';
  return {
    kind: 'run',
    summary: `make the running kernel ${mode}`,
    script: sh`kp_f=/sys/fs/selinux/enforce; [ -e "$kp_f" ] || kp_f=/selinux/enforce
if command -v setenforce >/dev/null 2>&1; then setenforce ${digit}; else printf %s ${digit} > "$kp_f"; fi || exit $?
[ "$(cat "$kp_f")" = ${digit} ] || { echo 'the kernel kept its mode' >&2; exit 1; }`,
    killable: true,
    undo: 'none',
    explain: (output) =>
      /Permission denied|setenforce\(\) failed/.test(output.stderr.toString('utf8'))
        ? {
            message: `the mode of SELinux cannot be changed now: permission denied`,
            remedy: 'use become; a policy with secure_mode_policyload keeps the mode until a reboot',
          }
        : undefined,
  };
}

function resultOf(args: Args, now: SelinuxState): JsonObject {
  const was = settingIn(textIn(now.config), 'SELINUX');
  const runningOff = now.running === 'disabled';
  const reboot = now.config !== undefined && (args.state === 'disabled' ? !runningOff : runningOff);
  const policyChanges =
    args.policy !== undefined && now.runningPolicy !== undefined && now.runningPolicy !== args.policy;
  const msg =
    now.config === undefined
      ? 'SELinux is not present'
      : was === args.state && now.running === args.state
        ? ''
        : `SELinux state: running ${now.running}, configured ${was ?? 'not at all'}, wanted ${args.state}`;
  return {
    msg,
    configfile: args.configfile,
    policy: args.policy ?? settingIn(textIn(now.config), 'SELINUXTYPE') ?? '',
    state: args.state,
    reboot_required: reboot || policyChanges,
  };
}

/** The last assignment counts; libselinux takes what follows the word (blanks, a comment) for nothing. */
function settingIn(text: string, key: string): string | undefined {
  return [...text.matchAll(settingPattern(key))].at(-1)?.[2]?.toLowerCase();
}

/** Only the word changes: blanks before it and what follows it on the line stay. */
function setSetting(text: string, key: string, value: string): string {
  if (settingIn(text, key) === undefined)
    return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${key}=${value}\n`;
  return text.replace(settingPattern(key), (line, head: string, old: string) =>
    old.toLowerCase() === value ? line : `${head}${value}`,
  );
}

function settingPattern(key: string): RegExp {
  return new RegExp(`^([ \\t]*${key}[ \\t]*=[ \\t]*)([A-Za-z0-9_-]+)`, 'gm');
}

function isMode(word: string | undefined): word is Mode {
  return word === 'enforcing' || word === 'permissive' || word === 'disabled';
}
