import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { makeOutputs } from '../../../../src/cli/compat/host-output.ts';
import { keepOutput } from '../../../../src/cli/compat/kept-output.ts';
import type { Screen } from '../../../../src/cli/compat/screen.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kprep-output-'));
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

function screen(): Screen & { readonly text: () => string } {
  let text = '';
  return {
    colour: false,
    write: (more) => {
      text += more;
    },
    host: (bytes) => {
      text += bytes.toString('latin1');
    },
    room: async () => undefined,
    text: () => text,
  };
}

function outputs(more: object) {
  const out = screen();
  const err = screen();
  const base = { inline: false, inlineStdout: false, print: false, noHeaders: false, append: false };
  return { out, err, make: makeOutputs({ ...base, outdir: undefined, errdir: undefined, out, err, ...more }) };
}

test('files come with the first byte; the same host again gets a number; a slash leads nowhere', () => {
  const { make } = outputs({ outdir: join(directory, 'a/b'), errdir: join(directory, 'e') });
  for (const [pretty, text] of [
    ['x', 'one'],
    ['x', 'two'],
    ['u@../../y', 'three'],
    ['..', 'four'],
    ['z', ''],
  ] as const) {
    const output = make('host', pretty);
    if (text !== '') output.take('stdout', Buffer.from(text));
    output.close();
  }
  expect(readdirSync(join(directory, 'a/b')).sort()).toEqual(['_', 'u@.._.._y', 'x', 'x.1']);
  expect(readFileSync(join(directory, 'a/b/x.1'), 'utf8')).toBe('two');
  expect(readdirSync(join(directory, 'e'))).toEqual([]);
});

test.each([
  [false, 'new'],
  [true, 'oldnew'],
])('append %p', (append, found) => {
  for (const text of ['old', 'new']) {
    const output = outputs({ outdir: directory, append }).make('h', 'h');
    output.take('stdout', Buffer.from(text));
    output.close();
  }
  expect(readFileSync(join(directory, 'h'), 'utf8')).toBe(found);
});

test('a file that cannot be written is trouble', () => {
  const output = outputs({ outdir: directory }).make('h', 'h');
  rmSync(directory, { recursive: true });
  output.take('stdout', Buffer.from('x'));
  expect(output.trouble).toMatch(/^cannot write .*ENOENT/);
  expect(existsSync(directory)).toBe(false);
});

test.each([
  [{ inline: true }, 'outStderr: err'],
  [{ inline: true, noHeaders: true }, 'outerr'],
  [{ inlineStdout: true }, 'out'],
  [{ print: true }, 'h: out\n'],
  [{}, ''],
])('%j shows %j', async (options, shown) => {
  const { make, out, err } = outputs(options);
  const output = make('h', 'u@h:1');
  output.take('stdout', Buffer.from('out'));
  output.take('stderr', Buffer.from('err'));
  await output.show();
  expect(out.text()).toBe(shown);
  expect(err.text()).toBe('print' in options ? 'h: err\n' : '');
});

test('what is kept over its limit goes to a file and comes back whole', async () => {
  const kept = keepOutput(1000);
  const chunks = Array.from({ length: 300 }, (_, index) => Buffer.alloc(997, index % 256));
  for (const chunk of chunks) kept.add(chunk);
  const back: Buffer[] = [];
  await kept.drain(async (chunk) => {
    back.push(Buffer.from(chunk));
  });
  expect(Buffer.concat(back).equals(Buffer.concat(chunks))).toBe(true);
});
