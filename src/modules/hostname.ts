import type { ArgsOf } from '../model/args.ts';
import type { Change } from '../model/change.ts';
import { defineModule, type Module } from '../model/module.ts';
import { sh } from '../shared/sh.ts';
import { parseSections, sectionScript } from './system/sections.ts';
import { editText } from './system/text-file.ts';

interface HostnameState {
  readonly live: string;
  readonly file?: Buffer;
}

const ARGS = {
  name: { type: 'str', required: true, doc: 'The name, with or without its domain.' },
  use: {
    type: 'str',
    doc: 'How Ansible sets it.',
    differs: 'Accepted and not needed: /etc/hostname and the running kernel are set on every host.',
  },
} as const;

type Args = ArgsOf<typeof ARGS>;

export const hostname: Module<typeof ARGS, HostnameState> = defineModule({
  name: 'hostname',
  summary: 'The name of the host, now and at boot.',
  args: ARGS,
  validate: (args) =>
    NAME.test(args.name) && args.name.length <= 64
      ? undefined
      : `${JSON.stringify(args.name)} is no host name (RFC 1123, at most 64 characters)`,
  touches: () => ['hostname:', 'file:/etc/hostname'],
  read: () => ({
    script:
      sectionScript(sh`if [ -r /proc/sys/kernel/hostname ]; then kp_text live < /proc/sys/kernel/hostname; else hostname | kp_text live; fi
kp_file file /etc/hostname`),
    parse: (out) => {
      const sections = parseSections(out.stdout);
      const file = sections.file('file');
      const now: HostnameState = { live: sections.say('live'), ...(file ? { file } : {}) };
      return { now, boot: { ...now, live: staticName(file) } };
    },
  }),
  plan: (args, now) => [
    ...fileChange(args, now),
    ...(now.live === args.name ? [] : [{ ...setLive(args.name), undo: setLive(now.live) }]),
  ],
  result: (args) => ({
    name: args.name,
    ansible_facts: { ansible_hostname: args.name.split('.')[0] ?? args.name, ansible_nodename: args.name },
  }),
});

const NAME = /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/;

/** hostname(5): the first line that is no comment. */
function staticName(file: Buffer | undefined): string {
  const lines = file?.toString('utf8').split('\n') ?? [];
  return lines.map((line) => line.trim()).find((line) => line !== '' && !line.startsWith('#')) ?? '';
}

function fileChange(args: Args, now: HostnameState): readonly Change[] {
  if (staticName(now.file) === args.name) return [];
  return [
    editText({
      path: '/etc/hostname',
      before: now.file,
      after: `${args.name}\n`,
      summary: `write ${args.name} to /etc/hostname`,
      mode: now.file ? undefined : '0644',
    }),
  ];
}

function setLive(name: string): Change {
  return {
    kind: 'run',
    summary: `name this host ${name}`,
    script: sh`if command -v hostnamectl >/dev/null 2>&1 && [ -d /run/systemd/system ]; then hostnamectl --no-ask-password set-hostname ${name} 2>/dev/null || hostname ${name}; else hostname ${name}; fi
[ "$(cat /proc/sys/kernel/hostname)" = ${name} ] || { echo 'the kernel kept its host name' >&2; exit 1; }`,
    killable: true,
    undo: 'none',
  };
}
