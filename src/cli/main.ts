import { KprepError } from '../shared/errors.ts';
import { nearName } from '../shared/problem.ts';
import { printable } from '../shared/text.ts';
import { type Command, UsageError } from './commands/command.ts';
import { commands } from './commands/index.ts';
import { familyTool } from './compat/names.ts';
import type { ToolName } from './compat/tools.ts';
import type { Io } from './io.ts';
import type { ParsedLine } from './parse.ts';
import { plainLine } from './plain-line.ts';
import { VERSION } from './version.ts';

const USAGE = 64;
const BUG = 1;

/** argv → exit status. Never exits the process, writes only to the streams it is given. */
export async function main(io: Io): Promise<number> {
  try {
    return await dispatch(io);
  } catch (error) {
    return told(io, error);
  }
}

async function dispatch(io: Io): Promise<number> {
  const linked = familyTool(io.invokedAs);
  if (linked && io.invokedAs) return await runPssh(io, linked, { program: io.invokedAs, argv: io.argv });
  const [first, ...rest] = io.argv;
  const tool = familyTool(first);
  if (tool && first !== undefined) return await runPssh(io, tool, { program: first, argv: rest });
  if (first === '--version') return say(io, `${VERSION}\n`);
  if (first === undefined) {
    io.stderr.write(overview());
    return USAGE;
  }
  if (first === '--help' || first === '-h') return say(io, overview());
  if (first === 'help') {
    return rest[0] === undefined ? say(io, overview()) : await runCommand(io, commandNamed(rest[0]), ['--help']);
  }
  return await runCommand(io, commandNamed(first), rest);
}

/** A name of the pssh family, as the command or as the name of a link to this program. */
async function runPssh(io: Io, tool: ToolName, line: { program: string; argv: readonly string[] }): Promise<number> {
  const { runFamily } = await import('./compat/index.ts');
  return await runFamily(io, { tool, ...line });
}

async function anyLine(command: Command, argv: readonly string[], columns: number): Promise<ParsedLine> {
  const { parseLine } = await import('./parse.ts');
  return await parseLine(command, argv, columns);
}

async function runCommand(io: Io, command: Command, argv: readonly string[]): Promise<number> {
  const line = plainLine(command.options, argv) ?? (await anyLine(command, argv, io.stdout.columns ?? 80));
  if (line.help !== undefined) return say(io, `${line.help}\n`);
  const { resolveSettings } = await import('./settings.ts');
  const { options, warnings } = resolveSettings(io, command.options, line.given);
  for (const warning of warnings) io.stderr.write(`kprep: warning: ${printable(warning)}\n`);
  const run = await command.load();
  return await run({ io, options, words: line.words, after: line.after });
}

function commandNamed(name: string): Command {
  const command = commands.find((candidate) => candidate.name === name);
  if (command) return command;
  if (name.startsWith('-')) throw new UsageError(`unknown option ${name}`, 'the command comes first: kprep --help');
  const near = nearName(
    name,
    commands.map((candidate) => candidate.name),
  );
  throw new UsageError(
    `unknown command ${name}`,
    near ? `did you mean kprep ${near}?` : 'kprep --help lists the commands',
  );
}

function overview(): string {
  const width = Math.max(...commands.map((command) => command.usage.length));
  const lines = commands.map((command) => `  kprep ${command.usage.padEnd(width)}  ${command.summary}`);
  return `kprep ${VERSION}: prepare many Linux machines over SSH, at once and safely.

${lines.join('\n')}
  kprep pssh|pscp|prsync|pslurp|pnuke ...  as the programs of these names: docs/pssh.md

  kprep COMMAND --help   options and examples of one command
  kprep --version
`;
}

function say(io: Io, text: string): number {
  io.stdout.write(text);
  return 0;
}

/** Usage errors and known failures in one line; anything else is a bug and keeps its stack. */
function told(io: Io, error: unknown): number {
  if (error instanceof UsageError) {
    io.stderr.write(`kprep: ${printable(error.message)}\n${error.hint ? `  ${error.hint}\n` : ''}`);
    return USAGE;
  }
  if (error instanceof KprepError && error.kind !== 'bug') {
    io.stderr.write(`kprep: ${printable(error.message)}\n${error.remedy ? `  ${error.remedy}\n` : ''}`);
    return error.kind === 'cancelled' ? 130 : 65;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  io.stderr.write(`kprep: internal error, please report it:\n${printable(stack)}\n`);
  return BUG;
}
