import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadInventory, matchHosts } from '../../../src/inventory/index.ts';
import type { Inventory } from '../../../src/model/inventory.ts';
import { type Tree, writeTree } from '../../support/file-tree.ts';
import { generateIni } from './generate.ts';
import { askPython, comparable, type OracleInventory, ours } from './oracle.ts';

interface Case {
  readonly name: string;
  readonly files: Tree;
  /** Sources below the case's folder. */
  readonly sources: readonly string[];
  readonly patterns?: readonly string[];
  /** Ansible lists the hosts of groups below groups in the order of a set of objects: by chance. */
  readonly anyOrder?: true;
  readonly anyOrigin?: true;
}

const ini = `# comment
; another
green.example.com ansible_port=2222 a='b c' # trailing
10.0.0.7
"quoted-host" x="y z"
[web]
web[01:05:2] rack=1 weight=1.50 big=12345678901234567890
web9:2200 f="{'a': [1, 2.0, None]}"
2001:db8::7 six=yes
[2001:db8::8]:2022
[db] # comment behind
db[a:c]
alpha zeta=1
alpha zeta='0644'
[db:vars]
n=0644
yes=yes
q="quoted"
h=5 # five
empty=
url=http://x/y=z
list=[1, 'two', 3.0]
template={{ n }} and {{ q }}
ansible_group_priority=10
[site:children]
web
db # comment
[site:vars]
n=1
[other]
alpha
web01
[world:children]
site
other
[all:vars]
everyone=True
`;

const yaml = `all:
  vars: {everyone: yes, mode: 0644, t: "{{ mode }}", f: 1.0}
  hosts:
    mail.example.com: {a: 1, b: null}
    lone:
  children:
    web:
      hosts:
        web[1:3]:
          port: 80
        web4:2222:
      vars:
        tags: [a, b]
        deep: {er: {still: true}}
    db:
      hosts: solo
      children:
        slaves: {hosts: {slave1: , slave2: {x: !unsafe '{{ y }}'}}}
        empty:
      vars: {ansible_group_priority: 7}
plain:
  children: web
ungrouped:
  hosts: {stray: , web1: }
`;

const listing = {
  web: { hosts: ['w1', 'w2'], vars: { a: 1.0, b: [1, 2], t: '{{ a }}' }, children: ['sub'] },
  sub: ['s1', 'w1'],
  short: { x: 5, deep: { y: null } },
  group_only: { vars: { z: 1e3 } },
  _meta: {
    hostvars: { w1: { ansible_host: '10.0.0.1', n: 10000000000000000 }, s1: { u: { __ansible_unsafe: '{{ z }}' } } },
  },
};

const program = (body: string) => ({ content: `#!/bin/sh\n${body}\n`, mode: '0755' });
const printing = (value: unknown) => `cat <<'EOF'\n${JSON.stringify(value, null, 1)}\nEOF`;

const cases: readonly Case[] = [
  {
    name: 'INI',
    files: { 'inv.x': ini },
    sources: ['inv.x'],
    anyOrder: true,
    patterns: ['web', 'site', 'all', 'db[0]'],
  },
  { name: 'YAML', files: { 'inv.yaml': yaml }, sources: ['inv.yaml'], anyOrder: true, patterns: ['web[0:1]', 'lone'] },
  {
    name: 'JSON in the shape of YAML',
    files: { 'inv.json': '{"all": {"hosts": {"a": {"f": 1e3, "n": 1.0}}}}' },
    sources: ['inv.json'],
  },
  { name: 'program', files: { list: program(printing(listing)) }, sources: ['list'], anyOrigin: true },
  {
    name: 'program without _meta',
    files: {
      list: program(
        `case $1 in --list) echo '{"g": {"hosts": ["a", "b"]}}' ;; *) echo "{\\"name\\": \\"$2\\", \\"f\\": 2.0}" ;; esac`,
      ),
    },
    sources: ['list'],
  },
  { name: 'list of hosts', files: {}, sources: ['h1,h2:2222, h3 ,10.0.0.1,'], anyOrigin: true },
  {
    name: 'directory with variables beside it',
    files: {
      'inv/10-hosts': '[web]\nw1 a=1\nw2\n[db]\nd1\n',
      'inv/20-more.yaml': 'db: {hosts: {d2: {a: 2}, w1: {a: 3}}}\n',
      'inv/30-sub/hosts': '[deep]\nx1\nw1 from=sub\n',
      'inv/.hidden': '[hidden]\nh1\n',
      'inv/skipped.ini': '[skipped]\ns1\n',
      'inv/readme.md': '[md]\nm1\n',
      'inv/backup~': '[b]\nb1\n',
      'inv/group_vars/all.yml': 'a: 1\nb: {c: 1}\n',
      'inv/group_vars/web/10.yml': 'x: 1\ny: 1\n',
      'inv/group_vars/web/20.yaml': 'y: 2\n',
      'inv/group_vars/web/.hidden.yml': 'y: 3\n',
      'inv/group_vars/web/old.yml~': 'y: 4\n',
      'inv/group_vars/web/note.txt': 'y: 5\n',
      'inv/group_vars/web/sub/deep.json': '{"z": 1e3, "w": 1.0}',
      'inv/group_vars/db': 'engine: pg\nmode: 0600\n',
      'inv/host_vars/w1.json': '{"k": "v"}',
      'inv/host_vars/d1.yml': '',
      'inv/host_vars/x1.yaml': '---\nt: "{{ k }}"\nu: !unsafe "{{ k }}"\n',
    },
    sources: ['inv'],
  },
  {
    name: 'several sources',
    files: {
      'one/hosts': '[web]\nw1 a=1 b=1\n[web:vars]\nv=1\n',
      'two/hosts': '[web]\nw2\nw1 a=2\n[web:vars]\nv=2\n[top:children]\nweb\n',
      'one/group_vars/web.yml': 'g: 1\nh: 1\n',
      'two/group_vars/web.yml': 'g: 2\n',
    },
    sources: ['one/hosts', 'two/hosts'],
  },
];

/** No groups in groups of several: here Ansible's order is no chance, and the order of hosts is compared too. */
const ordered: Case = {
  name: 'order',
  files: { hosts: 'z\n[web]\nw2\nw1\n[db]\nd1\nw1\n[site:children]\ndb\nweb\n[other]\no1\nd1\n' },
  sources: ['hosts'],
  patterns: [
    ...[
      'all',
      '*',
      'site',
      'site[0]',
      'site[-1]',
      'site[1:2]',
      'web,db',
      'db:web',
      'w1,d1',
      'w*',
      'o*:site',
      '!w2',
      'site:&web',
      'z:site:!d1',
    ],
    ...['~[wd]', '*1', 'other:db', 'db[0],web[0]', 'all:!site'],
  ],
};

const generated: readonly Case[] = Array.from({ length: 60 }, (_, seed) => ({
  name: `generated ${seed}`,
  files: { hosts: generateIni(seed) },
  sources: ['hosts'],
  anyOrder: true,
  patterns: patternsFor(seed),
}));

function patternsFor(seed: number): string[] {
  const all = [
    'all',
    '*',
    'g1',
    'g*',
    'g1:&g2',
    'g1:!g2',
    '!g3',
    '&g1',
    'g1,g2',
    'g2[0]',
    'g2[-1]',
    'g1[0:1]',
    'g1[1:]',
    'ungrouped',
  ];
  const more = [
    '~h0[1-3]',
    '~.*[ab]$',
    'h0?',
    'h[0-2]*',
    'h[!0]*:!g1',
    'g*[0]',
    'g1:g2:&g3:!g4',
    'n*,h*',
    '*.example.com',
    '~(g1|g2)',
  ];
  return [...all, ...more].filter((_, index) => (index + seed) % 2 === 0);
}

let root = '';
const answers: {
  readonly expected: OracleInventory;
  readonly inventory: Inventory;
  readonly problems: readonly unknown[];
}[] = [];
const everything = [...cases, ordered, ...generated];

beforeAll(async () => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'kprep-inventory-')));
  const asked = everything.map(({ files, sources, patterns = [] }, index) => {
    const folder = join(root, String(index));
    writeTree(folder, { ...files, keep: '' });
    return { sources: sources.map((source) => (source.includes(',') ? source : join(folder, source))), patterns };
  });
  const expected = askPython({ inventories: asked }).inventories;
  for (const [index, { sources }] of asked.entries()) {
    const { inventory, problems } = await loadInventory({ sources });
    const answer = expected[index];
    if (!answer) throw new Error('the oracle gave too few answers');
    answers.push({ expected: answer, inventory, problems: problems.filter(({ level }) => level === 'error') });
  }
}, 120_000);

afterAll(() => rmSync(root, { recursive: true, force: true }));

/**
 * Intended differences. A list of hosts has no file, so what Ansible says is its `inventory_dir` is no directory. Where a host
 * and a group have one name, Ansible gives the group the `inventory_file` that is the host's.
 */
function withoutOrigin(data: unknown): unknown {
  return JSON.parse(JSON.stringify(data), (key, value: unknown) =>
    /^inventory_(file|dir)$/.test(key) ? undefined : value,
  );
}

function inAnyOrder(data: unknown): unknown {
  return JSON.parse(JSON.stringify(data), (key, value: unknown) =>
    key === 'hosts' && isNames(value) ? [...value].sort() : value,
  );
}

function isNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

describe('inventories mean what they mean to Ansible', () => {
  test.each(everything.map(({ name, ...rest }, index) => ({ name, index, ...rest })))(
    '$name',
    ({ index, anyOrder, anyOrigin }) => {
      const answer = answers[index];
      if (!answer) throw new Error('no answer');
      const trim = (data: unknown) => {
        const plain = anyOrigin ? withoutOrigin(data) : data;
        return anyOrder ? inAnyOrder(plain) : plain;
      };
      expect(answer.problems).toEqual([]);
      expect(trim(ours(answer.inventory))).toEqual(trim(comparable(answer.expected)));
    },
  );

  test('the order of hosts', () => {
    const answer = answers[everything.indexOf(ordered)];
    const mine = ordered.patterns?.map((pattern) => [pattern, matchOrNull(answer?.inventory, pattern)]);
    expect(mine).toEqual(ordered.patterns?.map((pattern, index) => [pattern, answer?.expected.patterns[index]]));
  });

  test('patterns', () => {
    const mine = everything.map(({ patterns = [] }, index) =>
      patterns.map((pattern) => [pattern, matchOrNull(answers[index]?.inventory, pattern)?.sort() ?? null]),
    );
    const theirs = everything.map(({ patterns = [] }, index) =>
      patterns.map((pattern, at) => [pattern, sortedNames(answers[index]?.expected.patterns[at])]),
    );
    expect(mine).toEqual(theirs);
    expect(theirs.flat().filter(([, hosts]) => hosts && hosts.length > 0).length).toBeGreaterThan(300);
  });
});

function sortedNames(names: readonly string[] | null | undefined): string[] | null {
  return names ? [...names].sort() : null;
}

function matchOrNull(inventory: Inventory | undefined, pattern: string): string[] | null {
  try {
    return inventory ? [...matchHosts(inventory, pattern)] : null;
  } catch {
    return null;
  }
}

describe('ansible-inventory --list itself', () => {
  test.each([0, 1, 6])('case %i: the same groups, hosts and merged variables', (index) => {
    const one = everything[index];
    const answer = answers[index];
    if (!one || !answer) throw new Error('no such case');
    const args = one.sources.flatMap((source) => ['-i', join(root, String(index), source)]);
    const env = { ...process.env, ANSIBLE_JINJA2_NATIVE: 'True', ANSIBLE_LOCALHOST_WARNING: 'False' };
    const out = execFileSync('/usr/bin/ansible-inventory', [...args, '--list'], {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const { _meta, ...groups } = JSON.parse(out.toString('utf8')) as Record<
      string,
      { children?: string[]; hosts?: string[] }
    > & {
      _meta: { hostvars: Record<string, Record<string, unknown>> };
    };
    for (const [name, { hosts = [], children = [] }] of Object.entries(groups)) {
      const group = answer.inventory.groups.get(name);
      expect([name, group?.directHosts, group?.children]).toEqual([
        name,
        name === 'all' ? group?.directHosts : hosts,
        children,
      ]);
    }
    for (const [name, vars] of Object.entries(_meta.hostvars)) {
      expect([name, new Set(mergedNames(answer.inventory, name))]).toEqual([name, new Set(Object.keys(vars))]);
    }
  });
});

function mergedNames(inventory: Inventory, name: string): string[] {
  const host = inventory.hosts.get(name);
  const groups = (host?.groups ?? []).flatMap((group) => inventory.groups.get(group) ?? []);
  const layers = [
    ...groups.flatMap(({ vars, groupVars }) => [vars, groupVars]),
    host?.vars ?? {},
    host?.hostVars ?? {},
  ];
  return layers.flatMap(Object.keys).filter((key) => key !== 'inventory_file' && key !== 'inventory_dir');
}
