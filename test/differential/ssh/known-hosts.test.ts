import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { lookupName, namesHost, parseKnownHosts } from '../../../src/ssh/host-keys/known-hosts.ts';
import { makeHostKeyStore } from '../../../src/ssh/host-keys/store.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'kprep-known-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Numbers that are the same in every run. */
function makeRandom(seed: string): (below: number) => number {
  let count = 0;
  return (below) => createHash('sha256').update(`${seed}${count++}`).digest().readUInt32BE(0) % below;
}

function pick<T>(random: (below: number) => number, list: readonly T[]): T {
  return list[random(list.length)] as T;
}

/** An ed25519 blob of any 32 bytes: known_hosts never uses it. */
function fakeKey(text: string): string {
  const type = Buffer.from('ssh-ed25519');
  const body = createHash('sha256').update(text).digest();
  const field = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
  return Buffer.concat([field(type), field(body)]).toString('base64');
}

const hosts = [
  'a',
  'b',
  'node1',
  'node01',
  'node1.example.com',
  'NODE2.Example.Com',
  '10.0.0.1',
  '10.0.0.11',
  'fe80::1',
  '2001:db8::2',
];
const names = (random: (below: number) => number): string => {
  const host = pick(random, hosts);
  return random(3) === 0 ? `[${host}]:${pick(random, [22, 2222, 22_222])}` : host;
};

function line(random: (below: number) => number, index: number): string {
  const patterns = [
    '*',
    'node*',
    'node?',
    '*.example.com',
    '10.0.0.*',
    '[*]:2222',
    '[node1]:*',
    'n*1*',
    '?',
    '!node1',
    '!*.com',
  ];
  const list = Array.from({ length: 1 + random(3) }, () => (random(3) === 0 ? pick(random, patterns) : names(random)));
  const marker = pick(random, ['', '', '', '@revoked ', '@cert-authority ', '@nonsense ']);
  const comment = pick(random, ['', ' me@here', ' with blanks']);
  return pick(random, [
    `${marker}${list.join(',')} ssh-ed25519 ${fakeKey(`${index}`)}${comment}`,
    `${marker}${list.join(',')} ssh-ed25519 ${fakeKey(`${index}`)}${comment}`,
    `  ${marker}${list.join(',')}\tssh-ed25519\t${fakeKey(`${index}`)}`,
    '# a comment',
    '',
  ]);
}

/** Line numbers that ssh-keygen finds. */
function oracle(file: string, name: string): number[] {
  const { stdout } = spawnSync('ssh-keygen', ['-F', name, '-f', file], { encoding: 'utf8' });
  return [...stdout.matchAll(/^# Host .* found: line (\d+)/gm)].map(([, number]) => Number(number));
}

const cases = Array.from({ length: 25 }, (_, index) => index);

describe('known_hosts against ssh-keygen -F', () => {
  test.each(cases)('file %i', (seed) => {
    const random = makeRandom(`plain${seed}`);
    const text = `${Array.from({ length: 12 }, (_, index) => line(random, index)).join('\n')}\n`;
    const file = join(directory, `plain${seed}`);
    writeFileSync(file, text);
    const entries = parseKnownHosts(text, file);
    for (const name of [...hosts, ...Array.from({ length: 4 }, () => names(random))]) {
      const [, host = name, port = '22'] = /^\[(.*)\]:(\d+)$/.exec(name) ?? [];
      const ours = entries
        .filter((entry) => namesHost(entry, lookupName(host, Number(port))))
        .map((entry) => entry.line);
      // ssh-keygen takes the name as it is; ssh itself asks for `host` where the port is 22.
      expect({ name, lines: ours }).toEqual({ name, lines: oracle(file, lookupName(host, Number(port))) });
    }
  });

  test.each(cases.slice(0, 8))('hashed file %i', (seed) => {
    const random = makeRandom(`hashed${seed}`);
    const chosen = [...new Set(Array.from({ length: 8 }, () => names(random).toLowerCase()))];
    const file = join(directory, `hashed${seed}`);
    writeFileSync(file, chosen.map((name, index) => `${name} ssh-ed25519 ${fakeKey(`${index}`)}\n`).join(''));
    execFileSync('ssh-keygen', ['-H', '-f', file], { stdio: 'ignore' });
    const entries = parseKnownHosts(execFileSync('cat', [file]).toString(), file);
    for (const name of [...chosen, ...hosts]) {
      const wanted = name.toLowerCase();
      const ours = entries.filter((entry) => namesHost(entry, wanted)).map((entry) => entry.line);
      expect({ name, lines: ours }).toEqual({ name, lines: oracle(file, wanted) });
    }
  });
});

describe('what we write, ssh-keygen finds', () => {
  test.each([true, false])('hashed %s, twenty writers at once', async (hashed) => {
    const file = join(directory, `sub${hashed}`, 'known_hosts');
    const stores = Array.from({ length: 4 }, () => makeHostKeyStore((message) => expect(message).toBe('')));
    const wanted = Array.from({ length: 20 }, (_, index) => `host${index}.example`);
    await Promise.all(
      wanted.map((name, index) =>
        stores[index % 4]?.accept(file, name, { type: 'ssh-ed25519', base64: fakeKey(name) }, hashed),
      ),
    );
    const text = execFileSync('cat', [file]).toString();
    expect(text.split('\n')).toHaveLength(21);
    expect(text.includes('host3.example')).toBe(!hashed);
    for (const name of wanted) expect(oracle(file, name)).toHaveLength(1);
  });
});
