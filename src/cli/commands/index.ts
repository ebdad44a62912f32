import type { OptionRow } from '../options.ts';
import {
  connectionOptions,
  execOptions,
  hostOptions,
  inventoryOptions,
  outputOptions,
  pingOptions,
  playbookOptions,
  runOptions,
} from '../options.ts';
import { copyOptions, fetchOptions, syncOptions } from '../transfer/options.ts';
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
    name: 'copy',
    usage: 'copy PATTERN SRC... DEST',
    summary: 'Copy files and trees to many hosts: atomic, what is the same is not sent.',
    options: { ...hostOptions, ...connectionOptions, ...runOptions, ...copyOptions, ...outputOptions },
    examples: [
      ['kprep copy all -i hosts.ini site.conf /etc/app/ -b --owner app --mode 0640', 'one file, as root'],
      ['kprep copy kube -i inventories/kube manifests /srv', 'a tree, to /srv/manifests'],
    ],
    load: async () => (await import('./copy.ts')).copyCommand,
  },
  {
    name: 'fetch',
    usage: 'fetch PATTERN SRC... LOCALDIR',
    summary: 'Fetch files and trees of many hosts, to LOCALDIR/host/path.',
    options: { ...hostOptions, ...connectionOptions, ...runOptions, ...fetchOptions, ...outputOptions },
    examples: [["kprep fetch all -i hosts.ini -b '/var/log/kube*.log' logs", 'patterns are of the host: quote them']],
    load: async () => (await import('./fetch.ts')).fetchCommand,
  },
  {
    name: 'sync',
    usage: 'sync PATTERN SRC DEST',
    summary: 'Make what is in DEST on many hosts what is in the directory SRC here.',
    options: { ...hostOptions, ...connectionOptions, ...runOptions, ...syncOptions, ...outputOptions },
    examples: [['kprep sync web -i hosts.ini site /srv/www --delete', 'and remove what SRC does not have']],
    load: async () => (await import('./sync.ts')).syncCommand,
  },
  {
    name: 'hosts',
    usage: 'hosts [PATTERN]',
    summary: 'List the hosts that a pattern names. Dials nothing.',
    options: { ...hostOptions, ...foldOptions() },
    examples: [["kprep hosts 'kube:!node03' -i hosts.ini --fold", 'as one folded name']],
    load: async () => (await import('./hosts.ts')).hostsCommand,
  },
  {
    name: 'ping',
    usage: 'ping [PATTERN]',
    summary: 'Log in to hosts and have a shell answer: who can be reached, and how fast.',
    options: { ...hostOptions, ...connectionOptions, forks: runOptions.forks, ...pingOptions, ...outputOptions },
    examples: [['kprep ping kube -i hosts.ini -b', 'whether login and sudo work everywhere']],
    load: async () => (await import('./ping.ts')).pingCommand,
  },
  {
    name: 'facts',
    usage: 'facts [PATTERN] [FILTER...]',
    summary: 'What is known of hosts (Ansible facts), as JSON. A filter is a name or glob pattern.',
    options: { ...hostOptions, ...connectionOptions, forks: runOptions.forks, ...outputOptions },
    examples: [["kprep facts kube 'distribution*,kernel' -i hosts.ini", 'a few facts of some hosts']],
    load: async () => (await import('./facts.ts')).factsCommand,
  },
  {
    name: 'inventory',
    usage: 'inventory --graph [GROUP] | --list | --host NAME',
    summary: 'Show groups, hosts and variables as ansible-inventory prints them. Dials nothing.',
    options: { ...hostOptions, ...inventoryOptions, ...vaultOptions() },
    examples: [['kprep inventory --graph -i inventories/hosts.ini', 'groups and hosts as a tree']],
    load: async () => (await import('./inventory.ts')).inventoryCommand,
  },
];

function foldOptions(): Record<'fold' | 'count' | 'json', OptionRow> {
  const row = (describe: string): OptionRow => ({ type: 'boolean', group: 'What to show:', describe });
  return { fold: row('one folded name: node[01-20]'), count: row('only how many'), json: row('a JSON list') };
}

function vaultOptions(): Record<string, OptionRow> {
  const { 'vault-id': id, 'vault-password-file': file, 'ask-vault-pass': ask } = playbookOptions;
  return { 'vault-id': id, 'vault-password-file': file, 'ask-vault-pass': ask };
}
