import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { down, type Fleet, ssh, up } from '../../support/hosts/index.js';
import { type Bench, eventually, makeBench } from '../../support/kprep.ts';

let fleet: Fleet;
let bench: Bench;

beforeAll(async () => {
  fleet = await up({ name: `transaction-${process.pid}`, kind: 'booted', hosts: ['apt', 'dnf'] });
  bench = makeBench(fleet);
}, 300_000);

afterAll(async () => {
  bench.remove();
  await down(fleet.name);
});

const installed: Readonly<Record<string, string>> = {
  node0: "dpkg-query -W -f '${Status}' kprep-slow 2>/dev/null",
  node1: 'rpm -q kprep-slow',
};
const clean: Readonly<Record<string, string>> = { node0: 'dpkg --audit', node1: 'dnf -q check' };

async function answer(host: string, command: string): Promise<string> {
  const { stdout } = await ssh(fleet, host, command, { user: 'root' });
  return stdout.trim();
}

test('kill -9 of kprep during a package transaction: it ends by itself and the database is clean', async () => {
  const playbook = bench.file(
    'slow.yaml',
    `- hosts: all
  gather_facts: false
  become: true
  tasks:
    - package: { name: kprep-slow, state: present }
`,
  );
  const child = bench.start(['run', playbook, '-i', fleet.inventory, '-u', 'ops']);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const hosts = fleet.hosts.map(({ name }) => name);
  for (const host of hosts) {
    await eventually(
      `${host} is in the middle of the transaction`,
      60,
      async () => (await answer(host, 'pgrep -f kprep-slow')) !== '',
    );
  }
  child.kill('SIGKILL');
  await ended;
  for (const host of hosts) {
    expect(await answer(host, installed[host] ?? '')).not.toMatch(/install ok installed|^kprep-slow-/);
    await answer(host, 'touch /run/kprep-slow.go');
    await eventually(`${host} has installed it`, 60, async () =>
      /install ok installed|^kprep-slow-/.test(await answer(host, installed[host] ?? '')),
    );
    expect([host, await answer(host, clean[host] ?? '')]).toEqual([host, '']);
  }
}, 300_000);
