import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { cut, down, type Fleet, up } from '../../support/hosts/index.js';
import { type Bench, makeBench } from '../../support/kprep.ts';

let fleet: Fleet;
let bench: Bench;

beforeAll(async () => {
  fleet = await up({ name: `causes-${process.pid}`, kind: 'chroot', hosts: 6 });
  bench = makeBench(fleet);
}, 180_000);

afterAll(async () => {
  bench.remove();
  await down(fleet.name);
});

/** The known keys of a host, replaced by those of another. */
function knownHostsWithChangedKey(host: string, other: string): string {
  const lines = readFileSync(fleet.knownHosts, 'utf8')
    .split('\n')
    .map((line) => ({ names: line.split(' ')[0] ?? '', key: line.split(' ').slice(1).join(' ') }));
  const of = (name: string): typeof lines => lines.filter(({ names }) => names.split(',').includes(name));
  const names = of(host)[0]?.names;
  const changed = of(other).map(({ key }) => ({ names, key }));
  const all = [...lines.filter((line) => !of(host).includes(line)), ...changed];
  return all.map((line) => `${line.names} ${line.key}`).join('\n');
}

test('six hosts, four of them in trouble: two finish, each cause is named in plain words, status 6', async () => {
  await cut(fleet, 'node1');
  const known = bench.file('known_hosts', `${knownHostsWithChangedKey('node2', 'node0')}\n`);
  const hosts = fleet.hosts.map(({ name, address }) => {
    const user = name === 'node3' ? 'pat' : 'ops';
    return `${name} ansible_host=${address} ansible_user=${user} ansible_ssh_private_key_file=${fleet.key}`;
  });
  const inventory = bench.file('hosts.ini', `[fleet]\n${hosts.join('\n')}\n`);
  const playbook = bench.file(
    'six.yaml',
    `- name: six
  hosts: fleet
  gather_facts: false
  become: true
  tasks:
    - name: works on most
      shell: "test $(hostname) != node4 || { echo disk on fire >&2; exit 3; }"
    - name: and goes on
      copy: { dest: /tmp/done, content: done }
`,
  );
  const argv = ['run', playbook, '-i', inventory, '--known-hosts', known, '-T', '3', '--no-color'];
  const { status, stdout, stderr } = await bench.kprep(argv);
  const recap = stdout.split('RECAP\n')[1] ?? stderr;
  expect(recap).toMatch(/node0 +ok=0 +changed=2/);
  expect(recap).toMatch(/node5 +ok=0 +changed=2/);
  expect(recap).toMatch(/unreachable[^\n]*: node1\n +[^\n]*no connection within 3 s/);
  expect(recap).toMatch(/unreachable[^\n]*: node2\n +[^\n]*host key[^\n]*chang[^\n]*\n +→ [^\n]*ssh-keygen/);
  expect(recap).toMatch(/failed[^\n]*: node3\n +[^\n]*sudo asks for a password[^\n]*(\n +→ [^\n]*-K|-K)/);
  expect(recap).toMatch(/failed in "works on most": node4\n +[^\n]*disk on fire/);
  expect(status).toBe(6);
}, 120_000);
