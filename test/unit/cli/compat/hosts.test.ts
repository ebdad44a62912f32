import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type HostEntry, prettyHost, readHosts } from '../../../../src/cli/compat/hosts.ts';

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'kprep-hosts-'));
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

function read(text: string, more: { user?: string; glob?: string; strings?: readonly string[] } = {}) {
  const file = join(directory, 'hosts');
  writeFileSync(file, text);
  const warnings: string[] = [];
  const { user, glob, strings = [] } = more;
  const entries = readHosts({ files: [file], strings, user, glob, warn: (line) => warnings.push(line) });
  return { entries, warnings };
}

test.each<readonly [string, readonly HostEntry[]]>([
  ['a\n\n# b\n c # d', [{ host: 'a' }, { host: 'c' }]],
  [
    'u@a:22\r\nb:2222 v',
    [
      { host: 'a', port: '22', user: 'u' },
      { host: 'b', port: '2222', user: 'v' },
    ],
  ],
  [
    '[::1]:33\n::1\nu@fe80::1\n[::2]',
    [{ host: '::1', port: '33' }, { host: '::1' }, { host: 'fe80::1', user: 'u' }, { host: '::2' }],
  ],
  ['a:b', [{ host: 'a:b' }]],
  [':22', []],
  ['a\na', [{ host: 'a' }, { host: 'a' }]],
])('%j', (text, entries) => {
  expect(read(text)).toEqual({ entries, warnings: [] });
});

test('lines that cannot be read are named and left out', () => {
  expect(read('a b c\nu@a v\nok')).toEqual({
    entries: [{ host: 'ok' }],
    warnings: [
      'Bad line: "a b c". Format should be [user@]host[:port] [user]',
      'User specified twice in line: "u@a v"',
    ],
  });
});

test('the default user, and a glob that holds for files only', () => {
  const { entries } = read('web1\nu@web2\ndb1', { user: 'ops', glob: 'web*', strings: ['db2 u@db3'] });
  expect(entries.map((entry) => prettyHost(entry, 'ops'))).toEqual(['web1', 'u@web2', 'db2', 'u@db3']);
});

test('an IPv6 address stands in brackets', () => {
  expect(prettyHost({ host: '::1', port: '33', user: 'u' }, undefined)).toBe('u@[::1]:33');
});

test('a file that is not there', () => {
  const request = { strings: [], user: undefined, glob: undefined, warn: () => undefined };
  expect(() => readHosts({ ...request, files: [join(directory, 'missing')] })).toThrow(
    'Could not open hosts file: No such file or directory',
  );
});
