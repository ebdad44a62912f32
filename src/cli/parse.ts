import yargs, { type Options as YargsOptions } from 'yargs';
import { nearName } from '../shared/problem.ts';
import { type Command, UsageError } from './commands/command.ts';
import type { OptionRow } from './options.ts';

export interface ParsedLine {
  /** Only what stands on the command line. */
  readonly given: Readonly<Record<string, unknown>>;
  readonly words: readonly string[];
  readonly after: readonly string[] | undefined;
  /** `--help` was asked for: this is its text. */
  readonly help?: string;
}

/** Command-line words after the command's name. @throws UsageError for unknown options and wrong values. */
export async function parseLine(command: Command, argv: readonly string[], columns: number): Promise<ParsedLine> {
  const parser = yargs([])
    .scriptName('kprep')
    .usage(`kprep ${command.usage}\n\n${command.summary}`)
    .help('help')
    .alias('help', 'h')
    .version(false)
    .showHelpOnFail(false)
    .exitProcess(false)
    .wrap(Math.min(columns, 120))
    .parserConfiguration({
      'populate--': true,
      'camel-case-expansion': false,
      'strip-aliased': true,
      'greedy-arrays': false,
      'parse-positional-numbers': false,
      'dot-notation': false,
      'unknown-options-as-args': false,
    });
  for (const [name, row] of Object.entries(command.options)) parser.option(name, yargsOption(row));
  return await parsed(parser, command, argv);
}

/** Not wrapped by the parser, so that an example can be copied. */
function epilogue(command: Command): string {
  const examples = command.examples.map(([line, text]) => `  # ${text}\n  ${line}`);
  return `Examples:\n${examples.join('\n')}\n\n${ENDING}`;
}

const ENDING = `Options are also read from KPREP_<NAME> and from kprep.config.yaml;
the command line wins over the environment, the environment over the file.

Exit status: 0 as asked, 1 bug, 2 a host failed, 4 a host unreachable,
8 an outcome unknown (these add up), 16 changes under --fail-on-change,
64 usage, 65 input file or no host, 129/130/143 signals.`;

function yargsOption(row: OptionRow): YargsOptions {
  const { type, alias, describe, group, choices, requiresArg } = row;
  const shown = row.default === undefined ? describe : `${describe} (${row.default})`;
  return {
    describe: shown,
    group,
    ...(type === 'count' ? { count: true } : type === 'array' ? { array: true, string: true } : { type }),
    ...(alias === undefined ? {} : { alias }),
    ...(choices === undefined ? {} : { choices }),
    ...(requiresArg ? { requiresArg: true } : {}),
  };
}

async function parsed(
  parser: ReturnType<typeof yargs>,
  command: Command,
  argv: readonly string[],
): Promise<ParsedLine> {
  let failure: Error | undefined;
  let output = '';
  const args: Record<string, unknown> = await new Promise((resolve) => {
    parser.parse(argv.map(hidden), {}, (error: Error | undefined, found: Record<string, unknown>, text: string) => {
      failure = error;
      output = text;
      resolve(found);
    });
  });
  const after = Array.isArray(args['--']) ? args['--'].map(shown) : undefined;
  const words = (Array.isArray(args._) ? args._ : []).map(shown);
  if (args.help === true) return { given: {}, words, after, help: `${output}\n\n${epilogue(command)}` };
  if (failure) throw new UsageError(shown(failure.message.replace(/\n[\s\S]*$/, '')));
  return { given: givenOptions(command, args), words, after };
}

/** A flag must not swallow the word behind it: in `exec all -b true` that is the command. No argument can hold a NUL. */
function hidden(word: string): string {
  return word === 'true' || word === 'false' ? `\0${word}` : word;
}

function shown(word: unknown): string {
  return String(word).replaceAll('\0', '');
}

function givenOptions(command: Command, args: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  for (const [name, found] of Object.entries(args)) {
    if (NOT_OPTIONS.has(name) || found === undefined) continue;
    const row = command.options[name];
    if (!row) throw unknownOption(command, name);
    const value = plainValue(row, found);
    if (row.type === 'count' && value === 0) continue;
    if (row.type === 'number' && !Number.isFinite(value)) throw new UsageError(`--${name} takes a number`);
    given[name] = value;
  }
  return given;
}

/** Given twice, the last counts, but for lists. */
function plainValue(row: OptionRow, found: unknown): unknown {
  const value = Array.isArray(found) && row.type !== 'array' ? found.at(-1) : found;
  if (Array.isArray(value)) return value.map(shown);
  return typeof value === 'string' ? shown(value) : value;
}

const NOT_OPTIONS: ReadonlySet<string> = new Set(['_', '--', '$0', 'help', 'h']);

function unknownOption(command: Command, name: string): UsageError {
  const near = nearName(name, Object.keys(command.options));
  const dashes = name.length === 1 ? '-' : '--';
  const hint = near ? `did you mean --${near}?` : `kprep ${command.name} --help lists the options`;
  return new UsageError(`unknown option ${dashes}${name}`, hint);
}
