import { shellWords } from '../../playbook/shell-words.ts';
import type { Io } from '../io.ts';
import { readDefaults } from './defaults.ts';
import { formatHelp } from './help.ts';
import { OptionError, type OptionValue, parseOptions, ValueError } from './option-parser.ts';
import { PSSH_VERSION, type Tool } from './tools.ts';

/** The command line of a tool after environment and defaults. */
export interface FamilyOptions {
  readonly hostFiles: readonly string[];
  readonly hostStrings: readonly string[];
  readonly hostGlob: string | undefined;
  readonly user: string | undefined;
  readonly parallel: number;
  readonly timeout: number;
  readonly outdir: string | undefined;
  readonly errdir: string | undefined;
  readonly append: boolean;
  readonly options: readonly string[];
  readonly extra: readonly string[];
  readonly verbose: boolean;
  readonly askpass: boolean;
  readonly inline: boolean;
  readonly inlineStdout: boolean;
  readonly print: boolean;
  readonly noHeaders: boolean;
  readonly sendInput: boolean;
  readonly recursive: boolean;
  readonly archive: boolean;
  readonly compress: boolean;
  readonly download: boolean;
  readonly sshArgs: string | undefined;
  readonly localdir: string | undefined;
  readonly words: readonly string[];
}

/**
 * Reads them; a text where the tool is only to print it.
 * @throws OptionError, ValueError
 */
export function readOptions(io: Io, tool: Tool, request: { program: string; argv: readonly string[] }) {
  const defaults = readDefaults(tool, io.env);
  io.stderr.write(defaults.warning);
  const parsed = parseOptions(request.argv, { options: tool.options, defaults: defaults.values, splitWords });
  if (parsed.asked === 'version') return `${PSSH_VERSION}\n`;
  if (parsed.asked === 'help') {
    const columns = Number(io.env.COLUMNS) || io.stdout.columns || 80;
    return formatHelp({ ...tool, usage: `${request.program} ${tool.usage}` }, columns);
  }
  return familyOptions(parsed.values, parsed.words);
}

function familyOptions(values: Readonly<Record<string, OptionValue>>, words: readonly string[]): FamilyOptions {
  const list = (dest: string): readonly string[] => (Array.isArray(values[dest]) ? values[dest] : []);
  const text = (dest: string): string | undefined => (values[dest] ? String(values[dest]) : undefined);
  const flag = (dest: string): boolean => values[dest] === true;
  const parallel = Number(values.par);
  if (parallel < 1) throw new OptionError('option -p: at least one host must run');
  return {
    hostFiles: list('host_files'),
    hostStrings: list('host_strings'),
    hostGlob: text('host_glob'),
    user: text('user'),
    parallel,
    timeout: Number(values.timeout),
    outdir: text('outdir'),
    errdir: text('errdir'),
    append: flag('fileappend'),
    options: list('options'),
    extra: list('extra'),
    verbose: flag('verbose'),
    askpass: flag('askpass'),
    inline: flag('inline'),
    inlineStdout: flag('inline_stdout'),
    print: flag('print_out'),
    noHeaders: flag('no_headers'),
    sendInput: flag('send_input'),
    recursive: flag('recursive'),
    archive: flag('archive'),
    compress: flag('compress'),
    download: flag('download'),
    sshArgs: text('ssh_args'),
    localdir: text('localdir'),
    words,
  };
}

function splitWords(text: string): readonly string[] {
  try {
    return shellWords(text);
  } catch (error) {
    throw new ValueError((error as Error).message);
  }
}
