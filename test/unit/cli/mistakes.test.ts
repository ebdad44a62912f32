import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { runCli } from '../../support/cli.ts';

const folder = fileURLToPath(new URL('../../fixtures/mistakes', import.meta.url));

/** Each mistake of the fixture: where it is and what is said of it. */
const mistakes: readonly (readonly [string, RegExp])[] = [
  ['hosts.ini:2:', /range|20:01/],
  ['hosts.ini:5:|hosts.ini:8:', /cycle|loop/],
  ['site.yaml:2:10:', /kubernodes/],
  ['site.yaml:6:7:', /coppy/],
  ['site.yaml:11:18:', /timeout.*soon/],
  ['site.yaml:15:15:', /mode.*644|644.*0644/],
  ['site.yaml:17:', /greting/],
  ['tasks/bad.yaml:3:', /indent|mapping/i],
];

test('a playbook and an inventory with eight mistakes: all are told at once, nothing is dialled', async () => {
  const { status, stderr, stdout } = await runCli(['run', 'site.yaml', '-i', 'hosts.ini'], { cwd: folder });
  expect(status).toBe(65);
  expect(stdout).toBe('');
  const blocks = stderr.split(/\n(?=\S)/);
  for (const [place, text] of mistakes) {
    const told = blocks.filter(
      (block) => new RegExp(`(^|/)(${place})`).test(block.split('\n')[0] ?? '') && text.test(block),
    );
    expect([place, told.length]).toEqual([place, 1]);
    expect(told[0]).toMatch(/\n +\^/);
  }
  expect(stderr).toMatch(/8 problems found; no host was contacted/);
});
