import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, realpathSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { StepOutput } from '../../src/model/change.ts';
import { getUrl } from '../../src/modules/get-url.ts';
import type { DownloadState } from '../../src/modules/support/download/state.ts';
import { type Applied, applyChange } from '../support/apply-change.ts';
import { testShells } from '../support/shells.ts';
import { argsOf, contextOf } from '../support/test-module.ts';

/** A web server in a process of its own, because the programs under test are waited for. */
const SERVER = `
require('node:http').createServer((request, response) => {
  const { url, headers } = request;
  const since = Date.parse(headers['if-modified-since'] ?? '');
  if (url === '/moved') return response.writeHead(302, { location: '/file' }).end();
  if (url === '/secret' && headers.authorization !== 'Basic ' + Buffer.from('u:p"w').toString('base64')) return response.writeHead(401).end();
  if (url === '/header') return response.end(headers['x-token'] ?? 'no header');
  if (url === '/missing') return response.writeHead(404).end('not here');
  if (since >= Date.parse('2024-01-01')) return response.writeHead(304).end();
  response.end('program');
}).listen(0, '127.0.0.1', function () { console.log(this.address().port); });`;

let server: ChildProcess;
let base: string;

beforeAll(async () => {
  server = spawn(process.execPath, ['-e', SERVER], { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise<string>((resolve) =>
    server.stdout?.once('data', (data: Buffer) => resolve(data.toString().trim())),
  );
  base = `http://127.0.0.1:${port}`;
});

afterAll(() => {
  server.kill();
});

const sha256 = createHash('sha256').update('program').digest('hex');
const FETCHERS = ['curl', 'wget', 'busybox'] as const;

describe.each(FETCHERS)('get_url with the real %s', (fetcher) => {
  const shell = testShells().find(({ name }) => name === (fetcher === 'busybox' ? 'busybox' : 'sh'));

  async function fetched(
    more: Readonly<Record<string, unknown>>,
    old?: string,
  ): Promise<{ applied: Applied; text?: string; mode: number }> {
    if (!shell) throw new Error(`${fetcher} is not installed`);
    const root = realpathSync(mkdtempSync(join(tmpdir(), 'kprep-test-')));
    try {
      const path = join(root, 'file');
      if (old !== undefined) {
        writeFileSync(path, old, { mode: 0o711 });
        utimesSync(path, new Date('2024-06-01'), new Date('2024-06-01'));
      }
      const { args, problems } = argsOf(getUrl, { dest: path, ...more, url: `${base}${String(more.url)}` });
      expect(problems).toEqual([]);
      const decision = getUrl.plan(args as never, stateOf(path, old !== undefined, fetcher), contextOf());
      if (!Array.isArray(decision)) throw new Error(JSON.stringify(decision));
      const applied = await applyChange(decision[0], { root, shell });
      const there = statSync(path, { throwIfNoEntry: false });
      return { applied, mode: (there?.mode ?? 0) & 0o777, ...(there ? { text: readFileSync(path, 'utf8') } : {}) };
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  }

  test('a new file', async () => {
    const { applied, text, mode } = await fetched({ url: '/file' });
    expect([text, mode, changed(applied)]).toEqual(['program', 0o644, true]);
  });

  test('a redirect, a checksum and the mode', async () => {
    const { text, mode } = await fetched({ url: '/moved', checksum: `sha256:${sha256}`, mode: '0755' });
    expect([text, mode]).toEqual(['program', 0o755]);
  });

  test('a wrong checksum', async () => {
    const { applied, text } = await fetched({ url: '/file', checksum: `sha256:${'0'.repeat(64)}` }, 'old');
    expect(applied).toEqual({ failure: expect.stringContaining('checksum for the download did not match') });
    expect(text).toBe('old');
  });

  test('not found', async () => {
    const { applied, text } = await fetched({ url: '/missing' });
    expect(applied).toEqual({ failure: expect.stringContaining('Request failed') });
    expect(text).toBeUndefined();
  });

  test('nothing newer', async () => {
    const { applied, text, mode } = await fetched({ url: '/file' }, 'program');
    expect([text, mode, changed(applied)]).toEqual(['program', 0o711, false]);
  });

  test('forced over an old file', async () => {
    const { applied, text, mode } = await fetched({ url: '/file', force: true }, 'old');
    expect([text, mode, changed(applied)]).toEqual(['program', 0o711, true]);
  });

  if (fetcher !== 'busybox') {
    test('a password with a quote', async () => {
      expect((await fetched({ url: '/secret', username: 'u', password: 'p"w' })).text).toBe('program');
    });

    test('a header', async () => {
      expect((await fetched({ url: '/header', headers: { 'X-Token': 'a "b" \\c' } })).text).toBe('a "b" \\c');
    });
  }
});

function changed(applied: Applied): boolean | undefined {
  if ('failure' in applied) throw new Error(applied.failure);
  const { change } = applied as StepOutput;
  return change.kind === 'run' ? change.changed?.(applied) : undefined;
}

function stateOf(path: string, there: boolean, fetcher: DownloadState['fetcher']): DownloadState {
  const { mode, uid, gid } = there ? statSync(path) : { mode: 0, uid: 0, gid: 0 };
  const zero = { size: 0, atime: 0, mtime: 0, ctime: 0, inode: 0, device: 0, links: 1, blocks: 0, major: 0, minor: 0 };
  const stat = { ...zero, type: 'file' as const, mode: mode & 0o7777, uid, gid, user: '', group: '' };
  return {
    fetcher,
    checksum: '',
    parentExists: true,
    ids: { uid: undefined, gid: undefined },
    file: there ? { path, kind: 'file', link: false, stat } : { path, kind: 'absent', link: false },
  };
}
