import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Identity } from '../../../../src/model/connection.ts';
import { contentOf } from '../../../../src/model/content.ts';
import { sh } from '../../../../src/shared/sh.ts';
import { asText, frame, makeBench } from '../../../support/local-frames.ts';

const bench = makeBench();
afterEach(() => bench.clean());

/** A sudo that behaves like sudo -S -p: written in sh, logs its arguments and what it read. */
function fakeSudo(body: string): { readonly executable: string; log(): string } {
  const directory = bench.directory();
  const executable = join(directory, 'sudo');
  const log = join(directory, 'log');
  writeFileSync(
    executable,
    `#!/bin/sh
printf '%s\\n' "$*" >>${log}
ask=; n=
while [ "$1" != -- ]; do
  case $1 in -S) ask=1 ;; -n) n=1 ;; -p) shift; prompt=$1 ;; esac
  shift
done
shift
read_password() { printf '%s' "$prompt" >&2; IFS= read -r password; printf 'read:%s\\n' "$password" >>${log}; }
${body}
exec "$@"
`,
  );
  writeFileSync(log, '');
  chmodSync(executable, 0o700);
  return { executable, log: () => readFileSync(log, 'utf8') };
}

const ASKING = `if [ -n "$n" ]; then echo 'sudo: a password is required' >&2; exit 1; fi
for try in 1 2 3; do
  read_password
  if [ "$password" = right ]; then break; fi
  echo 'Sorry, try again.' >&2
  if [ "$try" = 3 ]; then echo 'sudo: 3 incorrect password attempts' >&2; exit 1; fi
done`;

async function tryIt(identity: Partial<Identity>, body: string) {
  const { executable, log } = fakeSudo(body);
  const connection = await bench.connect('/bin/sh');
  const shell = connection.shell({ method: 'sudo', executable, ...identity });
  const result = shell.then((one) => one.run(frame(sh`echo in; cat`, { stdin: contentOf('text') })));
  return { result, log, connection };
}

describe('sudo', () => {
  test('a password is given once, after our own prompt', async () => {
    const { result, log } = await tryIt({ password: 'right' }, ASKING);
    expect(asText(await result)).toMatchObject({ status: 0, stdout: 'in\ntext' });
    expect(log().match(/read:.*/g)).toEqual(['read:right']);
    expect(log()).toMatch(/-H -S -p \[kprep [0-9a-f]{32}\] password: -u root -- \/bin\/sh -c /);
  });

  test('a wrong one is found out at the second prompt', async () => {
    const { result, log } = await tryIt({ password: 'wrong' }, ASKING);
    await expect(result).rejects.toMatchObject({ kind: 'become', message: 'the sudo password is wrong' });
    expect(log().match(/read:.+/g)).toEqual(['read:wrong']);
  });

  test('where none is asked for, none is written', async () => {
    const { result, log } = await tryIt({ password: 'geheim' }, 'echo "some lecture: " >&2');
    expect(asText(await result)).toMatchObject({ status: 0, stdout: 'in\ntext', stderr: '' });
    expect(log()).not.toContain('geheim');
  });

  test('without a password the first frames travel with the shell', async () => {
    const { result, connection } = await tryIt({}, 'echo lecture >&2; echo noise');
    expect(asText(await result)).toMatchObject({ stdout: 'in\ntext', stderr: '' });
    expect(connection.roundTrips).toBe(2);
  });

  const refusals: readonly [string, string, string][] = [
    ['no password', ASKING, 'sudo asks for a password'],
    [
      'not in sudoers',
      'echo "eve is not in the sudoers file.  This incident will be reported." >&2; exit 1',
      'eve is not in the sudoers file',
    ],
    ['may not run', 'echo "Sorry, user eve may not run sudo on host." >&2; exit 1', 'eve is not in the sudoers file'],
    [
      'not this command',
      'echo "Sorry, user eve is not allowed to execute \'/bin/sh\' as root on host." >&2; exit 1',
      'eve is not in the sudoers file',
    ],
    [
      'expired',
      'echo "sudo: Account or password is expired, reset your password and try again" >&2; exit 1',
      'sudo: the account is locked or expired',
    ],
    [
      'what we do not know is quoted',
      'printf "sudo: \\033[31mso geht das nicht\\n" >&2; exit 1',
      'sudo gives no shell (status 1): sudo: so geht das nicht',
    ],
  ];
  test.each(refusals)('%s', async (_, body, message) => {
    await expect((await tryIt({}, body)).result).rejects.toMatchObject({ kind: 'become', message });
  });

  test.each(['-x', 'a b', 'root;id', '', '$(id)'])('the user %j is refused', async (user) => {
    await expect((await tryIt({ user }, '')).result).rejects.toMatchObject({ kind: 'become' });
  });

  test('a program that is not there', async () => {
    const connection = await bench.connect('/bin/sh');
    const shell = await connection.shell({ method: 'sudo', executable: '/nowhere/sudo' });
    await expect(shell.run(frame(sh`true`))).rejects.toMatchObject({
      kind: 'become',
      message: '/nowhere/sudo: command not found',
    });
  });
});
