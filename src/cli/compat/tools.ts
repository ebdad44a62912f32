import type { OptionSpec } from './option-parser.ts';

export type ToolName = 'pssh' | 'pscp' | 'prsync' | 'pslurp' | 'pnuke';

/** What the version of pssh is whose behaviour this is. */
export const PSSH_VERSION = '2.3.6';

export interface Tool {
  readonly name: ToolName;
  /** Behind the program's name. */
  readonly usage: string;
  readonly epilog: string;
  readonly options: readonly OptionSpec[];
  /** Seconds; 0 is none. */
  readonly timeout: number;
}

const common: readonly OptionSpec[] = [
  { names: ['--version'], dest: 'version', action: 'version', help: "show program's version number and exit" },
  { names: ['--help'], dest: 'help', action: 'help', help: 'show this help message and exit' },
  list(['-h', '--hosts'], 'host_files', 'HOST_FILE', 'hosts file (each line "[user@]host[:port]")'),
  list(['-H', '--host'], 'host_strings', 'HOST_STRING', 'additional host entries ("[user@]host[:port]")'),
  text(['-l', '--user'], 'user', 'username (OPTIONAL)'),
  number(['-p', '--par'], 'par', 'max number of parallel threads (OPTIONAL)'),
  text(['-o', '--outdir'], 'outdir', 'output directory for stdout files (OPTIONAL)'),
  text(['-e', '--errdir'], 'errdir', 'output directory for stderr files (OPTIONAL)'),
  flag(['--fileappend'], 'fileappend', 'append to the files of outdir and errdir (OPTIONAL)'),
  number(['-t', '--timeout'], 'timeout', 'timeout (secs) (0 = no timeout) per host (OPTIONAL)'),
  list(['-O', '--option'], 'options', 'OPTION', 'SSH option (OPTIONAL)'),
  flag(['-v', '--verbose'], 'verbose', 'turn on warning and diagnostic messages (OPTIONAL)'),
  flag(['-A', '--askpass'], 'askpass', 'Ask for a password (OPTIONAL)'),
  {
    names: ['-x', '--extra-args'],
    dest: 'extra',
    action: 'words',
    metavar: 'ARGS',
    help: 'Extra command-line arguments, with processing for spaces, quotes, and backslashes',
  },
  list(['-X', '--extra-arg'], 'extra', 'ARG', 'Extra command-line argument'),
  text(['-g', '--host-glob'], 'host_glob', 'Shell-style glob to filter hosts (OPTIONAL)'),
];
const inline = flag(['-i', '--inline'], 'inline', 'inline aggregated output and error for each server');
const recursive = flag(['-r', '--recursive'], 'recursive', 'recusively copy directories (OPTIONAL)');

/** The options of each tool: those of 2.3.6, with its help texts. */
export const tools: Readonly<Record<ToolName, Tool>> = {
  pssh: {
    name: 'pssh',
    usage: '[OPTIONS] command [...]',
    epilog: 'Example: pssh -h hosts.txt -l irb2 -o /tmp/foo uptime',
    timeout: 60,
    options: [
      ...common,
      inline,
      flag(['--inline-stdout'], 'inline_stdout', 'inline standard output for each server'),
      flag(['-I', '--send-input'], 'send_input', 'read from standard input and send as input to ssh'),
      flag(['-P', '--print'], 'print_out', 'print output as we get it'),
      flag(['--no-headers'], 'no_headers', 'with -i: print output only, no line for each server'),
    ],
  },
  pnuke: {
    name: 'pnuke',
    usage: '[OPTIONS] pattern',
    epilog: 'Example: pnuke -h hosts.txt -l irb2 java',
    timeout: 60,
    options: common,
  },
  pscp: {
    name: 'pscp',
    usage: '[OPTIONS] local remote',
    epilog: 'Example: pscp -h hosts.txt -l irb2 foo.txt /home/irb2/foo.txt',
    timeout: 0,
    options: [
      ...common,
      recursive,
      flag(['--download'], 'download', 'copy from the servers: remote [...] local (OPTIONAL)'),
      text(['-L', '--localdir'], 'localdir', 'output directory for remote file copies'),
    ],
  },
  pslurp: {
    name: 'pslurp',
    usage: '[OPTIONS] remote local',
    epilog: 'Example: pslurp -h hosts.txt -L /tmp/outdir -l irb2          /home/irb2/foo.txt foo.txt',
    timeout: 0,
    options: [...common, recursive, text(['-L', '--localdir'], 'localdir', 'output directory for remote file copies')],
  },
  prsync: {
    name: 'prsync',
    usage: '[OPTIONS] local remote',
    epilog: 'Example: prsync -r -h hosts.txt -l irb2 foo /home/irb2/foo',
    timeout: 0,
    options: [
      ...common,
      inline,
      recursive,
      flag(['-a', '--archive'], 'archive', 'use rsync -a (archive mode) (OPTIONAL)'),
      flag(['-z', '--compress'], 'compress', 'use rsync compression (OPTIONAL)'),
      { ...text(['-S', '--ssh-args'], 'ssh_args', 'extra arguments for ssh'), metavar: 'ARGS' },
      flag(['-d', '--download'], 'download', 'copy from the servers: remote local (OPTIONAL)'),
    ],
  },
};

function flag(names: readonly string[], dest: string, help: string): OptionSpec {
  return { names, dest, action: 'flag', help };
}

function text(names: readonly string[], dest: string, help: string): OptionSpec {
  return { names, dest, action: 'store', help };
}

function number(names: readonly string[], dest: string, help: string): OptionSpec {
  return { names, dest, action: 'store', int: true, help };
}

function list(names: readonly string[], dest: string, metavar: string, help: string): OptionSpec {
  return { names, dest, action: 'append', metavar, help };
}
