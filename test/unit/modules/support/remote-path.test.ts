import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { globWord, hasGlob, isExpanded, remoteWord } from '../../../../src/modules/support/remote-path.ts';
import { testShells } from '../../../support/shells.ts';

const ENV = { HOME: '/home/u', X: 'a  b', PATH: '/usr/bin:/bin' };

/** Paths, and what a shell makes of the word. */
const WORDS: readonly (readonly [string, string])[] = [
  ['/etc/fstab', '/etc/fstab'],
  ['~', '/home/u'],
  ['~/x y', '/home/u/x y'],
  ['~root/x', '/root/x'],
  ['$HOME/.kube', '/home/u/.kube'],
  ['${HOME}/.kube', '/home/u/.kube'],
  ['/a/$X/b', '/a/a  b/b'],
  ['/a/$NONE/${NONE}', '/a/$NONE/${NONE}'],
  ['/a/$(touch /tmp/x)`id`', '/a/$(touch /tmp/x)`id`'],
  ['/it\'s/"quoted"\\', '/it\'s/"quoted"\\'],
  ['/a/~/b', '/a/~/b'],
  ['/$1/$/$$', '/$1/$/$$'],
  ['/*?[a]', '/*?[a]'],
  ['${HOME:-x}', '${HOME:-x}'],
  ['-n', '-n'],
  ['', ''],
  ['/new\nline', '/new\nline'],
];

test.each(testShells().flatMap((shell) => WORDS.map(([path, meaning]) => [shell.name, path, meaning, shell] as const)))(
  '%s: %j is %j',
  (_name, path, meaning, shell) => {
    const [program = '', ...first] = shell.argv;
    const run = spawnSync(program, [...first, '-c', `printf '%s' ${remoteWord(path)}`], { env: ENV });
    expect(run.stderr.toString()).toBe('');
    expect(run.stdout.toString()).toBe(meaning);
  },
);

test.each([
  ['/etc/fstab', false],
  ['a b', false],
  ['~/x', true],
  ['$HOME', true],
  ['a$b', true],
  ['a$', false],
])('%j is expanded on the host: %s', (path, expected) => {
  expect(isExpanded(path)).toBe(expected);
});

test.each([
  ['/a/*.log', '/a/*.log', true],
  ["/it's/a?", "'/it'\\''s/a'?", true],
  ['/a/[0-9]', '/a/[0-9]', true],
  ['/a/[!x]b c', "/a/[!x]'b c'", true],
  ['/a/[$(id)]', "'/a/[$(id)]'", false],
  ['/plain', '/plain', false],
])('glob %j becomes %s', (pattern, word, glob) => {
  expect(globWord(pattern)).toBe(word);
  expect(hasGlob(pattern)).toBe(glob);
});
