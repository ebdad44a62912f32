import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { down, type Fleet, ssh, up } from '../../support/hosts/index.js';
import { type Bench, eventually, makeBench } from '../../support/kprep.ts';

const MARK = '1000.4711';

let fleet: Fleet;
let bench: Bench;

beforeAll(async () => {
  fleet = await up({ name: `guard-${process.pid}`, kind: 'chroot', hosts: 20 });
  bench = makeBench(fleet);
}, 180_000);

afterAll(async () => {
  bench.remove();
  await down(fleet.name);
});

/** How many processes of all hosts have the mark in their arguments. */
async function sleepers(): Promise<number> {
  const counts = await Promise.all(
    fleet.hosts.map(async ({ name }) => {
      const { stdout } = await ssh(fleet, name, `ps -ef 2>/dev/null | grep '[s]leep ${MARK}' | wc -l`, {
        user: 'root',
      });
      return Number(stdout);
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

test.each([
  ['as root through sudo', ['-b']],
  ['as the login user', []],
])(
  'kill -9 of kprep while 20 hosts sleep, %s: nothing is left after five seconds',
  async (_name, options) => {
    const argv = ['exec', 'all', '-i', fleet.inventory, '-u', 'ops', ...options, '--', 'sleep', MARK];
    const child = bench.start(argv);
    await eventually('20 hosts sleep', 60, async () => (await sleepers()) >= 20);
    child.kill('SIGKILL');
    await eventually('no host sleeps', 5, async () => (await sleepers()) === 0);
    expect(await sleepers()).toBe(0);
  },
  120_000,
);

test('Ctrl-C of an ad-hoc command kills it on every host, and the status says so', async () => {
  const child = bench.start(['exec', 'all', '-i', fleet.inventory, '-u', 'ops', '-b', '--', 'sleep', MARK]);
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  await eventually('20 hosts sleep', 60, async () => (await sleepers()) >= 20);
  child.kill('SIGINT');
  expect(await ended).toBe(130);
  await eventually('no host sleeps', 2, async () => (await sleepers()) === 0);
}, 120_000);
