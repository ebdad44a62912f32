import { chmodSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { loadInventory, matchHosts } from '../../../src/inventory/index.ts';
import { groupsOf, load, varsOf } from './memory-io.ts';

describe('sources', () => {
  test('a list of hosts', async () => {
    const { inventory, told } = await load({}, { sources: ['h1, ops@h2:2222,n[01-02],::1,'] });
    expect(told).toEqual([]);
    expect(matchHosts(inventory, 'all')).toEqual(['h1', 'h2', 'n01', 'n02', '::1']);
    expect(inventory.groups.get('ungrouped')?.hosts).toHaveLength(5);
    expect(varsOf(inventory, 'h2')).toEqual({ ansible_user: 'ops', ansible_port: 2222 });
    expect(inventory.sources).toEqual(['h1, ops@h2:2222,n[01-02],::1,']);
  });

  test('a mistake in a list shows where it is', async () => {
    const { told } = await load({}, { sources: ['h1,../h2'] });
    expect(told).toEqual(['h1,../h2:1:4: "../h2" is no host name: it could be a path\n  h1,../h2\n     ^']);
  });

  test('a file whose name has a comma is a file', async () => {
    const { inventory } = await load({ '/a,b': 'h\n' });
    expect(groupsOf(inventory)).toEqual({ 'a,b': ['h'] });
  });

  test.each([
    [['/inv/kubee'], /^\/inv\/kubee:1:1: there is no such inventory\n {2}did you mean kube\?$/],
    [['/inv/web99'], /there is no such inventory\n {2}a host on the command line needs a comma: 'web99,'$/],
    [['/nowhere/kube'], /there is no such inventory/],
  ])('%j is not there', async (sources, expected) => {
    const { told } = await load({ '/inv/kube': 'h\n' }, { sources });
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(expected);
  });

  test('a directory: all files in name order, without those that Ansible leaves out', async () => {
    const { inventory, told } = await load(
      {
        '/inv/20': '[web]\nb a=2\n',
        '/inv/10': '[web]\na\nb a=1\n[site:children]\nlater\n',
        '/inv/30/deep': '[later]\nc\n',
        '/inv/x.ini': '[x]\nx\n',
        '/inv/.h': '[h]\nh\n',
        '/inv/k~': '[k]\nk\n',
        '/inv/readme.md': 'text',
        '/inv/group_vars/web.yml': 'g: 1\n',
      },
      { sources: ['/inv'] },
    );
    expect(told).toEqual([]);
    expect(groupsOf(inventory)).toEqual({ web: ['a', 'b'], site: ['c'], later: ['c'] });
    expect(varsOf(inventory, 'b')).toEqual({ a: 2 });
    expect(inventory.groups.get('web')?.groupVars).toEqual({ g: 1 });
    expect(inventory.hosts.get('c')?.vars).toEqual({ inventory_file: '/inv/30/deep', inventory_dir: '/inv/30' });
  });

  test('a directory with nothing to read says why', async () => {
    const { told } = await load({ '/inv/hosts.ini': '[x]\nx\n' }, { sources: ['/inv'] });
    expect(told).toEqual([
      '/inv:1:1: warning: no file in this directory is an inventory\n  as in Ansible, hosts.ini is only read when it is named itself',
    ]);
  });

  test('later sources override earlier ones', async () => {
    const { inventory } = await load(
      {
        '/one/h': '[g]\na x=1 y=1\n[g:vars]\nv=1\n',
        '/two/h': '[g]\na x=2\n[g:vars]\nv=2\n',
        '/one/group_vars/g': 'p: 1\nq: 1\n',
        '/two/group_vars/g': 'p: 2\n',
      },
      { sources: ['/one/h', '/two/h'] },
    );
    expect(varsOf(inventory, 'a')).toEqual({ x: 2, y: 1 });
    expect(inventory.groups.get('g')).toMatchObject({ vars: { v: 2 }, groupVars: { p: 2, q: 1 } });
  });

  test('a format that is forced', async () => {
    expect(groupsOf((await load({ '/h': 'g: {hosts: {a: }}\n' }, { format: 'yaml' })).inventory)).toEqual({ g: ['a'] });
    expect(groupsOf((await load({ '/h.yaml': 'a\n' }, { format: 'pssh' })).inventory)).toEqual({ 'h.yaml': ['a'] });
    expect((await load({ '/h': 'a\n' }, { format: 'ini' })).inventory.groups.get('ungrouped')?.hosts).toEqual(['a']);
    expect((await load({ '/h': () => '{"g": ["a"]}' }, { format: 'pssh' })).told[0]).toMatch(/names no host/);
  });

  test('a file that is no UTF-8: in comments it may be, elsewhere it is told', async () => {
    const bad = (text: string) => Buffer.from(text, 'latin1');
    expect((await load({ '/h': bad('[g]\n# caf\xe9\na\n') })).told).toEqual([]);
    expect((await load({ '/h': bad('[g]\na x=caf\xe9\n') })).told[0]).toMatch(/^\/h:2:8: this is not UTF-8/);
    expect((await load({ '/h': '\ufeff[g]\na\n' })).told).toEqual([]);
  });

  test('no source is an empty inventory', async () => {
    const { inventory, problems } = await loadInventory({ sources: [] });
    expect(problems).toEqual([]);
    expect([...inventory.groups.keys()]).toEqual(['all', 'ungrouped']);
    expect(matchHosts(inventory, 'all')).toEqual([]);
  });
});

describe('group_vars and host_vars', () => {
  test('beside the inventory and beside the playbook; NAME before NAME.yml; a directory stands for its files', async () => {
    const { inventory, told } = await load(
      {
        '/inv/h': '[g]\na\n',
        '/inv/group_vars/all.yaml': 'x: 1\n',
        '/inv/group_vars/g/20.yml': 'x: 3\n',
        '/inv/group_vars/g/10.yml': 'x: 2\ny: 2\n',
        '/inv/group_vars/g/.no.yml': 'x: 4\n',
        '/inv/group_vars/g/no.txt': 'x: 4\n',
        '/inv/group_vars/g/sub/z': 'z: "{{ x }}"\n',
        '/inv/host_vars/a.json': '{"f": 1e2}',
        '/play/group_vars/g.yml': 'x: 9\n',
        '/play/host_vars/a': '---\n',
      },
      { playbookDirs: ['/play'] },
    );
    expect(told).toEqual([]);
    const { groups, hosts } = inventory;
    expect(groups.get('all')).toMatchObject({ groupVars: { x: 1 }, playbookVars: {} });
    expect(groups.get('g')).toMatchObject({
      groupVars: { x: 3, y: 2, z: { text: '{{ x }}' } },
      playbookVars: { x: 9 },
    });
    expect(hosts.get('a')).toMatchObject({ hostVars: { f: { value: 100 } }, playbookVars: {} });
  });

  test('only files of hosts and groups that are there are read, and each directory once', async () => {
    const { io, told } = await load(
      { '/inv/one': 'a\n', '/inv/two': 'b\n', '/inv/host_vars/a.yml': 'x: 1\n', '/inv/host_vars/zz.yml': 'x: [\n' },
      { sources: ['/inv/one', '/inv/two'] },
    );
    expect(told).toEqual([]);
    expect(io.reads.filter((path) => path.includes('host_vars'))).toEqual(['/inv/host_vars/a.yml']);
  });

  test('a file that is hidden by another one is worth a warning', async () => {
    const { told } = await load({
      '/inv/h': '[g]\na\n',
      '/inv/group_vars/g/x.yml': 'x: 1\n',
      '/inv/group_vars/g.yml': 'x: 2\n',
    });
    expect(told).toEqual(['/inv/group_vars/g.yml:1:1: warning: this file is not read, because g is beside it']);
  });

  test.each([
    ['- a\n', /g\.yml:1:1: a file of variables must be a mapping/],
    ['x: [\n', /g\.yml:/],
    [
      '$ANSIBLE_VAULT;1.1;AES256\n00\n',
      /g\.yml:1:1: this file is encrypted with Ansible Vault\n.*\n.*\n {2}give its password: --vault-id/,
    ],
  ])('%j is refused', async (text, expected) => {
    const { told } = await load({ '/inv/h': '[g]\na\n', '/inv/group_vars/g.yml': text });
    expect(told[0]).toMatch(expected);
  });

  test('a vault is opened with its password', async () => {
    const files = { '/inv/h': '[g]\na\n', '/inv/group_vars/g.yml': '$ANSIBLE_VAULT;1.1;AES256\n00\n' };
    const { inventory } = await load(files, { decrypt: () => 'secret: 42\n' });
    expect(inventory.groups.get('g')?.groupVars).toEqual({ secret: 42 });
    const fails = () => {
      throw new Error('the password is another one');
    };
    expect((await load(files, { decrypt: fails })).told[0]).toMatch(
      /the vault cannot be opened: the password is another one/,
    );
  });

  test('an inventory file may be a vault as a whole', async () => {
    const { inventory } = await load({ '/h': '$ANSIBLE_VAULT;1.1;AES256\n00\n' }, { decrypt: () => '[g]\na x=1\n' });
    expect(groupsOf(inventory)).toEqual({ g: ['a'] });
  });
});

describe('files and programs of this machine', () => {
  test('a program is run; text with an executable mode is not', async () => {
    const root = realpathSync(mkdtempSync(join(tmpdir(), 'kprep-inventory-')));
    try {
      const write = (name: string, text: string) => {
        writeFileSync(join(root, name), text);
        chmodSync(join(root, name), 0o755);
        return join(root, name);
      };
      const program = write(
        'list',
        `#!/bin/sh\n[ "$1" = --list ] && echo '{"g": ["a"], "_meta": {}}' || echo '{"n": 1}'\n`,
      );
      const text = write('kube', `touch ${root}/touched\n`);
      const failing = write('fail', '#!/bin/sh\necho no credentials >&2\nexit 3\n');
      const read = async (source: string) => await loadInventory({ sources: [source] });
      expect(groupsOf((await read(program)).inventory)).toEqual({ g: ['a'] });
      expect(varsOf((await read(program)).inventory, 'a')).toEqual({ n: 1 });
      expect((await read(failing)).problems[0]?.message).toBe(
        'the inventory program --list ended with status 3: no credentials',
      );
      await read(text);
      expect((await read(join(root, 'touched'))).problems[0]?.message).toBe('there is no such inventory');
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
});
