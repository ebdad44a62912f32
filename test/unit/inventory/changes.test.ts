import { describe, expect, test } from '@jest/globals';
import { matchHosts, withChanges } from '../../../src/inventory/index.ts';
import type { Inventory, InventoryChanges } from '../../../src/model/inventory.ts';
import { load } from './memory-io.ts';

const FILES = {
  '/inv/h': '[web]\nw1\nw2\n[site:children]\nweb\n[db]\n',
  '/inv/group_vars/os_debian.yml': 'pkg: apt\n',
  '/inv/group_vars/broken.yml': 'x: [\n',
  '/inv/host_vars/new1.yml': 'from: file\n',
};

interface Given {
  readonly hosts?: Readonly<Record<string, { groups?: readonly string[]; vars?: Record<string, number> }>>;
  readonly groups?: Readonly<Record<string, readonly string[]>>;
}

async function changed(given: Given, text?: string): Promise<{ before: Inventory; after: Inventory }> {
  const { inventory } = await load(text === undefined ? FILES : { '/h': text }, { format: 'ini' });
  const hosts = Object.entries(given.hosts ?? {}).map(
    ([name, { groups = [], vars = {} }]) => [name, { groups, vars }] as const,
  );
  const changes: InventoryChanges = { hosts: new Map(hosts), groups: new Map(Object.entries(given.groups ?? {})) };
  return { before: inventory, after: withChanges(inventory, changes) };
}

describe('add_host', () => {
  test('a new host in a group that is there: in all above it too, with its host_vars', async () => {
    const { before, after } = await changed({ hosts: { new1: { groups: ['web'], vars: { a: 1 } } } });
    for (const group of ['web', 'site']) expect(matchHosts(after, group)).toEqual(['w1', 'w2', 'new1']);
    expect(matchHosts(after, 'all')).toEqual(['new1', 'w1', 'w2']);
    expect(after.hosts.get('new1')).toMatchObject({
      vars: { a: 1 },
      hostVars: { from: 'file' },
      groups: ['all', 'site', 'web'],
    });
    expect([...after.hosts.keys()]).toEqual(['w1', 'w2', 'new1']);
    expect(matchHosts(before, 'all')).toEqual(['w1', 'w2']);
    expect(before.hosts.has('new1')).toBe(false);
  });

  test('in no group it is ungrouped; in a new one that is a child of all', async () => {
    const { after } = await changed({ hosts: { x: {}, y: { groups: ['fresh'] } } });
    expect(matchHosts(after, 'ungrouped')).toEqual(['x']);
    expect(after.hosts.get('x')?.groups).toEqual(['all', 'ungrouped']);
    expect(after.groups.get('fresh')).toMatchObject({ hosts: ['y'], depth: 1, children: [] });
    expect(after.groups.get('all')?.children).toEqual(['ungrouped', 'site', 'db', 'fresh']);
    expect(after.groups.get('all')?.hosts).toEqual(['x', 'y', 'w1', 'w2']);
  });

  test('of a host that is there sets variables and adds groups', async () => {
    const { after } = await changed({ hosts: { w1: { groups: ['db'], vars: { a: 2 } } } });
    expect(after.hosts.get('w1')).toMatchObject({
      vars: { a: 2, inventory_file: '/inv/h' },
      groups: ['all', 'db', 'site', 'web'],
    });
    expect(matchHosts(after, 'db')).toEqual(['w1']);
  });

  test('localhost becomes a host like others', async () => {
    const { after } = await changed({ hosts: { localhost: { groups: ['db'] } } });
    expect(matchHosts(after, 'all')).toEqual(['localhost', 'w1', 'w2']);
    expect(after.hosts.get('localhost')?.vars.ansible_connection).toBeUndefined();
  });

  test('an unsafe name is refused', async () => {
    await expect(changed({ hosts: { '../etc': {} } })).rejects.toMatchObject({
      kind: 'task',
      message: '"../etc" is no host name: it could be a path',
    });
  });
});

describe('group_by', () => {
  test('a new group has the group_vars of its name', async () => {
    const { after } = await changed({ groups: { os_debian: ['w2'] } });
    expect(after.groups.get('os_debian')).toMatchObject({ hosts: ['w2'], groupVars: { pkg: 'apt' } });
    expect(after.hosts.get('w2')?.groups).toEqual(['all', 'os_debian', 'site', 'web']);
    expect(after.hosts.get('w1')?.groups).toEqual(['all', 'site', 'web']);
  });

  test('a file that cannot be read stops it', async () => {
    await expect(changed({ groups: { broken: ['w1'] } })).rejects.toMatchObject({
      kind: 'task',
      message: expect.stringMatching(/^\/inv\/group_vars\/broken\.yml:/),
    });
  });

  test('who gets a group is no longer ungrouped', async () => {
    const { after } = await changed({ groups: { g: ['lone'] } }, 'lone\nother\n');
    expect(matchHosts(after, 'ungrouped')).toEqual(['other']);
    expect(after.hosts.get('lone')?.groups).toEqual(['all', 'g']);
  });

  test('the implicit localhost may be in a group, and still is not in all', async () => {
    const { after } = await changed({ groups: { local: ['localhost'], none: [] } });
    expect(matchHosts(after, 'local')).toEqual(['localhost']);
    expect(matchHosts(after, 'all')).toEqual(['w1', 'w2']);
    expect(matchHosts(after, 'none')).toEqual([]);
    expect(after.hosts.get('localhost')?.groups).toEqual(['all', 'local']);
    expect([...after.hosts.keys()]).toEqual(['w1', 'w2']);
  });

  test('nothing changed is the same inventory', async () => {
    const { before, after } = await changed({});
    expect(after).toBe(before);
  });
});
