import { describe, expect, test } from '@jest/globals';
import { matchHosts } from '../../../src/inventory/index.ts';
import { foldNames } from '../../../src/shared/fold-names.ts';
import { load } from './memory-io.ts';

const names = (count: number) => Array.from({ length: count }, (_, index) => `node${String(index).padStart(5, '0')}`);

/** Sources of one size, in each format. */
const forms: Readonly<Record<string, (hosts: readonly string[]) => string | ((args: readonly string[]) => string)>> = {
  ini: (hosts) =>
    ['[kube]', ...hosts.map((host, index) => `${host} ansible_host=10.0.0.${index % 256} rack=${index % 40}`)].join(
      '\n',
    ),
  pssh: (hosts) => hosts.map((host) => `ops@${host}:22`).join('\n'),
  program: (hosts) => () =>
    JSON.stringify({ kube: hosts, _meta: { hostvars: Object.fromEntries(hosts.map((h) => [h, { h }])) } }),
  yaml: (hosts) => `kube:\n  hosts:\n${hosts.map((host) => `    ${host}: {rack: 1}\n`).join('')}`,
  range: (hosts) => `[kube]\nnode[00000:${hosts.at(-1)?.slice(4)}]\n`,
};

/** CPU microseconds of a load; the least of some, since others use the machine too. */
async function cost(form: string, size: number): Promise<number> {
  const source = forms[form]?.(names(size)) ?? '';
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 2; round++) {
    const before = process.cpuUsage();
    const { inventory } = await load({ '/kube': source }, form === 'yaml' ? { format: 'yaml' } : {});
    const { user, system } = process.cpuUsage(before);
    expect(inventory.groups.get('kube')?.hosts).toHaveLength(size);
    least = Math.min(least, user + system);
  }
  return least;
}

describe('growth', () => {
  test.each(Object.keys(forms))('%s: sixteen times the hosts cost far less than 16² times', async (form) => {
    await cost(form, 1000);
    const [small, large] = [await cost(form, 1000), await cost(form, 16_000)];
    expect(large / small).toBeLessThan(100);
  });

  test('a chain of ten thousand groups is no recursion', async () => {
    const chain = Array.from({ length: 10_000 }, (_, index) => `[g${index}:children]\ng${index + 1}\n`).join('');
    const { inventory, told } = await load({ '/hosts': `${chain}[g10000]\nh\n` });
    expect(told).toEqual([]);
    expect(inventory.groups.get('g10000')?.depth).toBe(10_001);
  });

  test('many unknown names do not search for a near name each', async () => {
    const many = Array.from({ length: 3000 }, (_, index) => `x${index}`).join('\n');
    const { told } = await load({ '/hosts': `[kube]\n${names(3000).join('\n')}\n[site:children]\n${many}\n` });
    expect(told).toHaveLength(3000);
  });

  test('files are asked for by directory, not by host', async () => {
    const { io } = await load({ '/inv/kube': names(5000).join('\n'), '/inv/host_vars/node00007.yml': 'x: 1\n' });
    expect(io.reads).toEqual(['/inv/kube', '/inv/host_vars/node00007.yml']);
  });

  test('patterns over many hosts', async () => {
    const { inventory } = await load({ '/kube': names(20_000).join('\n') });
    expect(matchHosts(inventory, 'kube:!node00001')).toHaveLength(19_999);
    expect(matchHosts(inventory, 'node*[0:9]')).toHaveLength(10);
    expect(foldNames(matchHosts(inventory, '~node0[1-9].*,node[00000-00999]'))).toBe('node[00000-09999]');
  });
});
