import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { makeLocalTree } from '../../../../src/ssh/transfer/local-tree.ts';
import { makeTarReader, type TarHeader } from '../../../../src/ssh/transfer/tar-read.ts';
import { type TarMember, tarStream } from '../../../../src/ssh/transfer/tar-write.ts';

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'kprep-tar-'));
});

afterEach(() => rmSync(dir, { recursive: true, force: true }));

function file(path: string, text: string, more: Partial<TarMember> = {}): TarMember {
  const content = Buffer.from(text);
  return { path, type: 'file', mode: 0o644, mtime: 1_577_934_245, size: content.length, content, ...more };
}

function link(path: string, target: string): TarMember {
  return { path, type: 'link', mode: 0o777, mtime: 1, size: 0, target };
}

async function tarOf(members: readonly TarMember[]): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of tarStream(members)) parts.push(part);
  return Buffer.concat(parts);
}

/** Sets one byte of a header (the first where none is told) and puts the sum right. */
function patched(tar: Buffer, at: number, text: string, header = 0): Buffer {
  const copy = Buffer.from(tar);
  copy.write(text, header + at, 'latin1');
  copy.write('        ', header + 148, 'latin1');
  const sum = copy.subarray(header, header + 512).reduce((total, byte) => total + byte, 0);
  copy.write(`${sum.toString(8).padStart(6, '0')}\0 `, header + 148, 'latin1');
  return copy;
}

interface Seen extends TarHeader {
  text: string;
}

function read(tar: Buffer, chunk = tar.length): { seen: Seen[]; complete: boolean } {
  const seen: Seen[] = [];
  const reader = makeTarReader({
    begin: (header) => seen.push({ ...header, text: '' }),
    data: (bytes) => {
      const last = seen.at(-1);
      if (last) last.text += bytes.toString();
    },
    end: () => undefined,
  });
  for (let at = 0; at < tar.length; at += chunk) reader.push(tar.subarray(at, at + chunk));
  return { seen, complete: reader.complete };
}

function kept(tar: Buffer, maxBytes = 1e9) {
  const tree = makeLocalTree({ root: join(dir, 'out'), maxBytes });
  makeTarReader(tree).push(tar);
  return tree.close();
}

function everythingUnder(path: string): string[] {
  return readdirSync(path, { recursive: true, encoding: 'utf8' }).sort();
}

const LONG = `${'directory/'.repeat(30)}name with ünïcode`;

test.each([1, 7, 512, 513, 4096, 1e6])('what is written is read again, in chunks of %i bytes', async (chunk) => {
  const members = [
    { path: 'd', type: 'directory', mode: 0o755, mtime: 5, size: 0 } as const,
    file('d/empty', ''),
    file(LONG, 'x'.repeat(1000), { mode: 0o4751 }),
    link('l', `../${LONG}`),
    file('d/last', 'y'.repeat(512)),
  ];
  const { seen, complete } = read(await tarOf(members), chunk);
  expect(complete).toBe(true);
  expect(seen.map(({ path, type, text }) => [path, type, text.length])).toEqual([
    ['d/', 'directory', 0],
    ['d/empty', 'file', 0],
    [LONG, 'file', 1000],
    ['l', 'link', 0],
    ['d/last', 'file', 512],
  ]);
  expect(seen[2]?.mode).toBe(0o4751);
  expect(seen[3]?.target).toBe(`../${LONG}`);
});

test('a size of 9 GiB survives the header', async () => {
  const tar = await tarOf([file('big', '', { size: 0 })]);
  const base256 = Buffer.from(tar);
  base256[124] = 0x80;
  base256.fill(0, 125, 128);
  base256.writeBigUInt64BE(9n * 1024n ** 3n, 128);
  expect(read(patched(base256, 0, 'b').subarray(0, 1024)).seen[0]?.size).toBe(9 * 1024 ** 3);
});

test('pax records win over the header, and hold for one member only', async () => {
  const record = (key: string, value: string): string => {
    const rest = ` ${key}=${value}\n`;
    const length = rest.length + String(rest.length + 2).length;
    return `${length}${rest}`;
  };
  const text = record('path', 'pax name') + record('mtime', '12.5');
  const tar = await tarOf([file('header', text), file('short', 'a'), file('next', 'b')]);
  const { seen } = read(patched(tar, 156, 'x'));
  expect(seen.map(({ path, mtime }) => [path, mtime])).toEqual([
    ['pax name', 12.5],
    ['next', 1_577_934_245],
  ]);
});

test.each([
  ['a wrong sum', (tar: Buffer) => tar.fill(65, 0, 3), /header is damaged/],
  ['a negative size', (tar: Buffer) => patched(tar, 124, '\xff\xff\xff\xff'), /size in it cannot be meant/],
  ['a name of gigabytes', (tar: Buffer) => patched(patched(tar, 156, 'L'), 124, '77777777777'), /too long/],
  ['rubbish', () => Buffer.alloc(600, 'rubbish'), /header is damaged/],
])('%s is refused', async (_name, change, expected) => {
  const tar = await tarOf([file('a', 'b')]);
  expect(() => read(change(tar))).toThrow(expected);
});

test('a stream that is cut off is not complete', async () => {
  const tar = await tarOf([file('a', 'b'.repeat(600))]);
  expect(read(tar.subarray(0, 700)).complete).toBe(false);
});

test('hostile members are refused, the others are kept without setuid bits', async () => {
  const tar = Buffer.concat([
    await tarOf([file('good/setuid', 'fine', { mode: 0o6755 })]).then((bytes) => bytes.subarray(0, 1024)),
    await tarOf([file('/abs', 'x'), file('../up', 'x'), file('a/../../up', 'x')]).then((bytes) =>
      bytes.subarray(0, -1024),
    ),
    patched(await tarOf([file('device', '')]), 156, '3').subarray(0, 512),
    patched(await tarOf([link('hard', 'etc/shadow')]), 156, '1').subarray(0, 512),
    await tarOf([link('good/inside', '../x'), link('good/out', '../../x'), link('abs', '/etc'), link('sly', 'a/..')]),
  ]);
  const { refused, files } = kept(tar);
  expect(refused.map((line) => line.split(': ')[0])).toEqual([
    '/abs',
    '../up',
    'a/../../up',
    'device',
    'hard',
    'good/out',
    'abs',
    'sly',
  ]);
  expect(files).toBe(2);
  expect(everythingUnder(dir)).toEqual(['out', 'out/good', 'out/good/inside', 'out/good/setuid']);
  expect(lstatSync(join(dir, 'out/good/setuid')).mode & 0o7777).toBe(0o755);
});

test('nothing is written through a link, neither one of the stream nor one that was there', async () => {
  mkdirSync(join(dir, 'out'));
  mkdirSync(join(dir, 'victim'));
  symlinkSync('../victim', join(dir, 'out', 'old'));
  const { refused } = kept(await tarOf([file('old/x', 'pwned'), link('new', 'sub'), file('new/y', 'in a directory')]));
  expect(readdirSync(join(dir, 'victim'))).toEqual([]);
  expect(refused).toEqual([expect.stringContaining('old/x: '), expect.stringContaining('new: ')]);
  expect(readFileSync(join(dir, 'out/new/y'), 'utf8')).toBe('in a directory');
});

test('a second name of a file that was sent becomes a file', async () => {
  const first = await tarOf([file('one', 'content')]).then((bytes) => bytes.subarray(0, 1024));
  const { files } = kept(Buffer.concat([first, patched(await tarOf([link('two', 'one')]), 156, '1')]));
  expect(files).toBe(2);
  expect(readFileSync(join(dir, 'out/two'), 'utf8')).toBe('content');
});

test('more bytes than allowed end it, and nothing half-written stays', async () => {
  const tar = await tarOf([file('small', 'a'), file('large', 'b'.repeat(1000))]);
  const tree = makeLocalTree({ root: join(dir, 'out'), maxBytes: 500 });
  expect(() => makeTarReader(tree).push(tar)).toThrow(/more than 500 bytes/);
  tree.abandon();
  expect(everythingUnder(join(dir, 'out'))).toEqual(['small']);
});

test('the same content is counted, another replaces it', async () => {
  kept(await tarOf([file('a', 'one'), file('b', 'two')]));
  const again = kept(await tarOf([file('a', 'one'), file('b', 'TWO')]));
  expect([again.files, again.same]).toEqual([2, 1]);
  expect(readFileSync(join(dir, 'out/b'), 'utf8')).toBe('TWO');
});
