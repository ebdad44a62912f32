import type { Frame } from '../../model/connection.ts';
import { KprepError } from '../../shared/errors.ts';
import { quote } from '../../shared/sh.ts';

/**
 * Bytes as one line that `printf %b` (and ksh's `print`) turns back, without quotes, so that it can stand in `'…'` at
 * any depth. POSIX.1-2017, printf: `\0ddd` is octal, `\\` a backslash.
 */
export function encode(data: Buffer | string): string {
  const text = typeof data === 'string' ? Buffer.from(data, 'utf8').toString('latin1') : data.toString('latin1');
  return text.replace(/[\\\n\t']|[^\x20-\x7e]/g, escapeByte);
}

function escapeByte(byte: string): string {
  if (byte === '\\') return '\\\\';
  if (byte === '\n') return '\\n';
  if (byte === '\t') return '\\t';
  return `\\0${byte.charCodeAt(0).toString(8).padStart(3, '0')}`;
}

/** Content up to this many bytes travels inside the frame. */
export const INLINE_LIMIT = 16 * 1024;

/** Where the step's standard input lies on the host: a directory of its own with one file `in`. */
export interface Uploaded {
  readonly directory: string;
  readonly size: number;
}

const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const ENGINE = `LC_ALL=C PATH="\${PATH:+$PATH:}${SYSTEM_PATH}"; export LC_ALL PATH; umask 077`;
const DECODER = `case \${KSH_VERSION-} in
*MIRBSD*|*'PD KSH'*) kp_b() { print -n -- "$1"; } ;;
*) kp_b() { printf %b "$1"; } ;;
esac`;

/**
 * The program that the step's own shell reads. The script is evaluated with an input of its own, since the shell's input
 * is the program.
 * @throws KprepError `task` when a variable's name is none, or a value holds a NUL.
 */
export function programOf(frame: Frame, stdin: Buffer | Uploaded | undefined): string {
  const lines: string[] = [];
  if (frame.environment === 'engine') lines.push(ENGINE);
  for (const [name, value] of Object.entries(frame.env ?? {})) lines.push(exportLine(name, value));
  if (frame.chdir !== undefined) lines.push(`CDPATH='' cd ${word(pathOf(frame.chdir), 'chdir')} || exit 1`);
  lines.push(...evaluate(word(frame.script, 'the script'), stdin));
  return `${lines.join('\n')}\n`;
}

function evaluate(script: string, stdin: Buffer | Uploaded | undefined): string[] {
  if (stdin === undefined) return [`eval ${script} </dev/null`];
  if (Buffer.isBuffer(stdin)) return [DECODER, `kp_b '${encode(stdin)}' | {`, `eval ${script}`, '}'];
  const directory = quote(stdin.directory);
  return [
    // Opened, then unlinked: nothing is left behind however the step ends.
    `exec 8<${directory}/in || exit 1`,
    `[ "$(($(wc -c <${directory}/in)))" -eq ${stdin.size} ] || { echo 'kprep: the input arrived cut short' >&2; exit 1; }`,
    `rm -rf ${directory}`,
    `eval ${script} <&8 8<&-`,
  ];
}

function exportLine(name: string, value: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw new KprepError('task', `${JSON.stringify(name)} is no name for an environment variable`);
  }
  return `${name}=${word(value, `the variable ${name}`)}; export ${name}`;
}

/** `cd -` would go to the directory before. */
function pathOf(directory: string): string {
  return directory.startsWith('-') ? `./${directory}` : directory;
}

function word(text: string, what: string): string {
  if (text.includes('\0')) throw new KprepError('task', `${what} holds a NUL byte`);
  return quote(text);
}
