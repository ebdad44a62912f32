import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import type { ArgSpec } from '../../src/model/args.ts';
import { coerceValue } from '../../src/model/coerce.ts';
import { modules, registry } from '../../src/modules/index.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

test('the index and the reference pages are those of the declarations', () => {
  const run = spawnSync(process.execPath, ['scripts/generate.js', '--check'], { cwd: root, encoding: 'utf8' });
  expect(run.stderr).toBe('');
  expect(run.status).toBe(0);
});

test('no two modules have the same name', () => {
  const names = modules.flatMap((module) => [module.name, ...(module.aliases ?? [])]);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  expect(registry.size).toBe(names.length);
});

describe.each(modules.map((module) => [module.name, module] as const))('%s', (name, module) => {
  const args = Object.entries(module.args as ArgSpec);

  test('its name is one that a playbook can use, its summary a sentence', () => {
    expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
    expect(module.summary).toMatch(/^\S.*[.…]$/);
  });

  test('each parameter has a sentence, and a default of its own type', () => {
    for (const [key, declared] of args) {
      expect([key, declared.doc]).toEqual([key, expect.stringMatching(/^\S[\s\S]*[.`!…?]$/)]);
      expect([key, declared.differs ?? 'Not.']).toEqual([key, expect.stringMatching(/^\S[\s\S]*[.`]$/)]);
      const { default: value } = declared;
      if (value !== undefined) expect([key, coerceValue(declared, value)]).toEqual([key, { value }]);
    }
  });

  test('no name stands for two parameters, and free-form text fills one that is there', () => {
    const names = args.flatMap(([key, declared]) => [key, ...(declared.aliases ?? [])]);
    expect(names.filter((one, index) => names.indexOf(one) !== index)).toEqual([]);
    if (module.freeForm !== undefined) expect(names).toContain(module.freeForm);
  });
});
