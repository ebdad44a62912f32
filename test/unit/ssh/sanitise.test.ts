import { expect, test } from '@jest/globals';
import { lastLine, sanitise } from '../../../src/ssh/sanitise.ts';

const rows: readonly [string, string, string][] = [
  ['plain', 'hello', 'hello'],
  ['colours', '\u001b[31mred\u001b[0m', 'red'],
  ['a window title', '\u001b]0;owned\u0007text', 'text'],
  ['a title that never ends', 'a\u001b]0;owned', 'a'],
  ['cursor, bell, backspace', 'a\u001b[2J\u0007\bb', 'ab'],
  ['C1 controls and direction marks', 'a\u009b31mb\u202ec', 'a31mbc'],
  ['letters of all kinds stay', 'né 节点 😀', 'né 节点 😀'],
  ['too long', 'x'.repeat(600), `${'x'.repeat(500)}…`],
];
test.each(rows)('%s', (_, text, expected) => {
  expect(sanitise(text)).toBe(expected);
});

test('the last line that says something', () => {
  expect(lastLine('first\r\nsecond\r\n\n  \n')).toBe('second');
  expect(lastLine('')).toBe('');
});
