import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadInventory, withChanges } from '../../../src/inventory/index.ts';
import type { Inventory } from '../../../src/model/inventory.ts';
import { writeTree } from '../../support/file-tree.ts';
import { askPython, comparable, type OracleInventory, ours } from './oracle.ts';

interface Change {
  readonly name: string;
  readonly addHosts?: readonly (readonly [string, readonly string[]])[];
  readonly groupBy?: readonly (readonly [string, string])[];
}

const changes: readonly Change[] = [
  { name: 'a new host in a group', addHosts: [['n1', ['web']]] },
  {
    name: 'new hosts in no group and in new ones',
    addHosts: [
      ['n1', []],
      ['n2', ['fresh', 'db']],
      ['n3', ['fresh']],
    ],
  },
  {
    name: 'a host that is there',
    addHosts: [
      ['w1', ['db']],
      ['lone', []],
    ],
  },
  { name: 'an ungrouped host gets a group', addHosts: [['lone', ['db']]] },
  {
    name: 'group_by',
    groupBy: [
      ['w1', 'os_debian'],
      ['lone', 'os_debian'],
      ['w2', 'os_fedora'],
    ],
  },
  {
    name: 'group_by into a group that is there',
    groupBy: [
      ['w1', 'db'],
      ['lone', 'web'],
    ],
  },
  { name: 'both', addHosts: [['n1', ['os_debian']]], groupBy: [['w1', 'os_debian']] },
];

let root = '';
let theirs: readonly OracleInventory[] = [];
let inventory: Inventory;

beforeAll(async () => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'kprep-inventory-')));
  writeTree(root, {
    hosts: 'lone\nother\n[web]\nw1 a=1\nw2\n[db]\nd1\n[site:children]\nweb\ndb\n',
    'group_vars/os_debian.yml': 'pkg: apt\n',
    'group_vars/fresh/x.yml': 'x: 1\n',
    'host_vars/n1.yml': 'from: file\n',
  });
  const sources = [join(root, 'hosts')];
  theirs = askPython({ inventories: changes.map((change) => ({ sources, ...change })) }).inventories;
  ({ inventory } = await loadInventory({ sources }));
}, 60_000);

afterAll(() => rmSync(root, { recursive: true, force: true }));

/**
 * Intended difference: Ansible keeps magic variables of the moment (`group_names`, `inventory_hostname`) among the variables of
 * a host that add_host touched.
 */
function withoutMagic(data: unknown): unknown {
  const magic = /^(group_names|inventory_hostname|inventory_hostname_short)$/;
  return JSON.parse(JSON.stringify(data), (key, value: unknown) => (magic.test(key) ? undefined : value));
}

describe('add_host and group_by do what they do in Ansible', () => {
  test.each(changes.map((change, index) => ({ ...change, index })))(
    '$name',
    ({ addHosts = [], groupBy = [], index }) => {
      const hosts = new Map(addHosts.map(([name, groups]) => [name, { groups, vars: { added: true } }]));
      const groups = new Map<string, string[]>();
      for (const [host, group] of groupBy) groups.set(group, [...(groups.get(group) ?? []), host]);
      const answer = theirs[index];
      if (!answer) throw new Error('no answer');
      expect(withoutMagic(ours(withChanges(inventory, { hosts, groups })))).toEqual(withoutMagic(comparable(answer)));
    },
  );
});
