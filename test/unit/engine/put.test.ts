import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { applyChange, failureOfChange, type Site } from '../../../src/engine/index.ts';
import type { PutChange } from '../../../src/model/change.ts';
import { LOGIN, type Shell } from '../../../src/model/connection.ts';
import { contentOf } from '../../../src/model/content.ts';
import type { Script } from '../../../src/shared/sh.ts';
import { makeFleet } from '../../support/fake-connection.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "kprep put's-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

async function put(
  words: Partial<PutChange> & { readonly text?: string; readonly bytes?: Buffer; readonly limit?: string },
) {
  const { text, bytes, limit, ...rest } = words;
  const change: PutChange = {
    kind: 'put',
    summary: 'write it',
    path: join(dir, 'file'),
    content: contentOf(bytes ?? text ?? 'new\n'),
    backup: false,
    follow: true,
    killable: false,
    undo: 'none',
    ...rest,
  };
  const target = { name: 'h', address: 'h', privateKeyFiles: [], transport: 'local' } as const;
  const connection = await makeFleet().connect(target, {});
  const shell = await connection.shell(LOGIN);
  const run: Shell['run'] = (frame) => shell.run({ ...frame, script: `${limit ?? ':'}\n${frame.script}` as Script });
  const site: Site = { shell: { run }, environment: {}, now: () => Date.now() };
  const applied = await applyChange(site, change);
  await connection.close();
  return { failure: failureOfChange(applied)?.cause, remedy: failureOfChange(applied)?.remedy, output: applied.output };
}

const read = (name = 'file'): string => readFileSync(join(dir, name), 'utf8');
const mode = (name = 'file'): string => (statSync(join(dir, name)).mode & 0o7777).toString(8);
/** No temporary file may be left, whatever happened. */
const names = (): string[] => readdirSync(dir).sort();

describe('put', () => {
  test('a new file has mode 0644 whatever the umask is', async () => {
    expect((await put({})).failure).toBeUndefined();
    expect([read(), mode(), names()]).toEqual(['new\n', '644', ['file']]);
  });

  test.each([
    ['octal', '0600', '600'],
    ['symbolic, from the default', 'g+w,o=', '660'],
    ['setuid', '4755', '4755'],
  ])('mode %s', async (_, wanted, got) => {
    await put({ mode: wanted });
    expect(mode()).toBe(got);
  });

  test('mode and content bytes of an old file: the mode is kept, any byte arrives', async () => {
    writeFileSync(join(dir, 'file'), 'old');
    chmodSync(join(dir, 'file'), 0o751);
    const bytes = Buffer.from(Array.from({ length: 1024 }, (_, index) => index % 256));
    await put({ bytes });
    expect(readFileSync(join(dir, 'file')).equals(bytes)).toBe(true);
    expect(mode()).toBe('751');
  });

  test('a symbolic mode counts from the old one', async () => {
    writeFileSync(join(dir, 'file'), 'old');
    chmodSync(join(dir, 'file'), 0o640);
    await put({ mode: 'u+x' });
    expect(mode()).toBe('740');
  });

  test('follow: the target is written and the link stays', async () => {
    writeFileSync(join(dir, 'target'), 'old');
    symlinkSync('target', join(dir, 'file'));
    await put({});
    expect([readlinkSync(join(dir, 'file')), read('target')]).toEqual(['target', 'new\n']);
  });

  test('follow: the target of a dangling link is made', async () => {
    symlinkSync('target', join(dir, 'file'));
    await put({});
    expect(read('target')).toBe('new\n');
  });

  test('not follow: the link is replaced, a link to a directory too', async () => {
    mkdirSync(join(dir, 'directory'));
    symlinkSync('directory', join(dir, 'file'));
    expect((await put({ follow: false })).failure).toBeUndefined();
    expect(lstatSync(join(dir, 'file')).isFile()).toBe(true);
    expect(readdirSync(join(dir, 'directory'))).toEqual([]);
  });

  test('a backup under the name of Ansible, with the old content and mode', async () => {
    writeFileSync(join(dir, 'file'), 'old');
    chmodSync(join(dir, 'file'), 0o600);
    const { output } = await put({ backup: true });
    expect(output.backup).toMatch(/file\.\d+\.\d{4}-\d\d-\d\d@\d\d:\d\d:\d\d~$/);
    expect(readFileSync(output.backup ?? '', 'utf8')).toBe('old');
    expect(statSync(output.backup ?? '').mode & 0o777).toBe(0o600);
  });

  test('no backup where there was nothing', async () => {
    expect((await put({ backup: true })).output.backup).toBeUndefined();
    expect(names()).toEqual(['file']);
  });

  test.each([
    ['the directory is missing', { path: 'none/file' }, /none does not exist/],
    ['the path is a directory', { path: '.' }, /is a directory/],
    ['the file was changed since', { expect: 'absent' }, /changed by something else/],
    ['the file was changed since', { expect: '0'.repeat(64) }, /changed by something else/],
    ['the content is not valid', { validate: 'grep -q nowhere %s' }, /not valid/],
    ['validate has no place for the name', { validate: 'true' }, /must contain %s/],
    ['there is no such owner', { owner: 'no-such-user-here' }, /no-such-user-here/],
  ])('%s: it fails, and the old file stays', async (_, words, message) => {
    writeFileSync(join(dir, 'file'), 'old');
    const path = 'path' in words ? { path: join(dir, words.path) } : {};
    const { failure } = await put({ ...words, ...path });
    expect(failure).toMatch(message);
    expect([read(), names()]).toEqual(['old', ['file']]);
  });

  test('what was read before may be replaced', async () => {
    writeFileSync(join(dir, 'file'), 'old');
    expect((await put({ expect: contentOf('old').sha256 })).failure).toBeUndefined();
    expect((await put({ path: join(dir, 'other'), expect: 'absent' })).failure).toBeUndefined();
    expect(read()).toBe('new\n');
  });

  test('validate sees the new content, and its own words are told', async () => {
    expect((await put({ validate: 'grep -q new %s' })).failure).toBeUndefined();
    const { failure } = await put({ text: 'bad', validate: 'sh -c "echo line 3: oops; exit 1" %s' });
    expect(failure).toMatch(/not valid: line 3: oops$/);
    expect(read()).toBe('new\n');
  });

  test('missing parents are made, readable for all', async () => {
    await put({ path: join(dir, 'a/b/file'), makeParents: true });
    expect([read('a/b/file'), mode('a/b')]).toEqual(['new\n', '755']);
  });

  test('in place: the file stays the same file', async () => {
    writeFileSync(join(dir, 'file'), 'old and longer');
    const { ino } = statSync(join(dir, 'file'));
    await put({ inPlace: true });
    expect([read(), statSync(join(dir, 'file')).ino, names()]).toEqual(['new\n', ino, ['file']]);
  });

  test('a device is never replaced', async () => {
    expect((await put({ path: '/dev/null' })).failure).toMatch(/not a regular file/);
    expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  test('where the content cannot be written whole the old file stays', async () => {
    writeFileSync(join(dir, 'file'), 'old');
    // A limit on the size of files stands for a full disk: the write fails in the middle.
    const { failure } = await put({ text: 'x'.repeat(300_000), limit: "trap '' XFSZ; ulimit -f 100" });
    expect(failure).toMatch(/too large|limit|did not arrive whole/i);
    expect([read(), names()]).toEqual(['old', ['file']]);
  });
});
