import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decryptVault, encryptVault } from '../../../src/shared/vault.ts';

const PLAIN = 'user: admin\npassword: "ü s3cret"\n';
let dir = '';

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'kprep-vault-'));
  writeFileSync(join(dir, 'pw'), 'correct horse\n');
});

afterAll(() => rmSync(dir, { recursive: true, force: true }));

function ansibleVault(...args: string[]): string {
  return execFileSync('/usr/bin/ansible-vault', args, {
    cwd: dir,
    env: { PATH: '/usr/bin:/bin', HOME: dir },
  }).toString();
}

describe('ansible-vault and kprep read each other', () => {
  test('theirs by us, with and without an id', () => {
    writeFileSync(join(dir, 'plain'), PLAIN);
    const one = ansibleVault('encrypt', '--vault-password-file', 'pw', '--output', '-', 'plain');
    const two = ansibleVault('encrypt', '--vault-id', 'prod@pw', '--output', '-', 'plain');
    expect(two.split('\n')[0]).toBe('$ANSIBLE_VAULT;1.2;AES256;prod');
    expect([one, two].map((text) => decryptVault(text, 'correct horse').toString('utf8'))).toEqual([PLAIN, PLAIN]);
  });

  test('ours by them', () => {
    writeFileSync(join(dir, 'ours'), encryptVault(PLAIN, 'correct horse', { salt: Buffer.alloc(32, 3) }));
    expect(ansibleVault('view', '--vault-password-file', 'pw', 'ours')).toBe(PLAIN);
  });
});
