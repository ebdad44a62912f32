import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { tempfile } from '../../src/modules/tempfile.ts';
import { applyChange } from '../support/apply-change.ts';
import { testShells } from '../support/shells.ts';
import { argsOf, contextOf, testModule } from '../support/test-module.ts';

testModule(tempfile, [
  { name: 'a slash in the prefix', args: { prefix: '../x' }, invalid: 'cannot hold a slash' },
  { name: 'one change', args: { state: 'directory' }, host: '', changes: ['make a temporary directory'] },
]);

describe.each(testShells().map((shell) => [shell.name, shell] as const))('tempfile on %s', (_name, shell) => {
  test.each([
    ['file', { state: 'file' }, 0o600, /^ansible\.\w{8}$/],
    ['directory', { state: 'directory', prefix: 'a b', suffix: '.d' }, 0o700, /^a b\w{8}\.d$/],
  ])('%s', async (state, more, mode, name) => {
    const root = mkdtempSync(join(tmpdir(), 'kprep-test-'));
    try {
      const { args } = argsOf(tempfile, { ...more, path: '~' });
      const decision = tempfile.plan(args as never, undefined, contextOf());
      const change = Array.isArray(decision) ? decision[0] : undefined;
      const output = await applyChange(change, { root, shell });
      if ('failure' in output) throw new Error(output.failure);
      const made = readdirSync(root);
      expect(made).toHaveLength(1);
      expect(made[0]).toMatch(name);
      const path = join(root, made[0] ?? '');
      expect(statSync(path).mode & 0o777).toBe(mode);
      expect(tempfile.result?.(args as never, undefined, [output])).toMatchObject({ path, state });
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
});
