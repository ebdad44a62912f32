import { constants } from 'node:os';
import type { CommandChange } from '../../model/change.ts';
import { type Script, sh } from '../../shared/sh.ts';
import { type Applied, limits, runFrame, type Site } from './site.ts';

/** Status of a command whose working directory is missing; told from a command's own by what stands on stderr. */
const NO_DIRECTORY = 97;
const NO_DIRECTORY_TEXT = 'kprep: cannot change to the directory ';

/**
 * Runs what an operator wrote, in the user's own environment. The text travels in the frame, never in an argument list.
 * `detach`: start it and do not wait (`async` with `poll: 0`); its output is then dropped.
 * @throws KprepError `lost`.
 */
export function applyCommand(
  site: Site,
  change: CommandChange,
  options?: { readonly detach: boolean },
): Promise<Applied> {
  if ('raw' in change.command && site.exec) return execRaw(site, change, change.command, site.exec);
  const body = sh`${{ script: directory(change.chdir) }}${{ script: bodyOf(change.command) }}`;
  const stdin = 'script' in change.command ? change.command.script : change.stdin;
  return runFrame(site, change, {
    script: options?.detach ? detached(body) : body,
    environment: 'user',
    env: site.environment,
    ...(stdin ? { stdin } : {}),
    ...(site.onOutput ? { onOutput: site.onOutput } : {}),
  });
}

/** Whether the command never ran because its directory cannot be entered. */
export function missedDirectory(status: number, stderr: string): string | undefined {
  if (status !== NO_DIRECTORY || !stderr.startsWith(NO_DIRECTORY_TEXT)) return undefined;
  return stderr.slice('kprep: '.length).trim();
}

function directory(chdir: string | undefined): Script {
  if (chdir === undefined) return sh``;
  const path = chdir.startsWith('-') ? `./${chdir}` : chdir;
  return sh`CDPATH='' cd ${path} >/dev/null 2>&1 || { printf '%s%s\n' ${NO_DIRECTORY_TEXT} ${chdir} >&2; exit ${NO_DIRECTORY}; }
`;
}

function bodyOf(command: CommandChange['command']): Script {
  if ('argv' in command) return sh`exec ${command.argv}`;
  if ('script' in command) return scriptFile(command.arguments, command.executable);
  const text = 'raw' in command ? command.raw : command.shell;
  if (command.executable === undefined || command.executable === '/bin/sh') return operatorText(text);
  return underInterpreter(text, command.executable);
}

/** What an operator wrote is a script as it stands: the frame's own shell reads it, as `sh -c` would. */
function operatorText(text: string): Script {
  return text as Script;
}

/** The interpreter reads the text from a descriptor, so `ps` shows nothing of it and standard input stays free. */
function underInterpreter(text: string, executable: string): Script {
  let end = 'KPREP_TEXT';
  while (text.includes(end)) end += '_';
  return sh`exec ${executable} /dev/fd/9 9<<'${{ script: operatorText(end) }}'
${{ script: operatorText(text) }}
${{ script: operatorText(end) }}`;
}

/** A script file may need any interpreter, so it must be a file there; the directory goes when it ends. */
function scriptFile(words: string, executable: string | undefined): Script {
  const interpreter = executable === undefined ? sh`` : sh`${{ script: operatorText(executable) }} `;
  return sh`kp_dir=$(umask 077; mktemp -d "\${TMPDIR:-/tmp}/kprep.XXXXXX") || exit 1
trap 'rm -rf "$kp_dir"' EXIT
trap 'exit 143' HUP INT TERM
cat >"$kp_dir/script" || exit 1
chmod 0700 "$kp_dir/script" || exit 1
${{ script: interpreter }}"$kp_dir/script" ${{ script: operatorText(words) }} </dev/null`;
}

/** Hang-ups are ignored so that the end of the connection does not end it. */
function detached(body: Script): Script {
  return sh`( trap '' HUP
${{ script: body }}
) </dev/null >/dev/null 2>&1 &`;
}

async function execRaw(
  site: Site,
  change: CommandChange,
  command: { readonly raw: string; readonly executable?: string },
  exec: NonNullable<Site['exec']>,
): Promise<Applied> {
  const text = command.executable === undefined ? command.raw : sh`${command.executable} -c ${command.raw}`;
  const startedAt = site.now();
  const { killable: _, ...bounds } = limits(site, change.killable);
  const result = await exec(text, {
    ...bounds,
    ...(change.stdin ? { stdin: change.stdin } : {}),
    ...(site.onOutput ? { onOutput: site.onOutput } : {}),
  });
  const status = result.status ?? 128 + signalNumber(result.signal);
  const { stdout, stderr } = result;
  return { output: { change, status, stdout, stderr, startedAt, endedAt: site.now() }, ended: result.ended };
}

function signalNumber(name: string | undefined): number {
  const numbers: Readonly<Record<string, number>> = constants.signals;
  return numbers[`SIG${(name ?? 'KILL').replace(/^SIG/, '')}`] ?? 9;
}
