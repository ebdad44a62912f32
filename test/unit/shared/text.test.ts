import { describe, expect, test } from '@jest/globals';
import { duration, printable, printableLine } from '../../../src/shared/text.ts';

describe('printable', () => {
  const rows: readonly (readonly [string, string, string])[] = [
    ['plain text, newline and tab stay', 'a\tb\nü😀', 'a\tb\nü😀'],
    ['an escape sequence is dead', '\u001b[2J\u001b]0;title\u0007', '\\e[2J\\e]0;title\\x07'],
    ['C1 controls are escape sequences too', '\u009b31m', '\\x9b31m'],
    ['a carriage return cannot overwrite a line', 'ok\rfailed', 'ok\\x0dfailed'],
    ['DOS line ends are line ends', 'a\r\nb', 'a\nb'],
    ['text cannot run backwards', 'a\u202eb', 'a\\u202eb'],
    ['a lone surrogate', '\ud800x', '\\ud800x'],
  ];
  test.each(rows)('%s', (_name, text, expected) => {
    expect(printable(text)).toBe(expected);
  });
});

test('printableLine is one line', () => {
  expect(printableLine('a\n\tb\u001b[0m\n')).toBe('a b\\e[0m');
});

test.each([
  [0, '0.0 s'],
  [9940, '9.9 s'],
  [9960, '10 s'],
  [65_000, '1 min 05 s'],
  [3_660_000, '1 h 01 min'],
])('duration of %d ms', (ms, text) => {
  expect(duration(ms)).toBe(text);
});
