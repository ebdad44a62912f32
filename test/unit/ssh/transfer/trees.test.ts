import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { LOGIN } from '../../../../src/model/connection.ts';
import { getTree, type PutOptions, putTree, readSources, type Sources } from '../../../../src/ssh/transfer/index.ts';
import { receive } from '../../../../src/ssh/transfer/receive.ts';
import { streamOf } from '../../../../src/ssh/transfer/stream.ts';
import { makeBench, shellsHere } from '../../../support/local-frames.ts';

const bench = makeBench();

afterEach(() => bench.clean());

const NASTY = ["it's $(x) `y`", '-rf', ' blank ', '*', 'ünï'];

/** Files, directories and links with all sorts of names, sizes, modes and times. */
function makeTree(root: string): void {
  mkdirSync(join(root, 'sub', 'empty'), { recursive: true });
  for (const [index, name] of NASTY.entries()) writeFileSync(join(root, 'sub', name), `content ${index}\n`);
  writeFileSync(join(root, 'none'), '');
  writeFileSync(join(root, 'large'), Buffer.alloc(700_001, 'large file '));
  symlinkSync('../none', join(root, 'sub', 'link'));
  chmodSync(join(root, 'none'), 0o600);
  chmodSync(join(root, 'large'), 0o751);
  chmodSync(join(root, 'sub', 'empty'), 0o555);
  for (const path of ['none', 'large', 'sub/empty', 'sub']) utimesSync(join(root, path), 1_500_000_000, 1_500_000_000);
}

/** Name, kind, mode, time and content of everything below; links are not entered. */
function picture(root: string, below = ''): string[] {
  return readdirSync(join(root, below))
    .sort()
    .flatMap((one) => {
      const name = join(below, one);
      const path = join(root, name);
      const found = lstatSync(path);
      if (found.isSymbolicLink()) return [`${name} -> ${readlinkSync(path)}`];
      const line = `${name} ${found.mode.toString(8)} ${Math.floor(found.mtimeMs / 1000)}`;
      return found.isFile() ? [`${line} ${readFileSync(path).toString('latin1')}`] : [line, ...picture(root, name)];
    });
}

interface Put {
  readonly shell?: string;
  readonly options?: PutOptions;
}

async function put(sources: Sources, dest: string, { shell, options }: Put = {}) {
  const connection = await bench.connect(shell);
  return await putTree({ connection, identity: LOGIN, sources, dest, ...(options ? { options } : {}) });
}

test.each(shellsHere())(
  'a tree there and back under %s; the second time nothing is sent',
  async (_name, shell) => {
    const dir = bench.directory();
    makeTree(join(dir, 'tree'));
    const sources = readSources([join(dir, 'tree')]);
    mkdirSync(join(dir, 'there'));
    const first = await put(sources, join(dir, 'there'), { shell });
    expect([first.changed, first.sent]).toEqual([true, sources.entries.length]);
    expect(picture(join(dir, 'there', 'tree'))).toEqual(picture(join(dir, 'tree')));
    const second = await put(sources, join(dir, 'there'), { shell });
    expect([second.changed, second.sent, second.bytes]).toEqual([false, 0, 0]);
    expect(second.same).toBe(NASTY.length + 3);

    const connection = await bench.connect(shell);
    const paths = [`${dir}/there/tr*`];
    const kept = await getTree({ connection, identity: LOGIN, paths, localDir: join(dir, 'back') });
    expect(kept.refused).toEqual([]);
    const back = picture(join(dir, 'back', dir, 'there', 'tree'));
    // Ours must be able to write into what it fetched.
    expect(back.map((line) => line.replace('empty 40755', 'empty 40555'))).toEqual(picture(join(dir, 'tree')));
    chmodSync(join(dir, 'tree/sub/empty'), 0o755);
  },
  60_000,
);

test('only what differs is sent or set; a link is replaced, not followed', async () => {
  const dir = bench.directory();
  makeTree(join(dir, 'tree'));
  const sources = readSources([join(dir, 'tree')]);
  await put(sources, `${dir}/there/`);
  const there = join(dir, 'there', 'tree');
  writeFileSync(join(there, 'none'), 'x');
  chmodSync(join(there, 'large'), 0o644);
  rmSync(join(there, 'sub', '*'));
  symlinkSync(join(dir, 'outside'), join(there, 'sub', '*'));
  writeFileSync(join(dir, 'outside'), 'untouched');
  const result = await put(sources, join(dir, 'there'));
  expect([result.sent, result.adjusted > 0]).toEqual([2, true]);
  expect(picture(there)).toEqual(picture(join(dir, 'tree')));
  expect(readFileSync(join(dir, 'outside'), 'utf8')).toBe('untouched');
});

test('one source to a new name, and over an old file', async () => {
  const dir = bench.directory();
  writeFileSync(join(dir, 'a'), 'one');
  const sources = readSources([join(dir, 'a')]);
  await put(sources, join(dir, 'b'));
  expect(readFileSync(join(dir, 'b'), 'utf8')).toBe('one');
  writeFileSync(join(dir, 'b'), 'other');
  const result = await put(sources, join(dir, 'b'), { options: { mode: 0o604 } });
  expect([result.sent, result.bytes]).toEqual([1, 3]);
  expect(lstatSync(join(dir, 'b')).mode & 0o7777).toBe(0o604);
  const check = await put(sources, join(dir, 'c'), { options: { check: true } });
  expect([check.changed, existsSync(join(dir, 'c'))]).toEqual([true, false]);
});

test('what no source has is removed, and only that', async () => {
  const dir = bench.directory();
  makeTree(join(dir, 'tree'));
  const there = join(dir, 'there');
  for (const name of ['old/deep', 'sub-not-sub', 'sub/gone\nhere']) mkdirSync(join(there, name), { recursive: true });
  writeFileSync(join(there, 'old/deep/file'), 'x');
  const sources = readSources([join(dir, 'tree')], { contents: true });
  const result = await put(sources, there, { options: { remove: true } });
  expect([...result.removed].sort()).toEqual(
    ['old', 'sub-not-sub', 'sub/gone\nhere'].map((name) => join(there, name)).sort(),
  );
  expect(picture(there)).toEqual(picture(join(dir, 'tree')));
});

test.each([
  [
    'a directory where a file is to be',
    (there: string) => mkdirSync(join(there, 'tree/none'), { recursive: true }),
    /none is a directory/,
  ],
  [
    'a file where a directory is to be',
    (there: string) => writeFileSync(join(there, 'tree'), 'x'),
    /is not a directory/,
  ],
  ['a link where a directory is to be', (there: string) => symlinkSync('/tmp', join(there, 'tree')), /is a link where/],
])('%s: refused, and nothing is touched', async (_name, prepare, expected) => {
  const dir = bench.directory();
  makeTree(join(dir, 'tree'));
  const there = join(dir, 'there');
  mkdirSync(there);
  prepare(there);
  const before = picture(there);
  await expect(put(readSources([join(dir, 'tree')]), there)).rejects.toThrow(expected);
  expect(picture(there)).toEqual(before);
});

test.each(['small', 'large'])('a %s source that vanishes: the old file stays, nothing lies beside it', async (size) => {
  const dir = bench.directory();
  writeFileSync(join(dir, 'a'), Buffer.alloc(size === 'small' ? 10 : 3_000_000));
  writeFileSync(join(dir, 'keep'), 'second');
  const sources = readSources([join(dir, 'keep'), join(dir, 'a')]);
  mkdirSync(join(dir, 'there'));
  writeFileSync(join(dir, 'there/a'), 'old');
  rmSync(join(dir, 'a'));
  await expect(put(sources, join(dir, 'there'))).rejects.toThrow(/cannot read .*\/a on this machine: it is not there/);
  expect(readdirSync(join(dir, 'there'))).toEqual(['a']);
  expect(readFileSync(join(dir, 'there/a'), 'utf8')).toBe('old');
});

test.each([
  ['shorter', 1_000_000],
  ['longer', 4_000_000],
])('a source that got %s is no copy', async (_name, length) => {
  const dir = bench.directory();
  writeFileSync(join(dir, 'a'), Buffer.alloc(3_000_000));
  const sources = readSources([join(dir, 'a')]);
  writeFileSync(join(dir, 'a'), Buffer.alloc(length));
  mkdirSync(join(dir, 'there'));
  await expect(put(sources, join(dir, 'there'))).rejects.toThrow(/changed its size while it was read/);
  expect(readdirSync(join(dir, 'there'))).toEqual([]);
});

test('a transfer that is cancelled leaves nothing', async () => {
  const dir = bench.directory();
  writeFileSync(join(dir, 'a'), Buffer.alloc(3_000_000));
  const sources = readSources([join(dir, 'a')]);
  const stop = new AbortController();
  mkdirSync(join(dir, 'there'));
  async function* stopping(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of bytes) {
      yield chunk;
      stop.abort();
    }
  }
  const watched: Sources = { ...sources, read: (entry) => stopping(sources.read(entry)) };
  const options = { signal: stop.signal };
  await expect(put(watched, join(dir, 'there'), { options })).rejects.toMatchObject({ kind: 'cancelled' });
  expect(readdirSync(join(dir, 'there'))).toEqual([]);
});

test('a name with a line break arrives, and is sent again each time', async () => {
  const dir = bench.directory();
  mkdirSync(join(dir, 'tree'));
  writeFileSync(join(dir, 'tree', 'line\nbreak'), 'x');
  const sources = readSources([join(dir, 'tree')]);
  for (const sent of [2, 1]) expect((await put(sources, `${dir}/there/`)).sent).toBe(sent);
  expect(picture(join(dir, 'there', 'tree'))).toEqual(picture(join(dir, 'tree')));
});

test('without tar there is a framing of our own', async () => {
  const dir = bench.directory();
  makeTree(join(dir, 'tree'));
  const sources = readSources([join(dir, 'tree')]);
  const connection = await bench.connect();
  const shell = await connection.shell(LOGIN);
  const send = sources.entries.map((entry) => ({ entry, path: entry.path, mode: entry.mode }));
  const directories = send.filter(({ entry }) => entry.type === 'directory').reverse();
  const plan = {
    send,
    moves: ['tree'],
    adjust: directories.map((placed) => ({ ...placed, news: false, isNew: true })),
    keepOwner: new Map<string, string>(),
    remove: [],
    same: 0,
    problems: [],
  };
  const stream = streamOf({ plan, sources, attributes: {}, format: 'own', onSent: () => undefined });
  const base = join(dir, 'there');
  mkdirSync(base);
  const answer = await receive({ connection, identity: LOGIN, shell, base, format: 'own', stream, limits: {} });
  expect(answer).toMatchObject({ status: 0, stderr: '' });
  expect(picture(join(base, 'tree'))).toEqual(picture(join(dir, 'tree')));
  chmodSync(join(dir, 'tree/sub/empty'), 0o755);
});
