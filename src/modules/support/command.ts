import type { ArgSpec } from '../../model/args.ts';
import type { CommandChange, StepOutput } from '../../model/change.ts';
import { type Content, contentOf } from '../../model/content.ts';
import type { Decision } from '../../model/module.ts';
import type { JsonObject } from '../../model/value.ts';
import { joinScripts, type Script, sh } from '../../shared/sh.ts';
import type { Cursor } from './cursor.ts';
import type { Piece } from './piece.ts';
import { globWord, hasGlob, isExpanded, remoteWord } from './remote-path.ts';

/** The parameters that `command`, `shell` and `script` share. */
export const COMMAND_ARGS = {
  chdir: { type: 'path', doc: 'Directory to run it in.' },
  creates: { type: 'path', doc: 'A path or glob pattern: where it already exists, the command is not run.' },
  removes: { type: 'path', doc: 'A path or glob pattern: where nothing like it exists, the command is not run.' },
} as const satisfies ArgSpec;

/** What `command` and `shell` take besides. */
export const INPUT_ARGS = {
  stdin: { type: 'str', doc: 'Text for its standard input.' },
  stdin_add_newline: { type: 'bool', default: true, doc: 'Whether a newline is put after `stdin`.' },
  strip_empty_ends: { type: 'bool', default: true, doc: 'Whether line ends are cut off the end of stdout and stderr.' },
  warn: {
    type: 'bool',
    doc: 'Nothing: Ansible once advised modules here, and old playbooks switch that off.',
    differs: 'Accepted and without effect; Ansible refuses it since 2.14.',
  },
} as const satisfies ArgSpec;

export interface CommandConditions {
  readonly chdir?: string;
  readonly creates?: string;
  readonly removes?: string;
}

export interface CommandState {
  /** The directory as the host expanded it. */
  readonly chdir?: string;
  /** Why it cannot be entered. */
  readonly chdirTrouble?: string;
  readonly creates: boolean;
  readonly removes: boolean;
}

/** Looks at `chdir`, `creates` and `removes`; the latter two are relative to the first. Prints nothing where there are none. */
export function commandPiece(args: CommandConditions): Piece<CommandState> {
  const { chdir, creates, removes } = args;
  const tests = [creates, removes].map((pattern) => (pattern === undefined ? undefined : existsScript(pattern)));
  const enter = chdir !== undefined && (isExpanded(chdir) || tests.some(Boolean));
  if (!enter && !tests.some(Boolean)) return { script: sh`:`, parse: () => stateWithout(chdir) };
  const parts = [enter ? enterScript(chdir) : undefined, ...tests].filter((part) => part !== undefined);
  return {
    script: sh`( ${{ script: joinScripts(parts) }}
)`,
    parse: (cursor) => parseState(cursor, args, enter),
  };
}

function stateWithout(chdir: string | undefined): CommandState {
  return { creates: false, removes: false, ...(chdir === undefined ? {} : { chdir }) };
}

function enterScript(chdir: string): Script {
  return sh`kp_d=${{ script: remoteWord(chdir) }}
kp_why=$(cd -- "$kp_d" 2>&1) && kp_why=''
printf '%s\000' "$kp_d" "$kp_why"
cd -- "$kp_d" 2>/dev/null || exit 0`;
}

function existsScript(pattern: string): Script {
  if (!hasGlob(pattern)) {
    return sh`kp_f=${{ script: remoteWord(pattern) }} kp_found=0
if [ -e "$kp_f" ] || [ -L "$kp_f" ]; then kp_found=1; fi
printf '%s\000' "$kp_found"`;
  }
  return sh`kp_found=0
for kp_f in ${{ script: globWord(pattern) }}; do
  if [ -e "$kp_f" ] || [ -L "$kp_f" ]; then kp_found=1; break; fi
done
printf '%s\000' "$kp_found"`;
}

function parseState(cursor: Cursor, { chdir, creates, removes }: CommandConditions, entered: boolean): CommandState {
  const expanded = entered ? cursor.field() : chdir;
  const trouble = entered ? cursor.field() : '';
  const place = expanded === undefined ? {} : { chdir: expanded };
  if (trouble !== '') return { ...place, chdirTrouble: trouble, creates: false, removes: false };
  return {
    ...place,
    creates: creates !== undefined && cursor.field() === '1',
    removes: removes !== undefined && cursor.field() === '1',
  };
}

/** Why the command need not run, in Ansible's words. */
export function needlessRun({ creates, removes }: CommandConditions, state: CommandState): string | undefined {
  if (creates !== undefined && state.creates) return `since '${creates}' exists`;
  if (removes !== undefined && !state.removes) return `since '${removes}' does not exist`;
  return undefined;
}

export interface CommandPlan {
  readonly args: CommandConditions;
  readonly state: CommandState;
  readonly check: boolean;
  readonly change: () => CommandChange;
}

/** One change, or none where `creates` or `removes` say so. Without those, check mode cannot tell and skips. */
export function planCommand({ args, state, check, change }: CommandPlan): Decision {
  if (state.chdirTrouble !== undefined) {
    return { failed: `Unable to change directory before execution: ${state.chdirTrouble}` };
  }
  if (needlessRun(args, state) !== undefined) return [];
  if (check && args.creates === undefined && args.removes === undefined) {
    return { skipped: 'Command would have run if not in check mode', result: { rc: 0, changed: false } };
  }
  return [change()];
}

export function stdinOf(args: { readonly stdin?: string; readonly stdin_add_newline: boolean }): { stdin?: Content } {
  if (args.stdin === undefined) return {};
  return { stdin: contentOf(args.stdin_add_newline ? `${args.stdin}\n` : args.stdin) };
}

/** One line for plans and reports. */
export function shortCommand(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ');
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}

export interface CommandResult {
  readonly cmd: string | readonly string[];
  readonly args: CommandConditions & { readonly strip_empty_ends?: boolean };
  readonly state: CommandState;
  readonly outputs: readonly StepOutput[];
}

/** The return values of `command` and its kin. Times are UTC. */
export function commandResult({ cmd, args, state, outputs }: CommandResult): JsonObject {
  const output = outputs.at(-1);
  if (!output) {
    const why = needlessRun(args, state);
    if (why === undefined) return { cmd, rc: 0, msg: 'Command would have run if not in check mode' };
    const stdout = `skipped, ${why.replaceAll("'", '')}`;
    return {
      cmd,
      rc: 0,
      msg: `Did not run command ${why}`,
      stdout,
      stderr: '',
      stdout_lines: [stdout],
      stderr_lines: [],
    };
  }
  return {
    cmd,
    rc: output.status,
    msg: output.status === 0 ? '' : 'non-zero return code',
    ...outputTexts(output, args.strip_empty_ends ?? true),
    start: timeText(output.startedAt),
    end: timeText(output.endedAt),
    delta: deltaText(output.endedAt - output.startedAt),
  };
}

/** stdout and stderr as text and as lines. Bytes that are no UTF-8 become U+FFFD. */
export function outputTexts(output: StepOutput, strip: boolean): JsonObject {
  const textOf = (bytes: Buffer) => (strip ? bytes.toString('utf8').replace(/[\r\n]+$/, '') : bytes.toString('utf8'));
  const stdout = textOf(output.stdout);
  const stderr = textOf(output.stderr);
  return { stdout, stderr, stdout_lines: linesOf(stdout), stderr_lines: linesOf(stderr) };
}

/** As Python's `str.splitlines`. */
function linesOf(text: string): string[] {
  if (text === '') return [];
  const lines = text.split(/\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function timeText(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', '000');
}

/** As Python prints a timedelta: `0:00:01.500000`, `1 day, 2:03:04`. */
function deltaText(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const clock = `${Math.floor((seconds % 86_400) / 3600)}:${pad(Math.floor((seconds % 3600) / 60))}:${pad(seconds % 60)}`;
  const days = Math.floor(seconds / 86_400);
  const fraction = Math.round(ms % 1000);
  const tail = fraction === 0 ? '' : `.${String(fraction).padStart(3, '0')}000`;
  return `${days === 0 ? '' : `${days} day${days === 1 ? '' : 's'}, `}${clock}${tail}`;
}

function pad(number: number): string {
  return String(number).padStart(2, '0');
}
