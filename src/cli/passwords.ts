import { readFileSync } from 'node:fs';
import { KprepError } from '../shared/errors.ts';
import type { Secrets } from '../shared/secrets.ts';
import type { Io } from './io.ts';
import type { ConnectionOptions, PlaybookOptions } from './options.ts';

export interface Passwords {
  readonly connection?: string;
  readonly become?: string;
}

/** Asks for, or reads, the passwords of the run, before anything is dialled. Every one is a secret from then on. */
export async function readPasswords(io: Io, options: ConnectionOptions, secrets: Secrets): Promise<Passwords> {
  const connection = await onePassword(io, {
    ask: options['ask-pass'] === true,
    file: options['connection-password-file'],
    prompt: 'SSH password: ',
  });
  // As in Ansible: an empty answer to the second question means "the same".
  const become = await onePassword(io, {
    ask: options['ask-become-pass'] === true,
    file: options['become-password-file'],
    prompt: connection === undefined ? 'BECOME password: ' : 'BECOME password [the SSH password]: ',
  });
  const effective = become === '' ? connection : become;
  for (const password of [connection, effective]) if (password) secrets.add(password);
  return {
    ...(connection === undefined ? {} : { connection }),
    ...(effective === undefined ? {} : { become: effective }),
  };
}

export interface VaultPassword {
  readonly id: string;
  readonly password: string;
}

/** `--vault-id label@source`, `--vault-password-file`, `--ask-vault-pass`, in that order. */
export async function readVaultPasswords(
  io: Io,
  options: Pick<PlaybookOptions, 'vault-id' | 'vault-password-file' | 'ask-vault-pass'>,
  secrets: Secrets,
): Promise<readonly VaultPassword[]> {
  const found: VaultPassword[] = [];
  for (const given of options['vault-id'] ?? []) {
    const at = given.lastIndexOf('@');
    const id = at < 0 ? 'default' : given.slice(0, at);
    const source = given.slice(at + 1);
    const password = source === 'prompt' ? await askPassword(io, `Vault password (${id}): `) : passwordFile(source);
    found.push({ id, password });
  }
  for (const file of options['vault-password-file'] ?? []) found.push({ id: 'default', password: passwordFile(file) });
  if (options['ask-vault-pass']) found.push({ id: 'default', password: await askPassword(io, 'Vault password: ') });
  for (const { password } of found) secrets.add(password);
  return found;
}

async function onePassword(
  io: Io,
  from: { readonly ask: boolean; readonly file: string | undefined; readonly prompt: string },
): Promise<string | undefined> {
  if (from.file !== undefined) return passwordFile(from.file);
  return from.ask ? await askPassword(io, from.prompt) : undefined;
}

function passwordFile(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    throw new KprepError('task', `cannot read the password file ${path}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/**
 * A line from the terminal without echo, or the next line of standard input where that is no terminal.
 * @throws KprepError `cancelled` at Ctrl-C, `task` when the input ends first.
 */
export async function askPassword(io: Io, prompt: string, options: { readonly echo?: boolean } = {}): Promise<string> {
  io.stderr.write(prompt);
  const raw = !options.echo && io.stdin.isTTY === true && io.stdin.setRawMode !== undefined;
  if (raw) io.stdin.setRawMode?.(true);
  try {
    return await readLine(io);
  } finally {
    if (raw) io.stdin.setRawMode?.(false);
    io.stdin.pause();
    if (!options.echo) io.stderr.write('\n');
  }
}

async function readLine(io: Io): Promise<string> {
  let line = '';
  while (true) {
    const chunk = io.stdin.read(1) as Buffer | string | null;
    if (chunk === null) {
      if (io.stdin.readableEnded) throw new KprepError('task', 'a password was asked for, but the input ended');
      await readableOrEnd(io);
      continue;
    }
    const character = chunk.toString('latin1');
    if (character === '\u0003') throw new KprepError('cancelled', 'cancelled at the password prompt');
    if (character === '\n' || character === '\r') return Buffer.from(line, 'latin1').toString('utf8');
    line = character === '\u007f' || character === '\b' ? line.slice(0, -1) : line + character;
  }
}

function readableOrEnd({ stdin }: Io): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      stdin.off('readable', done);
      stdin.off('end', done);
      resolve();
    };
    stdin.on('readable', done);
    stdin.on('end', done);
  });
}
