import { describe, expect, test } from '@jest/globals';
import { diffText } from '../../../src/engine/index.ts';

const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => String(from + index));
const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

describe('diffText', () => {
  test.each([
    ['the same', 'a\n', 'a\n', []],
    ['a new file', '', 'a\nb\n', ['@@ -0,0 +1,2 @@', '+a', '+b']],
    ['an emptied file', 'a\n', '', ['@@ -1 +0,0 @@', '-a']],
    ['one line among others', 'a\nb\nc\n', 'a\nB\nc\n', ['@@ -1,3 +1,3 @@', ' a', '-b', '+B', ' c']],
    ['the last newline', 'a\nb', 'a\nb\n', ['@@ -1,2 +1,2 @@', ' a', '-b', '\\ No newline at end of file', '+b']],
    ['binary', 'a\0', 'b', ['binary content: 2 bytes before, 1 bytes after']],
  ])('%s', (_, before, after, lines) => {
    expect(diffText({ before, after }).lines).toEqual(lines);
  });

  test('context is three lines, and far changes are hunks of their own', () => {
    const before = numbers(1, 30);
    const after = before.map((line) => (line === '5' || line === '25' ? `${line}!` : line));
    expect(diffText({ before: text(before), after: text(after) }).lines).toEqual([
      '@@ -2,7 +2,7 @@',
      ' 2',
      ' 3',
      ' 4',
      '-5',
      '+5!',
      ' 6',
      ' 7',
      ' 8',
      '@@ -22,7 +22,7 @@',
      ' 22',
      ' 23',
      ' 24',
      '-25',
      '+25!',
      ' 26',
      ' 27',
      ' 28',
    ]);
  });

  test('the header is the path', () => {
    expect(diffText({ before: '', after: 'a', afterHeader: '/etc/a' }).header).toBe('/etc/a');
  });

  test('large content is named by size, texts without common lines do not take long', () => {
    expect(diffText({ before: 'x'.repeat(300_000), after: 'y' }).lines).toEqual([
      'content too large to show: 300000 bytes before, 1 bytes after',
    ]);
    const lines = diffText({ before: text(numbers(1, 5000)), after: text(numbers(10_000, 15_000)) }).lines;
    expect(lines.length).toBe(1 + 5000 + 5001);
  });

  /** Whatever the edits are, taking the `-` and `+` lines apart gives the old and the new text back. */
  test.each(Array.from({ length: 40 }, (_, seed) => seed))('old and new can be read from it: %d', (seed) => {
    let state = seed * 7919 + 1;
    const next = (most: number): number => {
      state = (state * 1103515245 + 12345) % 2147483648;
      return Math.floor((state / 2147483648) * most);
    };
    const make = (): string[] => Array.from({ length: next(12) }, () => 'abc'[next(3)] ?? 'a');
    const [before, after] = [make(), make()];
    const { lines } = diffText({ before: text(before), after: text(after) });
    const body = lines.filter((line) => !line.startsWith('@@'));
    if (before.join() === after.join()) expect(lines).toEqual([]);
    // With so few lines everything is within the context, unless the ends agree for more than three lines.
    else if (lines.filter((line) => line.startsWith('@@')).length === 1) {
      const side = (mark: string): string =>
        body
          .filter((line) => line[0] === ' ' || line[0] === mark)
          .map((line) => line.slice(1))
          .join();
      expect(before.join()).toContain(side('-'));
      expect(after.join()).toContain(side('+'));
      expect(side('-').length - side('+').length).toBe(before.join().length - after.join().length);
    }
  });
});
