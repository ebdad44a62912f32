import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { VERSION } from '../../../src/cli/version.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name, text: readFileSync(join(root, 'src', name), 'utf8') }));

/** The lines of every source but `allowed` that match, comments left out. */
function linesWith(pattern: RegExp, ...allowed: string[]): string[] {
  return sources
    .filter(({ name }) => !allowed.includes(name))
    .flatMap(({ name, text }) =>
      text
        .split('\n')
        .filter((line) => pattern.test(line) && !/^\s*(\*|\/\/|\/\*)/.test(line))
        .map((line) => `${name}: ${line.trim()}`),
    );
}

describe('sources', () => {
  test('only bin.ts touches process', () => {
    expect(linesWith(/\bprocess\.[a-z]|from 'node:process'/, 'bin.ts')).toEqual([]);
  });

  test('nothing is left for later', () => {
    expect(linesWith(/\b(TODO|FIXME|XXX)\b|not implemented yet/i)).toEqual([]);
  });

  test('the version is the one of package.json', () => {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(VERSION).toBe(manifest.version);
  });
});
