import { execFileSync } from 'node:child_process';
import { userInfo } from 'node:os';
import { expect, test } from '@jest/globals';
import { loginShell } from '../../../../src/cli/exec/login-shell.ts';

const HARD = `printf "%s|" "it's" '$HOME' \`echo sub\` "a b"; echo two`;

function run(env: Readonly<Record<string, string>>, line = HARD): string {
  return execFileSync('/bin/sh', [], {
    input: loginShell(line),
    env: { PATH: process.env.PATH ?? '', ...env },
  }).toString();
}

const plain = execFileSync('/bin/sh', ['-c', HARD]).toString();

test.each([
  ['the shell that sshd names', { SHELL: '/bin/sh' }],
  ['of a user who cannot log in: sh', { SHELL: '/usr/sbin/nologin' }],
  ['no name: that of the user database', {}],
])('%s', (_name, env) => {
  expect(run(env)).toBe(plain);
});

test('behind sudo the user database counts, not what the caller had', () => {
  const shell = userInfo().shell ?? '/bin/sh';
  const used = /nologin|false/.test(shell) ? '/bin/sh' : shell;
  expect(run({ SHELL: '/bin/true', SUDO_USER: 'ops' }, 'echo here')).toBe('here\n');
  expect(run({ SHELL: '/bin/true', SUDO_USER: 'ops' }, 'echo $0')).toBe(`${used}\n`);
});

test('nothing of ours stands in its environment', () => {
  expect(run({ SHELL: '/bin/sh' }, 'env')).not.toContain('kp_');
});
