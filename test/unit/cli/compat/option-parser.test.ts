import { describe, expect, test } from '@jest/globals';
import { type OptionSpec, parseOptions, pythonInt } from '../../../../src/cli/compat/option-parser.ts';

const options: readonly OptionSpec[] = [
  { names: ['--version'], dest: 'version', action: 'version', help: '' },
  { names: ['-v', '--verbose'], dest: 'verbose', action: 'flag', help: '' },
  { names: ['-i', '--inline'], dest: 'inline', action: 'flag', help: '' },
  { names: ['-p', '--par'], dest: 'par', action: 'store', int: true, help: '' },
  { names: ['-H', '--host'], dest: 'host', action: 'append', help: '' },
  { names: ['--hosts'], dest: 'hosts', action: 'store', help: '' },
  { names: ['-x'], dest: 'extra', action: 'words', help: '' },
  { names: ['-X'], dest: 'extra', action: 'append', help: '' },
];

function parse(...argv: string[]) {
  return parseOptions(argv, { options, defaults: { host: ['env'] }, splitWords: (text) => text.split(' ') });
}

describe('what is read', () => {
  test.each([
    [['-iv', '-p5', 'cmd', '-p', '6'], { inline: true, verbose: true, par: 5 }, ['cmd', '-p', '6']],
    [['--par=0x10', '--', '-i'], { par: 16 }, ['-i']],
    [['--host', 'a', '-Hb', 'c'], { host: ['env', 'a', 'b'] }, ['c']],
    [['-x', '-a -b', '-X', '-c d'], { extra: ['-a', '-b', '-c d'] }, []],
    [['-vp', '3', '-'], { verbose: true, par: 3 }, ['-']],
    [['--verb'], { verbose: true }, []],
  ])('%j', (argv, values, words) => {
    expect(parse(...argv)).toEqual({ values: { host: ['env'], ...values }, words });
  });

  test('nothing behind --version is read', () => {
    expect(parse('--version', '--bogus')).toMatchObject({ asked: 'version' });
  });
});

test.each([
  [['-z'], 'no such option: -z'],
  [['-iz'], 'no such option: -z'],
  [['--ver'], 'ambiguous option: --ver (--verbose, --version?)'],
  [['--inline=1'], '--inline option does not take a value'],
  [['--par'], '--par option requires 1 argument'],
  [['-p', '1.5'], "option -p: invalid integer value: '1.5'"],
])('%j is refused', (argv, message) => {
  expect(() => parse(...argv)).toThrow(message);
});

test.each([
  ['10', 10],
  ['-3', -3],
  ['010', 8],
  ['0x1F', 31],
  ['0b101', 5],
  ['1_000', 1000],
  ['09', undefined],
  ['', undefined],
  ['1e3', undefined],
])('%j as Python reads it: %p', (text, number) => {
  expect(pythonInt(text)).toBe(number);
});
