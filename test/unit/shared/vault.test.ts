import { describe, expect, test } from '@jest/globals';
import { decryptVault, encryptVault, isVault, VaultError, vaultHeader } from '../../../src/shared/vault.ts';

const SALT = Buffer.alloc(32, 7);

describe('vault', () => {
  test.each([
    ['empty', ''],
    ['a word', 'hunter2'],
    ['exactly one block', '0123456789abcdef'],
    ['lines and umlauts', 'ä: 1\nö: 2\n'],
    ['long', 'x'.repeat(5000)],
  ])('%s goes in and comes out', (_name, plaintext) => {
    const text = encryptVault(plaintext, 'pw', { salt: SALT });
    expect(isVault(text)).toBe(true);
    expect(decryptVault(text, 'pw').toString('utf8')).toBe(plaintext);
  });

  test('carries its id', () => {
    const text = encryptVault('x', 'pw', { salt: SALT, id: 'prod' });
    expect(vaultHeader(text)).toEqual({ version: '1.2', id: 'prod' });
    expect(decryptVault(text, 'pw').toString()).toBe('x');
  });

  test.each([
    ['another password', encryptVault('x', 'other', { salt: SALT }), 'the vault password is wrong'],
    ['no vault', 'hello', 'this is no Ansible Vault text'],
    ['another cipher', '$ANSIBLE_VAULT;1.1;AES\n00', 'vault cipher AES is not known'],
    ['another format', '$ANSIBLE_VAULT;9.9;AES256\n00', 'vault format 9.9 is not known'],
    ['no hex', '$ANSIBLE_VAULT;1.1;AES256\nxyz', 'the vault text is damaged: not hex'],
    ['too short', '$ANSIBLE_VAULT;1.1;AES256\n3030', 'the vault text is damaged: a part is missing'],
    ['a bit turned', turned(encryptVault('x', 'pw', { salt: SALT })), 'the vault password is wrong'],
  ])('refuses %s', (_name, text, message) => {
    const run = () => decryptVault(text, 'pw');
    expect(run).toThrow(VaultError);
    expect(run).toThrow(message);
  });
});

/** The last hex digit of the last hex digit's code, changed. */
function turned(text: string): string {
  const last = text.trimEnd().at(-1) === '0' ? '1' : '0';
  return `${text.trimEnd().slice(0, -1)}${last}\n`;
}
