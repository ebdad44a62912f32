import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { resolveMode } from '../../../../src/modules/support/mode.ts';

test.each([
  ['0644', 0o777, false, '0644'],
  ['644', 0, false, '0644'],
  ['01777', 0, true, '01777'],
  ['u=rw,g=r,o=r', 0o777, false, '0644'],
  ['u=rwX,g=rX,o=rX', 0o640, false, '0644'],
  ['u=rwX,g=rX,o=rX', 0o740, false, '0755'],
  ['a+rX', 0o600, true, '0755'],
  ['+x', 0o644, false, '0755'],
  ['+w', 0o444, false, '0644'],
  ['go-rwx', 0o755, false, '0700'],
  ['u+s,g+s', 0o755, false, '06755'],
  ['+t', 0o777, true, '01777'],
  ['g=u', 0o640, false, '0660'],
  ['o=', 0o664, false, '0660'],
  ['u=rw-w', 0o000, false, '0400'],
])('%s on %o (directory: %s) is %s', (mode, base, directory, expected) => {
  expect(resolveMode(mode, { mode: base, directory })).toBe(expected);
});

test('symbolic modes are those of chmod', () => {
  const dir = mkdtempSync(join(tmpdir(), 'kprep-test-'));
  try {
    const file = join(dir, 'f');
    writeFileSync(file, '');
    for (const base of [0o600, 0o644, 0o755, 0o4711]) {
      for (const mode of ['u=rw,go=r', 'a+x', 'g+w,o-r', 'ug=rx', 'o=g', '+x', 'u-s', 'a=']) {
        chmodSync(file, base);
        spawnSync('/bin/sh', ['-c', 'umask 022; exec chmod -- "$1" "$2"', 'sh', mode, file]);
        const bits = Number.parseInt(resolveMode(mode, { mode: base, directory: false }), 8);
        expect([mode, base, bits]).toEqual([mode, base, statSync(file).mode & 0o7777]);
      }
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
