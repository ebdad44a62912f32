import type { Identity } from '../../model/connection.ts';
import { KprepError } from '../../shared/errors.ts';
import { quote } from '../../shared/sh.ts';

export interface BecomeCommand {
  readonly command: string;
  /** A password may be asked for on the program's streams: then nothing may be sent before `upMark` or a prompt was seen. */
  readonly mayAsk: boolean;
}

export interface BecomeOptions {
  readonly nonce: string;
  readonly shell: string;
  /** What the become user's shell runs: constant, since `ps` and the log of sudo show it. */
  readonly script: string;
  /** The program has a terminal, and asks there. */
  readonly terminal?: boolean;
}

/** The prompt that we give sudo; nothing else prints it. */
export function promptOf(nonce: string): string {
  return `[kprep ${nonce}] password:`;
}

/** What the become shell prints on stderr once it is there. */
export function upMark(nonce: string): string {
  return `[kprep ${nonce}] up`;
}

/**
 * The line that the login shell is given. Without a password `sudo -n` and `doas -n` never read their input, so the first
 * steps may follow at once.
 * @throws KprepError `become` when the user's name or the program cannot be meant.
 */
export function becomeCommand(
  identity: Identity,
  { nonce, shell, script, terminal = false }: BecomeOptions,
): BecomeCommand {
  const user = checked(identity.user ?? 'root', 'the user to become');
  const program = checked(identity.executable ?? identity.method, 'the become program');
  const flags = identity.flags ?? [];
  const mayAsk = identity.password !== undefined || identity.method === 'su' || terminal;
  const run = `${quote(shell)} -c ${quote(mayAsk ? `echo ${quote(upMark(nonce))} >&2; ${script}` : script)}`;
  return { command: `exec ${lineOf()}`, mayAsk };

  function lineOf(): string {
    if (identity.method === 'su') {
      return words([program, ...flags, '-s', shell, '-c', `exec ${run}`, user]);
    }
    if (identity.method === 'doas')
      return `${words([program, ...flags, ...(mayAsk ? [] : ['-n']), '-u', user])} ${run}`;
    const ask = mayAsk ? [...(terminal ? [] : ['-S']), '-p', promptOf(nonce)] : ['-n'];
    return `${words([program, ...flags, '-H', ...ask, '-u', user, '--'])} ${run}`;
  }
}

function words(list: readonly string[]): string {
  return list.map((word) => quote(word)).join(' ');
}

/** A name that begins with `-` is an option. */
function checked(name: string, what: string): string {
  if (/^[A-Za-z0-9_./][A-Za-z0-9_./@+-]*\$?$/.test(name)) return name;
  throw new KprepError('become', `${JSON.stringify(name)} cannot be ${what}`);
}
