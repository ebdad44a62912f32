import { describe, expect, test } from '@jest/globals';
import { compilePythonRegex, escapePythonRegex, PythonRegexError } from '../../../../src/shared/python-regex/index.ts';

describe('sub', () => {
  test.each([
    ['a group by number and name', '(?P<key>\\w+)=(\\w+)', 'a=1', '\\2=\\g<key>', '1=a'],
    ['$ before the last line end', 'a$', 'a\n', 'b', 'b\n'],
    ['\\Z only at the very end', 'a\\Z', 'a\n', 'b', 'a\n'],
    ['a dot does not stop at a carriage return', '.+', 'a\rb\nc', '-', '-\n-'],
    ['a flag at the beginning', '(?i)selinux=.*', 'SELINUX=enforcing', 'x', 'x'],
    ['empty matches beside others', 'x*', 'abxd', '-', '-a-b--d-'],
    ['a dollar in the replacement is a dollar', 'a', 'a', '$&', '$&'],
    ['digits of any script', '\\d+', '٣4', '#', '#'],
    ['a group that took no part is empty', '(a)|b', 'b', '[\\1]', '[]'],
    ['possessive repeats', 'a++a', 'aaa', '-', 'aaa'],
    ['classes with a complement', '[^\\W\\d]+', 'ab1 c', '#', '#1 #'],
  ])('%s', (_, pattern, text, replacement, expected) => {
    expect(compilePythonRegex(pattern).sub(replacement, text)).toBe(expected);
  });

  test('as often as asked', () => {
    expect(compilePythonRegex('a').subn('b', 'aaa', 2)).toEqual({ text: 'bba', count: 2 });
  });

  test('by a function', () => {
    expect(compilePythonRegex('(\\d)').sub((match) => `${Number(match.group(1)) + 1}`, 'a1b2')).toBe('a2b3');
  });
});

describe('search, match, fullmatch, findall', () => {
  test('places and groups', () => {
    const match = compilePythonRegex('(?P<a>b)(c)?').search('abd');
    expect([match?.index, match?.end, match?.text, match?.group('a'), match?.groups()]).toEqual([
      1,
      2,
      'b',
      'b',
      ['b', undefined],
    ]);
  });
  test('match begins at the beginning, fullmatch takes all', () => {
    const regex = compilePythonRegex('a|ab');
    expect([regex.match('xa')?.text, regex.match('ab')?.text, regex.fullmatch('ab')?.text]).toEqual([
      undefined,
      'a',
      'ab',
    ]);
  });
  test('findall gives groups where there are any', () => {
    expect(compilePythonRegex('\\w').findall('ab')).toEqual(['a', 'b']);
    expect(compilePythonRegex('(\\w)=').findall('a=b=')).toEqual(['a', 'b']);
    expect(compilePythonRegex('(\\w)=(\\d)?').findall('a=1b=')).toEqual([
      ['a', '1'],
      ['b', ''],
    ]);
  });
  test('flags', () => {
    expect(compilePythonRegex('^b$', { multiline: true, ignoreCase: true }).search('a\nB\nc')?.text).toBe('B');
    expect(compilePythonRegex('a.b', { dotAll: true }).search('a\nb')?.text).toBe('a\nb');
    expect(compilePythonRegex('a b # c', { verbose: true }).search('ab')?.text).toBe('ab');
  });
});

describe('what Python refuses, and what we refuse', () => {
  test.each([
    ['a group that is not closed', '(a', /unterminated subpattern/],
    ['JavaScript’s named groups', '(?<n>a)', /unknown extension/],
    ['a flag in the middle', 'a(?i)b', /global flags not at the start/],
    ['a look-behind of no fixed width', '(?<=a+)b', /fixed-width/],
    ['an escape that means nothing', '\\y', /bad escape/],
    ['conditional groups', '(a)?(?(1)b|c)', /conditional groups/],
    ['a reference to what may be unset', '(?:(a)|b)\\1', /may not have taken part/],
  ])('%s', (_, pattern, message) => {
    expect(() => compilePythonRegex(pattern)).toThrow(PythonRegexError);
    expect(() => compilePythonRegex(pattern)).toThrow(message);
  });
  test('a group whose text cannot be told is refused when it is asked for, not before', () => {
    const match = compilePythonRegex('(?:(a)|b)*').match('ab');
    expect(match?.text).toBe('ab');
    expect(() => match?.group(1)).toThrow(PythonRegexError);
  });
});

test('escape', () => {
  expect(escapePythonRegex('a.b*c [d]#-/')).toBe('a\\.b\\*c\\ \\[d\\]\\#\\-/');
});
