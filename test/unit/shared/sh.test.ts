import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { joinScripts, quote, type Script, sh } from '../../../src/shared/sh.ts';

function run(script: Script): string {
  return spawnSync('/bin/sh', ['-s'], { input: script, encoding: 'utf8' }).stdout;
}

const nasty = [
  '',
  ' ',
  "it's",
  '$(id)',
  '`id`',
  '${HOME}',
  'a\nb',
  '\\',
  '"',
  '-n',
  '*',
  '~',
  '#',
  '!x',
  'ü€😀',
  "'\\''",
  ';&|<>()',
];

describe('sh', () => {
  test.each(nasty)('a word means itself: %j', (word) => {
    expect(run(sh`printf '%s|' ${word}`)).toBe(`${word}|`);
  });

  test('an array is words, each quoted', () => {
    expect(run(sh`printf '<%s>' ${nasty}`)).toBe(nasty.map((word) => `<${word}>`).join(''));
  });

  test('backslashes reach the shell as written, escaped JavaScript syntax does not', () => {
    expect(run(sh`x=1; printf '%s\n' "\${x}" \`echo 2\``)).toBe('1\n2\n');
  });

  test('a script is inserted as it is', () => {
    expect(run(sh`${{ script: sh`echo ${'a b'}` }} && echo c`)).toBe('a b\nc\n');
  });

  test('scripts stand on lines of their own', () => {
    expect(run(joinScripts([sh`echo a # comment`, sh`echo b`]))).toBe('a\nb\n');
  });

  test('a NUL byte cannot be a word', () => {
    expect(() => quote('a\0b')).toThrow(RangeError);
  });
});
