import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { systemScripts } from '../../modules/system-cases.ts';

test.each(systemScripts().map(({ name, script }) => [name.split('\n')[0], script] as const))('%s', (_name, script) => {
  const ran = spawnSync('shellcheck', ['-s', 'sh', '-f', 'gcc', '-'], { input: `${script}\n` });
  expect(ran.error).toBeUndefined();
  expect(ran.stdout.toString()).toBe('');
});
