import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { testShells } from '../support/shells.ts';
import { systemScripts } from './system-cases.ts';

const all = systemScripts()
  .map(({ name, script }) => `# ${name.replaceAll('\n', ' ')}\nif false; then\n${script}\nfi`)
  .join('\n');

describe.each(testShells().map((shell) => [shell.name, shell] as const))('%s', (_name, shell) => {
  test('takes every script of the system modules', () => {
    const [program = 'sh', ...words] = shell.argv;
    const ran = spawnSync(program, [...words, '-n'], { input: all, env: { PATH: shell.path } });
    expect({ status: ran.status, stderr: ran.stderr.toString() }).toEqual({ status: 0, stderr: '' });
  });
});
