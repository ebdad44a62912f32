import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import ssh2, { type ParsedKey } from 'ssh2';
import { quickSign } from '../../../../src/ssh/auth/quick-sign.ts';

/** Made for this test. */
const OPENSSH_ED25519 = `-----BEGIN OPENSSH PRIVATE KEY-----
b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW
QyNTUxOQAAACDoIDqXx+R41Kg8ySi3zwjK3Z2eOTlpjQHzZeAse4R0iwAAAIiEV0m+hFdJ
vgAAAAtzc2gtZWQyNTUxOQAAACDoIDqXx+R41Kg8ySi3zwjK3Z2eOTlpjQHzZeAse4R0iw
AAAEDmAj6b9Y5EPUjBtk1zDI5TLGO7Vut9mmj7fDpXcTM41eggOpfH5HjUqDzJKLfPCMrd
nZ45OWmNAfNl4Cx7hHSLAAAABHRlc3QB
-----END OPENSSH PRIVATE KEY-----
`;

const pem = (namedCurve: string) =>
  generateKeyPairSync('ec', { namedCurve }).privateKey.export({ type: 'sec1', format: 'pem' }) as string;
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs1', format: 'pem' });
const parsed = (text: string): ParsedKey => {
  const key = ssh2.utils.parseKey(text) as ParsedKey | ParsedKey[] | Error;
  if (key instanceof Error) throw key;
  return Array.isArray(key) ? (key[0] as ParsedKey) : key;
};

describe('signatures are those that ssh2 takes for its own', () => {
  const rows: readonly (readonly [string, string, string | undefined])[] = [
    ['ed25519', OPENSSH_ED25519, undefined],
    ['ecdsa 256', pem('prime256v1'), undefined],
    ['ecdsa 384', pem('secp384r1'), undefined],
    ['ecdsa 521', pem('secp521r1'), undefined],
    ['rsa, SHA-1', rsa as string, undefined],
    ['rsa, SHA-256', rsa as string, 'sha256'],
    ['rsa, SHA-512', rsa as string, 'sha512'],
  ];
  test.each(rows)('%s', (_, text, hash) => {
    const data = Buffer.from('session and request');
    const signature = quickSign(parsed(text)).sign(data, hash) as Buffer;
    expect(parsed(text).verify(data, signature, hash)).toBe(true);
    expect(parsed(text).verify(Buffer.from('another'), signature, hash)).toBe(false);
  });

  test('a public key stays as it is', () => {
    const key = parsed(`ssh-ed25519 ${parsed(OPENSSH_ED25519).getPublicSSH().toString('base64')}`);
    expect(quickSign(key).sign(Buffer.from('x'))).toBeInstanceOf(Error);
  });
});
