/** One row an option: the parser, `--help`, `KPREP_<NAME>` and `kprep.config.yaml` are made from it. */
export interface OptionRow {
  readonly type: 'string' | 'boolean' | 'number' | 'count' | 'array';
  readonly alias?: string;
  readonly describe: string;
  readonly group: string;
  readonly default?: string | number | boolean;
  readonly choices?: readonly string[];
  /** Shown for the value in `--help`. */
  readonly requiresArg?: true;
  /** May it come from a configuration file? False for what names a program or a secret. */
  readonly fromFile?: false;
}

const HOSTS = 'Which hosts:';
const CONNECTION = 'How to log in:';
const RUN = 'How to run:';
const COMMAND = 'What to do:';
const PLAYBOOK = 'What to run:';
const OUTPUT = 'What to show:';

export const hostOptions = {
  inventory: {
    type: 'array',
    alias: 'i',
    group: HOSTS,
    requiresArg: true,
    describe: 'inventory: file, directory, executable, or "h1,h2,"; repeatable',
  },
  'inventory-format': {
    type: 'string',
    group: HOSTS,
    choices: ['ini', 'yaml', 'json', 'pssh', 'script'],
    describe: 'read every inventory as this format',
  },
  limit: {
    type: 'array',
    alias: 'l',
    group: HOSTS,
    requiresArg: true,
    describe: 'only these hosts: a pattern or @file',
  },
  'allow-empty': { type: 'boolean', group: HOSTS, describe: 'a pattern that matches no host is no error' },
} as const satisfies Record<string, OptionRow>;

export const connectionOptions = {
  user: { type: 'string', alias: 'u', group: CONNECTION, requiresArg: true, describe: 'log in as this user' },
  port: { type: 'number', group: CONNECTION, requiresArg: true, describe: 'port of sshd' },
  'private-key': { type: 'array', group: CONNECTION, requiresArg: true, describe: 'private key file; repeatable' },
  'ask-pass': { type: 'boolean', alias: 'k', group: CONNECTION, describe: 'ask for the login password' },
  'connection-password-file': {
    type: 'string',
    group: CONNECTION,
    requiresArg: true,
    fromFile: false,
    describe: 'read the login password from this file',
  },
  become: { type: 'boolean', alias: 'b', group: CONNECTION, describe: 'run as another user (root), with sudo' },
  'become-user': { type: 'string', group: CONNECTION, requiresArg: true, describe: 'whom to become (root)' },
  'become-method': {
    type: 'string',
    group: CONNECTION,
    choices: ['sudo', 'su', 'doas'],
    describe: 'how to become (sudo)',
  },
  'ask-become-pass': { type: 'boolean', alias: 'K', group: CONNECTION, describe: 'ask for the password of sudo' },
  'become-password-file': {
    type: 'string',
    group: CONNECTION,
    requiresArg: true,
    fromFile: false,
    describe: 'read the password of sudo from this file',
  },
  timeout: {
    type: 'number',
    alias: 'T',
    group: CONNECTION,
    requiresArg: true,
    default: 10,
    describe: 'seconds until connecting is given up',
  },
  'host-key-checking': {
    type: 'string',
    group: CONNECTION,
    choices: ['yes', 'accept-new', 'no'],
    describe: 'unknown host keys: refuse, accept and keep, accept anything (accept-new)',
  },
  'ssh-config': { type: 'string', group: CONNECTION, requiresArg: true, describe: 'instead of ~/.ssh/config' },
  'known-hosts': { type: 'string', group: CONNECTION, requiresArg: true, describe: 'instead of ~/.ssh/known_hosts' },
} as const satisfies Record<string, OptionRow>;

export const runOptions = {
  forks: { type: 'number', alias: 'f', group: RUN, requiresArg: true, default: 64, describe: 'how many hosts at once' },
  'step-timeout': {
    type: 'number',
    group: RUN,
    requiresArg: true,
    describe: 'seconds that a step may take; then it is killed, if it may be killed',
  },
  check: { type: 'boolean', alias: 'C', group: RUN, describe: 'write nothing; say what would change' },
  diff: { type: 'boolean', alias: 'D', group: RUN, describe: 'show what changes in files' },
  'fail-on-change': { type: 'boolean', group: RUN, describe: 'exit status 16 where something changed or would' },
  durable: { type: 'boolean', group: RUN, describe: 'journal to disk at every event (survives power loss)' },
} as const satisfies Record<string, OptionRow>;

/** What `kprep exec` takes besides. */
export const execOptions = {
  script: {
    type: 'string',
    group: COMMAND,
    requiresArg: true,
    fromFile: false,
    describe: 'send this file of ours and run it there; the words behind the pattern are its arguments',
  },
  stdin: { type: 'boolean', group: COMMAND, describe: 'give every host what stands on standard input' },
  env: { type: 'array', group: COMMAND, requiresArg: true, describe: 'NAME=VALUE for the command; repeatable' },
  chdir: { type: 'string', group: COMMAND, requiresArg: true, describe: 'directory of the host to run it in' },
  'fail-fast': { type: 'boolean', group: RUN, describe: 'start no further host once one has failed' },
  'max-fail': {
    type: 'string',
    group: RUN,
    requiresArg: true,
    describe: 'start no further host once more than so many have failed: 3, or 10%',
  },
  serial: { type: 'string', group: RUN, requiresArg: true, describe: 'host after host in batches: 2, 10%, or 1,5,20%' },
  retry: { type: 'number', group: RUN, requiresArg: true, describe: 'try so often again to reach a host (0)' },
  'out-dir': { type: 'string', group: OUTPUT, requiresArg: true, describe: 'write all of each stdout to DIR/HOST' },
  'err-dir': { type: 'string', group: OUTPUT, requiresArg: true, describe: 'write all of each stderr to DIR/HOST' },
  'max-file': {
    type: 'string',
    group: OUTPUT,
    requiresArg: true,
    default: '1G',
    describe: 'bytes that a file of --out-dir and --err-dir may grow to',
  },
  'max-output': {
    type: 'string',
    group: OUTPUT,
    requiresArg: true,
    default: '1M',
    describe: 'bytes of each stream of a host that are kept and shown',
  },
  stream: { type: 'boolean', group: OUTPUT, describe: 'show each line as it comes, behind the name of its host' },
  'per-host': { type: 'boolean', group: OUTPUT, describe: 'a block for each host, in the order of the inventory' },
  odd: { type: 'boolean', group: OUTPUT, describe: 'only who differs from the majority, and in which lines' },
} as const satisfies Record<string, OptionRow>;

/** What `kprep ping` takes besides. */
export const pingOptions = { retry: execOptions.retry } as const satisfies Record<string, OptionRow>;

/** What `kprep inventory` takes besides. */
export const inventoryOptions = {
  graph: { type: 'boolean', group: COMMAND, describe: 'groups and hosts as a tree' },
  list: { type: 'boolean', group: COMMAND, describe: 'all groups and variables, as JSON' },
  host: { type: 'string', group: COMMAND, requiresArg: true, describe: 'the variables of one host, as JSON' },
  vars: { type: 'boolean', group: COMMAND, describe: 'with --graph: the variables too' },
} as const satisfies Record<string, OptionRow>;

export const playbookOptions = {
  'extra-vars': {
    type: 'array',
    alias: 'e',
    group: PLAYBOOK,
    requiresArg: true,
    describe: 'variables: k=v, YAML, JSON, or @file; repeatable',
  },
  tags: { type: 'array', alias: 't', group: PLAYBOOK, requiresArg: true, describe: 'only tasks with these tags' },
  'skip-tags': { type: 'array', group: PLAYBOOK, requiresArg: true, describe: 'no task with these tags' },
  'start-at-task': { type: 'string', group: PLAYBOOK, requiresArg: true, describe: 'begin at the task of this name' },
  'vault-id': {
    type: 'array',
    group: PLAYBOOK,
    requiresArg: true,
    fromFile: false,
    describe: 'vault password: label@file or label@prompt; repeatable',
  },
  'vault-password-file': {
    type: 'array',
    group: PLAYBOOK,
    requiresArg: true,
    fromFile: false,
    describe: 'file with a vault password; repeatable',
  },
  'ask-vault-pass': { type: 'boolean', group: PLAYBOOK, describe: 'ask for the vault password' },
  'list-hosts': { type: 'boolean', group: PLAYBOOK, describe: 'list the hosts of each play and stop' },
  'list-tasks': { type: 'boolean', group: PLAYBOOK, describe: 'list the tasks and stop' },
  'list-tags': { type: 'boolean', group: PLAYBOOK, describe: 'list the tags and stop' },
  'syntax-check': { type: 'boolean', group: PLAYBOOK, describe: 'read everything, report every problem, and stop' },
} as const satisfies Record<string, OptionRow>;

export const outputOptions = {
  output: {
    type: 'array',
    alias: 'o',
    group: OUTPUT,
    requiresArg: true,
    describe: 'text or jsonl, each with =FILE to write there; repeatable (text)',
  },
  verbose: { type: 'count', alias: 'v', group: OUTPUT, describe: 'more: skipped tasks, output, changes' },
  quiet: { type: 'boolean', alias: 'q', group: OUTPUT, describe: 'only the recap' },
  color: { type: 'boolean', group: OUTPUT, describe: 'colour (--no-color, NO_COLOR, CLICOLOR_FORCE)' },
} as const satisfies Record<string, OptionRow>;

type ValueOf<R extends OptionRow> = R['type'] extends 'array'
  ? readonly string[]
  : R['type'] extends 'boolean'
    ? boolean
    : R['type'] extends 'string'
      ? string
      : number;

export type Options<T extends Record<string, OptionRow>> = {
  readonly [K in keyof T]: (T[K] extends { default: unknown } ? never : undefined) | ValueOf<T[K]>;
};

export type HostOptions = Options<typeof hostOptions>;
export type ConnectionOptions = Options<typeof connectionOptions>;
export type RunOptions = Options<typeof runOptions>;
export type PingOptions = Options<typeof pingOptions>;
export type InventoryOptions = Options<typeof inventoryOptions> &
  Pick<PlaybookOptions, 'vault-id' | 'vault-password-file' | 'ask-vault-pass'>;
export type ExecOptions = Options<typeof execOptions>;
export type PlaybookOptions = Options<typeof playbookOptions>;
export type OutputOptions = Options<typeof outputOptions>;
