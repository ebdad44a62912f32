import { describe, expect, test } from '@jest/globals';
import { commands } from '../../../src/cli/commands/index.ts';
import { parseLine } from '../../../src/cli/parse.ts';
import { plainLine } from '../../../src/cli/plain-line.ts';

function commandOf(name: string) {
  const command = commands.find((candidate) => candidate.name === name);
  if (!command) throw new Error(`no command ${name}`);
  return command;
}

describe('lines without doubt are read as yargs reads them', () => {
  const plain: readonly (readonly [string, string[]])[] = [
    ['hosts', ['all', '-i', 'hosts.ini']],
    ['hosts', ['kube:!n3', '--fold', '--inventory=h1,h2,']],
    ['hosts', []],
    ['run', ['a.yaml', '-i', 'one', 'b.yaml', '-i', 'two', '--check', '-D']],
    ['run', ['a.yaml', '-v', '-v', '--forks', '5', '-f', '6', '--become-method=su', '--become-method', 'doas']],
    ['run', ['a.yaml', '-e', 'a.b=1', '-e', '{"x": 1}', '-e', '@vars.yaml', '--limit=a=b', '-u', 'é ü']],
    ['run', ['007', '1e3', '0x10', 'a b']],
    ['exec', ['all', '-i', 'hosts', '-b', 'uptime | wc']],
    ['exec', ['kube', '-i', 'hosts', '--', 'ls', '-l', '--', '--fold', '']],
    ['exec', ['kube', '-f', '32', '-o', 'jsonl=a', '-o', 'text', '--', 'true']],
  ];
  test.each(plain)('%s %j', async (name, argv) => {
    const line = plainLine(commandOf(name).options, argv);
    expect(line).toBeDefined();
    expect(line).toEqual(await parseLine(commandOf(name), argv, 80));
  });

  const doubtful: readonly (readonly [string, string[]])[] = [
    ['hosts', ['--help']],
    ['hosts', ['-h']],
    ['hosts', ['all', 'help']],
    ['hosts', ['--folded']],
    ['hosts', ['-i']],
    ['hosts', ['-i', '']],
    ['hosts', ['-i', '--fold']],
    ['hosts', ['--fold=no']],
    ['hosts', ['--fold', 'false']],
    ['hosts', ['--no-fold']],
    ['hosts', ['-ihosts']],
    ['hosts', ['-']],
    ['hosts', ['']],
    ['hosts', ['__proto__', '--__proto__', 'x']],
    ['hosts', ['--constructor']],
    ['run', ['a.yaml', '-CD']],
    ['run', ['a.yaml', '-f5']],
    ['run', ['a.yaml', '-f', 'many']],
    ['run', ['a.yaml', '-f', '-1']],
    ['run', ['a.yaml', '-f', '1.5']],
    ['run', ['a.yaml', '-e', "'quoted'"]],
    ['run', ['a.yaml', '--become-method', 'magic']],
    ['exec', ['all', '--']],
  ];
  test.each(doubtful)('%s %j goes to yargs', (name, argv) => {
    expect(plainLine(commandOf(name).options, argv)).toBeUndefined();
  });
});
