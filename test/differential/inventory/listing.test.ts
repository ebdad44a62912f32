import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runCli } from '../../support/cli.ts';

const FILES: Readonly<Record<string, string>> = {
  'hosts.ini': `alone greeting="{{ who }} ä" list='[1, "a", None, 1.0, True]'
[kube:children]
masters
nodes
[masters]
m1 ansible_host=10.0.0.1 port=22
[nodes]
n[1:3] inventory_dir=hidden
[nodes:vars]
size=0644
on=yes
[empty]
[top:children]
kube
empty
[top:vars]
deep={'a': {'b': ["it's", 'x"y']}, 'c': {}, 'd': []}
`,
  'hosts.yaml': `all:
  vars: { everywhere: 1, float: 2.0 }
  children:
    one:
      hosts: { a: { v: "text" }, b: }
      vars: { ansible_group_priority: 5, who: one }
    two:
      hosts: { b: { long: 123456789012345678901 } }
      vars: { who: two }
`,
  'group_vars/all.yaml': 'from_file: all\nnothing: null\n',
  'group_vars/kube.yaml': 'from_file: kube\nsize: [1, 2]\n',
  'host_vars/m1.yaml': 'from_file: m1\nword: "no"\n',
};

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'kprep-listing-'));
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function theirs(argv: readonly string[]): string {
  return execFileSync('/usr/bin/ansible-inventory', argv, {
    cwd: dir,
    env: { PATH: '/usr/bin:/bin', HOME: dir, LC_ALL: 'C.UTF-8', ANSIBLE_LOCALHOST_WARNING: 'False' },
    stdio: ['ignore', 'pipe', 'ignore'],
  }).toString();
}

test.each([
  ['--list', '-i', 'hosts.ini'],
  ['--list', '-i', 'hosts.yaml'],
  ['--list', '-i', 'hosts.ini', '-i', 'hosts.yaml'],
  ['--list', '-i', 'x1,x2,'],
  ['--host', 'm1', '-i', 'hosts.ini'],
  ['--host', 'b', '-i', 'hosts.yaml'],
  ['--host', 'x1', '-i', 'x1,'],
  ['--graph', '-i', 'hosts.ini'],
  ['--graph', 'kube', '-i', 'hosts.ini'],
  ['--graph', '--vars', '-i', 'hosts.ini'],
  ['--graph', '--vars', '-i', 'hosts.yaml'],
])(
  'inventory %s %s %s %s %s: as ansible-inventory prints it',
  async (...argv) => {
    const words = argv.filter((word) => word !== undefined);
    const { status, stdout } = await runCli(['inventory', ...words], { cwd: dir, home: dir });
    expect(stdout).toBe(theirs(words));
    expect(status).toBe(0);
  },
  30_000,
);
