import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeHostKeyStore } from '../../../../src/ssh/host-keys/store.ts';
import { makeVerifier } from '../../../../src/ssh/host-keys/verify.ts';

let directory: string;
let count = 0;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'kprep-keys-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const blob = (type: string, body: string): Buffer =>
  Buffer.concat([
    Buffer.from([0, 0, 0, type.length]),
    Buffer.from(type),
    Buffer.from([0, 0, 0, body.length]),
    Buffer.from(body),
  ]);
const ED = blob('ssh-ed25519', 'key-one');
const OTHER = blob('ssh-ed25519', 'key-two');
const RSA = blob('ssh-rsa', 'key-rsa');
const line = (names: string, key: Buffer, marker = ''): string =>
  `${marker}${names} ${key.toString('latin1', 4, 4 + key.readUInt32BE(0))} ${key.toString('base64')}\n`;

type Checking = 'yes' | 'accept-new' | 'no';

async function check(
  text: string,
  key: Buffer,
  { port = 22, checking = 'accept-new' as Checking } = {},
): Promise<string> {
  const file = join(directory, `known${count++}`);
  writeFileSync(file, text);
  const warnings: string[] = [];
  const warn = (message: string): void => void warnings.push(message);
  const verifier = await makeVerifier({
    checking,
    files: [file],
    hashed: false,
    host: 'Node',
    port,
    store: makeHostKeyStore(warn),
    warn,
  });
  const outcome = await verifier.verify(key).then(
    () => 'good',
    (error: Error & { kind: string }) => `${error.kind}: ${error.message.replaceAll(file, 'FILE')}`,
  );
  const added = readFileSync(file, 'utf8').slice(text.length);
  return [
    outcome,
    ...(added ? [`added ${added.trim().split(' ')[0]}`] : []),
    ...(warnings.length > 0 ? ['warned'] : []),
  ].join(', ');
}

const rows: readonly [string, string, Buffer, { port?: number; checking?: Checking }, RegExp][] = [
  ['known', line('node', ED), ED, {}, /^good$/],
  ['known among others', line('a,node,b', OTHER) + line('n*', ED), ED, {}, /^good$/],
  ['new', '', ED, {}, /^good, added node$/],
  ['new, on a port', '', ED, { port: 2222 }, /^good, added \[node\]:2222$/],
  ['new after a line without an end', '# no newline', ED, {}, /^good, added node$/],
  ['new, strict', '', ED, { checking: 'yes' }, /^host-key: .* is not known$/],
  ['new, lax', '', ED, { checking: 'no' }, /^good, added node$/],
  ['changed', line('node', OTHER), ED, {}, /^host-key: the host key has changed.*FILE:1 has another$/],
  ['changed to another type', line('node', RSA), ED, {}, /^host-key: the host key has changed/],
  ['changed, lax', line('node', OTHER), ED, { checking: 'no' }, /^good, warned$/],
  ['revoked', line('node', ED, '@revoked '), ED, {}, /^host-key: .* is revoked/],
  [
    'revoked beats known',
    line('node', ED) + line('*', ED, '@revoked '),
    ED,
    { checking: 'no' },
    /^host-key: .* is revoked/,
  ],
  ['another key is revoked', line('*', OTHER, '@revoked '), ED, {}, /^good, added node$/],
  ['an authority', line('*', OTHER, '@cert-authority '), ED, {}, /^host-key: .*certificate/],
  ['an authority and a plain key', line('*', OTHER, '@cert-authority ') + line('node', ED), ED, {}, /^good$/],
  ['negated', line('*,!node', OTHER), ED, {}, /^good, added node$/],
  ['another port is another host', line('[node]:22222', OTHER), ED, { port: 2222 }, /^good, added/],
  ['known by its bare name', line('node', ED), ED, { port: 2222, checking: 'yes' }, /^good$/],
  ['another by its bare name', line('node', OTHER), ED, { port: 2222 }, /^good, added/],
  ['rubbish lines', `node\nnode ssh-ed25519 !!!\n${line('node', ED)}`, ED, { checking: 'yes' }, /^good$/],
];

describe('host keys', () => {
  test.each(rows)('%s', async (_, text, key, options, outcome) => {
    expect(await check(text, key, options)).toMatch(outcome);
  });

  test.each([
    ['rsa', line('node', RSA), ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa', 'ssh-ed25519']],
    ['nothing', '', ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521']],
    ['a revoked key', line('node', RSA, '@revoked '), ['ssh-ed25519', 'ecdsa-sha2-nistp256']],
  ])('known types are asked for first: %s', async (_, text, first) => {
    const file = join(directory, `known${count++}`);
    writeFileSync(file, text);
    const warn = (): void => undefined;
    const { algorithms } = await makeVerifier({
      checking: 'yes',
      files: [file],
      hashed: false,
      host: 'node',
      port: 22,
      store: makeHostKeyStore(warn),
      warn,
    });
    expect(algorithms.slice(0, first.length)).toEqual(first);
    expect(algorithms).toHaveLength(7);
  });
});
