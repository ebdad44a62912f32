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

const UNDER_WAY = "ps -e -o comm= | grep -E '^(dnf|yum|apt-get|dpkg)'";
const DONE = /install ok installed|^kprep-slow-/;

async function answer(host: string, command: string): Promise<string> {
  const { stdout } = await ssh(fleet, host, command, { user: 'root' });
  return stdout.trim();
}

test('kill -9 of kprep during a package transaction: it ends by itself and the database is clean', async () => {
  const playbook = bench.file(
    'slow.yaml',
    `- hosts: apt
  gather_facts: false
  become: true
  tasks:
    - apt_repository: { repo: 'deb [signed-by=/srv/repo/key.asc] file:/srv/repo/deb/ /', filename: slow }
    - apt: { name: kprep-slow, state: present, update_cache: true }

- hosts: dnf
  gather_facts: false
  become: true
  tasks:
    - yum_repository: { name: slow, description: slow, baseurl: 'file:///srv/repo/rpm/', gpgcheck: false }
    - dnf: { name: kprep-slow, state: present }
`,
  );
  const started: Promise<void>[] = [];
  for (const { name, groups } of fleet.hosts) {
    const child = bench.start(['run', playbook, '-i', fleet.inventory, '-u', 'ops', '-l', name]);
    started.push(new Promise((resolve) => child.once('exit', () => resolve())));
    const begun = async (): Promise<boolean> => (await answer(name, 'ls /run/kprep-slow.started')) !== '';
    await eventually(`${name} (${groups.join()}) is in the middle of the transaction`, 60, begun);
    child.kill('SIGKILL');
  }
  await Promise.all(started);
  for (const { name } of fleet.hosts) {
    expect(await answer(name, UNDER_WAY)).not.toBe('');
    await answer(name, 'touch /run/kprep-slow.go');
    await eventually(`${name} has installed it`, 60, async () => DONE.test(await answer(name, installed[name] ?? '')));
    await eventually(`${name} is done with it`, 60, async () => (await answer(name, UNDER_WAY)) === '');
    expect([name, await answer(name, clean[name] ?? '')]).toEqual([name, '']);
  }
}, 300_000);
