import type { OptionRow } from '../options.ts';
import { connectionOptions, execOptions, hostOptions, outputOptions, playbookOptions, runOptions } from '../options.ts';
import type { Command } from './command.ts';

/** Every command: its help, its options, and where it is. The code of a command is loaded only when it runs. */
export const commands: readonly Command[] = [
  {
    name: 'run',
    usage: 'run PLAYBOOK...',
    summary: 'Run playbooks on the hosts of an inventory.',
    options: { ...hostOptions, ...connectionOptions, ...runOptions, ...playbookOptions, ...outputOptions },
    examples: [
      ['kprep run playbooks/prepare.yaml -i inventories/hosts.ini', 'prepare every host'],
      ['kprep run site.yaml -i hosts.ini --check --diff', 'say what would change, write nothing'],
      ['kprep run site.yaml -i hosts.ini -l "kube:!node03" -t sysctl', 'some hosts, some tasks'],
    ],
    load: async () => (await import('./run.ts')).runCommand,
  },
  {
    name: 'exec',
    usage: 'exec PATTERN [--] COMMAND [ARG...]',
    summary: 'Run one command on many hosts: behind "--" word by word, else one line for the login shell.',
    options: { ...hostOptions, ...connectionOptions, ...runOptions, ...execOptions, ...outputOptions },
    examples: [
      ['kprep exec kube -i inventories/kube -- uname -r', 'the same answers stand under one header'],
      ["kprep exec all -i hosts.ini -b 'swapon --show | wc -l'", 'a shell string, as root'],
    ],
    load: async () => (await import('./exec.ts')).execCommand,
  },
  {
    name: 'hosts',
    usage: 'hosts [PATTERN]',
    summary: 'List the hosts that a pattern names. Dials nothing.',
    options: { ...hostOptions, ...foldOptions() },
    examples: [["kprep hosts 'kube:!node03' -i hosts.ini --fold", 'as one folded name']],
    load: async () => (await import('./hosts.ts')).hostsCommand,
  },
];

function foldOptions(): Record<'fold' | 'count' | 'json', OptionRow> {
  const row = (describe: string): OptionRow => ({ type: 'boolean', group: 'What to show:', describe });
  return { fold: row('one folded name: node[01-20]'), count: row('only how many'), json: row('a JSON list') };
}
