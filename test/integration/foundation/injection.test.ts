import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { down, type Fleet, ssh, up } from '../../support/hosts/index.js';
import { type Bench, makeBench } from '../../support/kprep.ts';

let fleet: Fleet;
let bench: Bench;

beforeAll(async () => {
  fleet = await up({ name: `injection-${process.pid}`, kind: 'chroot', hosts: 2 });
  bench = makeBench(fleet);
}, 180_000);

afterAll(async () => {
  bench.remove();
  await down(fleet.name);
});

test('what a host says is never a template: stdout, facts, files, set_fact, loops, filters', async () => {
  const mark = join(bench.dir, 'touched');
  const evil = `{{ lookup('pipe','touch ${mark}') }}`;
  await Promise.all(fleet.hosts.map(({ name }) => ssh(fleet, name, 'mkdir -p /etc/ansible/facts.d', { user: 'root' })));
  const fact = `printf '%s' '{"evil": "${evil.replaceAll("'", "'\\''")}"}' > /etc/ansible/facts.d/evil.fact`;
  await Promise.all(fleet.hosts.map(({ name }) => ssh(fleet, name, fact, { user: 'root' })));
  await Promise.all(
    fleet.hosts.map(({ name }) =>
      ssh(fleet, name, 'cat > /tmp/evil.txt; cp /tmp/evil.txt /tmp/{{x}}', { user: 'root', input: evil }),
    ),
  );
  const playbook = bench.file(
    'evil.yaml',
    `- hosts: all
  tasks:
    - command: cat /tmp/evil.txt
      register: out
    - slurp: { src: /tmp/evil.txt }
      register: file
    - set_fact:
        from_stdout: "{{ out.stdout }}"
        from_fact: "{{ ansible_local.evil.evil }}"
        from_file: "{{ file.content | b64decode }}"
        from_filter: "{{ [out.stdout] | map('trim') | first }}"
        named: "{{ out.stdout_lines }}"
    - debug: { msg: "{{ from_stdout }} {{ from_fact }} {{ from_file }} {{ from_filter }} {{ named }}" }
    - debug: { var: "hostvars[inventory_hostname].from_stdout" }
    - command: "echo {{ item | quote }}"
      loop: "{{ named }}"
      when: item == out.stdout
    - copy: { content: "{{ from_stdout }}{{ from_fact }}{{ from_file }}", dest: /tmp/copied }
    - assert:
        that: from_stdout == out.stdout
        fail_msg: "{{ out.stdout }}"
`,
  );
  const result = await bench.kprep(['run', playbook, '-i', fleet.inventory, '-u', 'ops', '-v']);
  expect([result.status, result.stderr]).toEqual([0, '']);
  expect(existsSync(mark)).toBe(false);
  const copied = await ssh(fleet, 'node0', 'cat /tmp/copied');
  expect(copied.stdout).toBe(evil.repeat(3));
}, 120_000);
