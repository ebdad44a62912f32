import { describe, expect, test } from '@jest/globals';
import { commands } from '../../../src/cli/commands/index.ts';
import { parseLine } from '../../../src/cli/parse.ts';

function parse(name: string, ...argv: string[]) {
  const command = commands.find((candidate) => candidate.name === name);
  if (!command) throw new Error(`no command ${name}`);
  return parseLine(command, argv, 80);
}

describe('command line', () => {
  const rows: readonly (readonly [string[], object])[] = [
    [['site.yaml', '-i', 'hosts', '-i', 'more'], { words: ['site.yaml'], given: { inventory: ['hosts', 'more'] } }],
    [['a.yaml', '-f5', '-CD', '-vv'], { words: ['a.yaml'], given: { forks: 5, check: true, diff: true, verbose: 2 } }],
    [['a.yaml', '--limit=kube:!n3', '--no-color'], { words: ['a.yaml'], given: { limit: ['kube:!n3'], color: false } }],
    [['a.yaml', '-i', 'hosts', 'b.yaml'], { words: ['a.yaml', 'b.yaml'], given: { inventory: ['hosts'] } }],
    [['007'], { words: ['007'], given: {} }],
    [['a.yaml', '-e', 'a.b=1', '-e', '@vars.yaml'], { given: { 'extra-vars': ['a.b=1', '@vars.yaml'] } }],
  ];
  test.each(rows)('run %j', async (argv, expected) => {
    expect(await parse('run', ...argv)).toMatchObject(expected);
  });

  test('exec: everything behind -- is the command', async () => {
    const line = await parse('exec', '-i', 'hosts', 'kube', '--', 'ls', '-l', '--', 'x');
    expect(line).toMatchObject({ words: ['kube'], after: ['ls', '-l', '--', 'x'], given: { inventory: ['hosts'] } });
  });

  test('exec: options may stand behind the pattern', async () => {
    const line = await parse('exec', 'kube', '-i', 'hosts', '-b', 'uptime | wc');
    expect(line).toMatchObject({ words: ['kube', 'uptime | wc'], given: { inventory: ['hosts'], become: true } });
  });

  test('exec: a flag does not swallow the command true', async () => {
    const line = await parse('exec', 'kube', '-b', 'true', '--env', 'false', '--', 'false', 'true');
    expect(line.words).toEqual(['kube', 'true']);
    expect(line.after).toEqual(['false', 'true']);
    expect(line.given).toEqual({ become: true, env: ['false'] });
  });

  const wrong: readonly (readonly [string[], RegExp])[] = [
    [['a.yaml', '--chekc'], /unknown option --chekc/],
    [['a.yaml', '-Z'], /unknown option -Z/],
    [['a.yaml', '--forks', 'many'], /--forks takes a number/],
    [['a.yaml', '--become-method', 'magic'], /Invalid values/],
    [['a.yaml', '-i'], /Not enough arguments following: i/],
  ];
  test.each(wrong)('%j is a usage error', async (argv, message) => {
    await expect(parse('run', ...argv)).rejects.toThrow(message);
  });

  test('--help comes with options, examples and exit statuses, and fits the terminal', async () => {
    const { help = '' } = await parse('run', '--help');
    expect(help).toContain('--inventory');
    expect(help).toContain('kprep run playbooks/prepare.yaml -i inventories/hosts.ini');
    expect(Math.max(...help.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
  });
});
