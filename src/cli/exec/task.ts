import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { type Content, contentOf } from '../../model/content.ts';
import { KprepError } from '../../shared/errors.ts';
import { joinScripts, quote, type Script, sh } from '../../shared/sh.ts';
import { UsageError } from '../commands/command.ts';
import type { ExecOptions } from '../options.ts';
import { loginShell } from './login-shell.ts';
import type { ExecCommand } from './module.ts';

/** The words of the command line: the pattern, and what is to be run there. */
export interface ExecWords {
  readonly pattern: string;
  readonly what:
    | { readonly kind: 'argv'; readonly argv: readonly string[] }
    | { readonly kind: 'line'; readonly line: string }
    | { readonly kind: 'script'; readonly path: string; readonly args: readonly string[] };
}

const USAGE = 'kprep exec PATTERN -i INVENTORY -- CMD…';

/** Words behind `--` are run one by one; one word before it is a line for the login shell. @throws UsageError */
export function execWords(
  words: readonly string[],
  after: readonly string[] | undefined,
  given: Pick<ExecOptions, 'script' | 'stdin'>,
): ExecWords {
  const [pattern, ...rest] = words;
  if (pattern === undefined) throw new UsageError('no host pattern is given', USAGE);
  if (given.script !== undefined) {
    if (given.stdin) throw new UsageError('--script and --stdin exclude each other: the script takes that way itself');
    return { pattern, what: { kind: 'script', path: given.script, args: [...rest, ...(after ?? [])] } };
  }
  if (after !== undefined) {
    if (rest.length > 0) throw new UsageError('the command stands behind "--", or is one quoted word, not both');
    if (after.length === 0) throw new UsageError('no command is given behind "--"');
    return { pattern, what: { kind: 'argv', argv: after } };
  }
  const [line] = rest;
  if (line === undefined || line.trim() === '') throw new UsageError('no command is given', USAGE);
  if (rest.length > 1) {
    throw new UsageError(
      'several words: is that one shell command or a list of words?',
      'write PATTERN -- CMD ARG…, or quote it as one word',
    );
  }
  return { pattern, what: { kind: 'line', line } };
}

/** @throws KprepError `task` when the script cannot be read. */
export function execCommand(
  { what }: ExecWords,
  { cwd, chdir, stdin }: { readonly cwd: string; readonly chdir: string | undefined; readonly stdin?: Content },
): ExecCommand {
  const input = stdin ? { stdin } : {};
  if (what.kind === 'script') {
    const path = resolve(cwd, what.path);
    const script = { script: readScript(path), arguments: joinScripts(what.args.map(quote), ' ') };
    return { written: [basename(path), ...what.args], command: script, ...plainDirectory(chdir) };
  }
  const written = what.kind === 'line' ? what.line : what.argv;
  const inHome = homeDirectory(chdir);
  if (what.kind === 'argv' && !inHome) {
    return { written, command: { argv: what.argv }, ...plainDirectory(chdir), ...input };
  }
  const run = what.kind === 'line' ? loginShell(what.line) : sh`exec ${what.argv}`;
  const shell = inHome ? joinScripts([inHome, run]) : run;
  return { written, command: { shell }, ...(inHome ? {} : plainDirectory(chdir)), ...input };
}

function readScript(path: string): Content {
  try {
    return contentOf(readFileSync(path), path);
  } catch (error) {
    throw new KprepError('task', `cannot read the script ${path}: ${(error as Error).message}`, { cause: error });
  }
}

function plainDirectory(chdir: string | undefined): { chdir?: string } {
  if (chdir === undefined) return {};
  if (!isInHome(chdir)) return { chdir };
  throw new UsageError('--chdir: ~ cannot be used together with --script', 'give a path from / or from the home');
}

function isInHome(chdir: string): boolean {
  return chdir === '~' || chdir.startsWith('~/');
}

/** Only the host knows where `~` is. Its failure is told in the words of every other `--chdir`. */
function homeDirectory(chdir: string | undefined): Script | undefined {
  if (chdir === undefined || !isInHome(chdir)) return undefined;
  const rest = chdir.slice(1);
  return sh`CDPATH='' cd "$HOME"${rest} >/dev/null 2>&1 || { printf 'kprep: cannot change to the directory %s\n' ${chdir} >&2; exit 97; }`;
}
