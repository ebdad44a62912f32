import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { loadInventory, matchHosts } from '../../../src/inventory/index.ts';
import type { Inventory } from '../../../src/model/inventory.ts';

const folder = fileURLToPath(new URL('../../../inventories', import.meta.url));

async function read(...names: string[]): Promise<Inventory> {
  const { inventory, problems } = await loadInventory({ sources: names.map((name) => `${folder}/${name}`) });
  expect(problems).toEqual([]);
  return inventory;
}

/** What a play sees: the hosts of each group, and each host's variables, merged. */
function meaning(inventory: Inventory): unknown {
  const groups = ['kube', 'kubemaster', 'kubenode'].map((name) => [name, matchHosts(inventory, name)]);
  const hosts = matchHosts(inventory, 'all').map((name) => {
    const host = inventory.hosts.get(name);
    const layers = [...(host?.groups ?? []).map((group) => inventory.groups.get(group)?.vars), host?.vars];
    return [name, host?.groups.toSorted(), { ...Object.assign({}, ...layers), inventory_file: 0, inventory_dir: 0 }];
  });
  return { groups, hosts };
}

test('the shipped inventories describe one cluster in three forms', async () => {
  const ini = meaning(await read('hosts.ini'));
  expect(meaning(await read('hosts.yaml'))).toEqual(ini);
  expect(meaning(await read('kube', 'kubemaster', 'kubenode'))).toEqual(ini);
  expect(ini).toMatchObject({
    groups: [
      ['kube', { length: 7 }],
      ['kubemaster', { length: 3 }],
      ['kubenode', { length: 4 }],
    ],
  });
});

test('as a directory the pssh files and the YAML file agree too', async () => {
  const inventory = await read('');
  expect(matchHosts(inventory, 'kube:!kubemaster')).toEqual(['node01', 'node02', 'node03', 'node04']);
  expect(inventory.hosts.get('node04')?.vars.ansible_port).toBe(2222);
});
