import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { down, type Fleet, ssh, up } from '../../support/hosts/index.js';
import { type Bench, eventually, makeBench } from '../../support/kprep.ts';

const HOSTS = 50;
const MARK = '1000.4712';

let fleet: Fleet;
let bench: Bench;

beforeAll(async () => {
  fleet = await up({ name: `cancel-${process.pid}`, kind: 'chroot', hosts: HOSTS });
  bench = makeBench(fleet);
}, 300_000);

afterAll(async () => {
  bench.remove();
  await down(fleet.name);
}, 60_000);

/** How many processes of all hosts have the mark in their arguments; all hosts share the fleet's table of processes. */
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
  ['as the login user', []],
  ['through sudo', ['-b']],
])(
  'Ctrl-C while 50 hosts sleep, %s: two seconds later none does',
  async (_name, options) => {
    const line = ['exec', 'all', '-i', fleet.inventory, ...options, `sleep ${MARK}`];
    const child = bench.start(line);
    const ended = once(child, 'exit');
    await eventually('50 hosts sleep', 120, async () => (await sleepers()) >= HOSTS);
    child.kill('SIGINT');
    const [status] = await ended;
    const asked = Date.now();
    await eventually('no host sleeps', 2, async () => (await sleepers()) === 0);
    expect(status).toBe(130);
    expect(Date.now() - asked).toBeLessThan(20_000);
  },
  300_000,
);
