import type { ArgsOf } from '../model/args.ts';
import type { Change } from '../model/change.ts';
import { defineModule, type Module, type Refusal, type Resource } from '../model/module.ts';
import { type Script, sh } from '../shared/sh.ts';
import { parseSections, sectionScript } from './system/sections.ts';
import { removeSysctlKey, setSysctlKey, sysctlKeysIn } from './system/sysctl-file.ts';
import { bootValue, bootValuesScript, keyPath, moduleOfKey, normalKey, normalValue } from './system/sysctl-keys.ts';
import { byteText, editText, textIn } from './system/text-file.ts';

interface SysctlState {
  /** `boot`: what a reboot leaves; the value then counts, whatever `sysctl_set` says. */
  readonly column: 'now' | 'boot';
  /** The kernel has the key. */
  readonly exists: boolean;
  /** It has others beside it, so the module that brings them is there. */
  readonly siblings: boolean;
  /** Normalised; undefined: not readable, or after a reboot nothing sets it. */
  readonly live?: string;
  readonly file?: Buffer;
  readonly unreadable: boolean;
}

const ARGS = {
  name: {
    type: 'str',
    required: true,
    aliases: ['key'],
    doc: 'The key, with dots (`net.ipv4.ip_forward`) or slashes.',
  },
  value: { type: 'str', aliases: ['val'], doc: 'The value; yes and no are written as 1 and 0.' },
  state: { type: 'str', default: 'present', choices: ['present', 'absent'], doc: 'Whether the file holds the key.' },
  sysctl_file: { type: 'path', default: '/etc/sysctl.conf', doc: 'The file that keeps it over a reboot.' },
  sysctl_set: { type: 'bool', default: false, doc: 'Compare the running kernel too, and set it where it differs.' },
  reload: {
    type: 'bool',
    default: true,
    doc: 'Apply the file to the running kernel when it was changed.',
    differs: 'The value is read back afterwards; a kernel that kept another one is a failure.',
  },
  ignoreerrors: { type: 'bool', default: false, doc: 'Go on where the kernel does not know the key.' },
} as const;

type Args = ArgsOf<typeof ARGS>;

export const sysctl: Module<typeof ARGS, SysctlState> = defineModule({
  name: 'sysctl',
  collections: ['ansible.posix'],
  summary: 'Kernel parameters, in a file for the next boot and in the running kernel.',
  args: ARGS,
  validate: (args) => {
    if (args.name.trim() === '') return 'name cannot be blank';
    if (args.state === 'absent') return undefined;
    return args.value === undefined || args.value.trim() === '' ? 'value is needed when state is present' : undefined;
  },
  touches: (args): readonly Resource[] => {
    const module = moduleOfKey(args.name);
    const needs: readonly Resource[] = module === undefined ? [] : [`module:${module}`];
    return [`sysctl:${normalKey(args.name)}`, `file:${args.sysctl_file}`, ...needs];
  },
  read: (args) => ({
    script: readScript(args.name, args.sysctl_file),
    parse: (out) => {
      const sections = parseSections(out.stdout);
      const live = sections.lines('live');
      const file = sections.file('file');
      const now: SysctlState = {
        column: 'now',
        exists: sections.lines('exists') !== undefined,
        siblings: sections.lines('siblings') !== undefined,
        unreadable: sections.unreadable.includes('file'),
        ...(live ? { live: normalValue(live.join(' ')) } : {}),
        ...(file ? { file } : {}),
      };
      const boot = bootValue(args.name, sections.lines('boot') ?? []);
      const { live: _, ...rest } = now;
      return { now, boot: { ...rest, column: 'boot', ...(boot === undefined ? {} : { live: boot }) } };
    },
  }),
  plan: (args, now) => {
    if (now.unreadable) return { failed: `${args.sysctl_file} cannot be read` };
    const text = textIn(now.file);
    if (args.state === 'absent') {
      const after = removeSysctlKey(text, args.name);
      return after === text ? [] : [...fileChange(args, now, after), ...reloadChange(args, after)];
    }
    const value = sysctlWord(args.value ?? '');
    const after = setSysctlKey(text, args.name, byteText(value));
    const fileDiffers = after !== text;
    const liveDiffers = now.live !== normalValue(value);
    const apply = liveDiffers && (args.sysctl_set || now.column === 'boot' || (fileDiffers && args.reload));
    if (apply && !now.exists && !args.ignoreerrors) return noSuchKey(args.name, now);
    return [
      ...(apply && now.exists ? [liveChange(args.name, value, now.live, args.ignoreerrors)] : []),
      ...(fileDiffers ? [...fileChange(args, now, after), ...reloadChange(args, after)] : []),
    ];
  },
});

function readScript(name: string, file: string): Script {
  const path = keyPath(name);
  return sectionScript(
    sh`if [ -e ${path} ]; then kp_say exists yes; [ -r ${path} ] && kp_text live < ${path} 2>/dev/null; fi
if [ -d ${path.slice(0, path.lastIndexOf('/'))} ]; then kp_say siblings yes; fi`,
    sh`kp_file file ${file}`,
    bootValuesScript(name),
  );
}

/** Ansible writes truth words as 1 and 0 and trims the rest. */
function sysctlWord(value: string): string {
  const word = value.trim().toLowerCase();
  if (['y', 'yes', 'on', 'true', 't'].includes(word)) return '1';
  if (['n', 'no', 'off', 'false', 'f'].includes(word)) return '0';
  return value.trim();
}

function noSuchKey(name: string, now: SysctlState): Refusal {
  const module = moduleOfKey(name);
  if (module === undefined || now.siblings)
    return { failed: `this kernel has no ${name} (${keyPath(name)} does not exist)` };
  return {
    failed: `this kernel has no ${name}: the module ${module} is not loaded`,
    remedy: `load it first, now and at boot: modprobe: name=${module} persistent=present`,
  };
}

function fileChange(args: Args, now: SysctlState, after: string): Change[] {
  const verb = args.state === 'absent' ? `take ${args.name} out of` : `write ${args.name} to`;
  const summary = `${verb} ${args.sysctl_file}`;
  return [editText({ path: args.sysctl_file, before: now.file, after, summary, mode: now.file ? undefined : '0644' })];
}

function liveChange(name: string, value: string, old: string | undefined, lenient: boolean): Change {
  const back = old === undefined ? undefined : setLive(name, old, lenient);
  return { ...setLive(name, value, lenient), undo: back ?? 'none' };
}

function setLive(name: string, value: string, lenient: boolean): Change {
  const path = keyPath(name);
  const wanted = normalValue(value);
  return {
    kind: 'run',
    summary: `set ${name} to ${value}`,
    script: sh`printf '%s\n' ${value} > ${path} || exit ${lenient ? 0 : 1}
[ -r ${path} ] || exit 0
set -f
# shellcheck disable=SC2046 # the kernel separates values by tabs: words are compared
set -- $(cat ${path} 2>/dev/null) || exit 0
[ "$*" = ${wanted} ] && exit 0
printf 'the kernel kept %s = %s instead of %s\n' ${name} "$*" ${wanted} >&2
exit ${lenient ? 0 : 1}`,
    killable: true,
    undo: 'none',
    explain: (output) => explainWrite(name, output.stderr.toString('utf8')),
  };
}

function explainWrite(name: string, stderr: string) {
  if (/read-only file system/i.test(stderr)) {
    return {
      message: `${name} cannot be set: /proc/sys is read-only here`,
      remedy: 'set it on the machine that runs this container',
    };
  }
  if (/invalid argument/i.test(stderr)) return { message: `the kernel does not take this value for ${name}` };
  if (/permission denied/i.test(stderr))
    return { message: `${name} cannot be set: permission denied`, remedy: 'use become' };
  return undefined;
}

/** `sysctl -p` for the file's other keys, as Ansible does; without a `sysctl` there is only the key of the task to apply. */
function reloadChange(args: Args, text: string): Change[] {
  const others = sysctlKeysIn(text).filter((key) => key !== normalKey(args.name));
  if (!args.reload || others.length === 0) return [];
  const flags = args.ignoreerrors ? ['-e', '-p'] : ['-p'];
  return [
    {
      kind: 'run',
      summary: `apply the other keys of ${args.sysctl_file}`,
      script: sh`command -v sysctl >/dev/null 2>&1 || exit 0
sysctl ${flags} ${args.sysctl_file} >/dev/null`,
      killable: true,
      undo: 'none',
      changed: () => false,
    },
  ];
}
