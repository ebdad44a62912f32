import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { lockScript } from '../../../src/modules/system/packages/lock.ts';
import { sh } from '../../../src/shared/sh.ts';
import { testShells } from '../../support/shells.ts';

let dir: string;
let holder: ChildProcess | undefined;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'kprep-lock-'));
});
afterEach(async () => {
  if (holder && holder.exitCode === null) {
    const gone = once(holder, 'close');
    holder.kill('SIGKILL');
    await gone;
  }
  holder = undefined;
  rmSync(dir, { recursive: true, force: true });
});

/** Perl takes the lock as dpkg does (fcntl), tells it, and holds it until it is killed. */
const HOLD = `use Fcntl; open(F, '>', $ARGV[0]) or die; my $l = pack('s s l! l! i', F_WRLCK, SEEK_SET, 0, 0, 0);
fcntl(F, F_SETLK, $l) or die "$!"; $| = 1; print "held\\n"; sleep 600;`;

describe.each(testShells().map((shell) => [shell.name, shell] as const))('locks on %s', (_name, shell) => {
  const tryOn = (file: string, pids: readonly string[], seconds: number) => {
    const script = sh`${{ script: lockScript('apt', seconds, { files: [file], pids }) }}
kp_try echo done`;
    const ran = spawnSync(shell.argv[0] ?? 'sh', [...shell.argv.slice(1), '-c', script], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: shell.path, LC_ALL: 'C' },
    });
    return { status: ran.status, stdout: ran.stdout.toString(), stderr: ran.stderr.toString() };
  };

  test('a lock that is held is waited for, and its holder named', async () => {
    const file = join(dir, 'lock');
    holder = spawn('/usr/bin/perl', ['-e', HOLD, file], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(holder.stdout ?? holder, 'data');
    const held = tryOn(file, [], 1);
    expect(held).toEqual({
      status: 75,
      stdout: '',
      stderr: expect.stringMatching(`^kprep-lock ${file} ${holder.pid} /usr/bin/perl -e`),
    });
  });

  test('a file that nobody holds, and one that is not there', () => {
    writeFileSync(join(dir, 'lock'), '');
    expect(tryOn(join(dir, 'lock'), [], 0)).toEqual({ status: 0, stdout: 'done\n', stderr: '' });
    expect(tryOn(join(dir, 'none'), [], 0)).toEqual({ status: 0, stdout: 'done\n', stderr: '' });
  });

  test('a stale process id, and one that is another program’s by now', () => {
    writeFileSync(join(dir, 'stale.pid'), '4194304\n');
    writeFileSync(join(dir, 'other.pid'), String(process.pid));
    const pids = [join(dir, 'stale.pid'), join(dir, 'other.pid'), join(dir, 'none')];
    expect(tryOn(join(dir, 'none'), pids, 0)).toEqual({ status: 0, stdout: 'done\n', stderr: '' });
  });
});
