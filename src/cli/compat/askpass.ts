import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReadStream } from 'node:tty';
import type { Io } from '../io.ts';
import { askPassword } from '../passwords.ts';
import { wrap } from './help.ts';

const WARNING =
  'Warning: do not enter your password if anyone else has superuser privileges or access to your account.';

/** `-A`: one password for all hosts, from the terminal, or from standard input where there is none. */
export async function readPassword(io: Io): Promise<string> {
  io.stdout.write(`${wrap(WARNING, 70).join('\n')}\n`);
  const terminal = io.stdin.isTTY ? undefined : openTerminal();
  try {
    return await askPassword(terminal ? { ...io, stdin: terminal } : io, 'Password: ');
  } finally {
    terminal?.destroy();
  }
}

function openTerminal(): ReadStream | undefined {
  try {
    return new ReadStream(openSync('/dev/tty', 'r'));
  } catch {
    return undefined;
  }
}

/** How the system's ssh gets the password: a program that answers its prompts. */
export interface Askpass {
  readonly env: Readonly<Record<string, string>>;
  remove(): void;
}

const PROGRAM = `#!/bin/sh
case $1 in
*assword:|*assword:\\ |*'nter passphrase for key'*) exec cat "\${0%/*}/password" ;;
esac
printf '%s\\n' "$1" >&2
exit 1
`;

/** In a private directory, which `remove` removes. */
export function makeAskpass(password: string): Askpass {
  const directory = mkdtempSync(join(tmpdir(), 'kprep-'));
  writeFileSync(join(directory, 'password'), `${password}\n`, { mode: 0o600 });
  writeFileSync(join(directory, 'askpass'), PROGRAM, { mode: 0o700 });
  return {
    env: { SSH_ASKPASS: join(directory, 'askpass'), SSH_ASKPASS_REQUIRE: 'force' },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
