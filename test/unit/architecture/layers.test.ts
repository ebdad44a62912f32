import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../../..', import.meta.url));

interface Cruise {
  readonly summary: {
    readonly totalCruised: number;
    readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[];
  };
}

/** Runs the layer check over a folder that has a `src`, as `npm run layers` does. */
function cruise(folder: string): Cruise['summary'] {
  const program = `${root}node_modules/dependency-cruiser/bin/dependency-cruise.mjs`;
  const config = `${root}.dependency-cruiser.js`;
  const args = [program, 'src', '--config', config, '--output-type', 'json'];
  const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28 });
  return (JSON.parse(stdout) as Cruise).summary;
}

test('the layer check still sees what it must see (canary)', () => {
  const found = cruise(`${root}test/fixtures/layering`).violations.map(({ from, rule }) => `${from}: ${rule.name}`);
  expect(found.filter((line) => !line.includes('orphan')).sort()).toEqual([
    'src/cli/a.ts: no-circular',
    'src/engine/names-ssh2-as-type.ts: only-ssh-uses-ssh2',
    'src/modules/imports-ssh.ts: modules-stays-low',
    'src/report/reads-files.ts: files-only-at-the-edge',
  ]);
});
