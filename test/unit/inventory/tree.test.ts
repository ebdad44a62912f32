import { describe, expect, test } from '@jest/globals';
import { PyFloat, TemplateText, VaultText } from '../../../src/model/value.ts';
import { groupsOf, load, varsOf } from './memory-io.ts';

const yaml = (text: string) => load({ '/inv/h.yaml': text });

describe('YAML inventories', () => {
  test('groups, children, ranges, ports, and values as YAML 1.1 types them', async () => {
    const { inventory, told } = await yaml(`all:
  vars: {mode: 0644, on: yes, f: 1.0, t: '{{ x }}', u: !unsafe '{{ y }}', d: {a: [1]}}
  children:
    web:
      hosts:
        web[1:2]:2222: {a: 1}
        web3:
    db: {hosts: solo, vars: {ansible_group_priority: 3}}
  hosts:
    lone:
`);
    expect(told).toEqual([]);
    expect(groupsOf(inventory)).toEqual({ web: ['web1', 'web2', 'web3'], db: ['solo'] });
    expect(inventory.groups.get('all')?.vars).toEqual({
      ...{ mode: 420, True: true, f: new PyFloat(1), d: { a: [1] }, u: '{{ y }}' },
      t: new TemplateText('{{ x }}', { file: '/inv/h.yaml', line: 2, column: 42 }),
    });
    expect(varsOf(inventory, 'web2')).toEqual({ ansible_port: 2222, a: 1 });
    expect(inventory.groups.get('db')).toMatchObject({ priority: 3, vars: {} });
    expect(inventory.groups.get('ungrouped')?.hosts).toEqual(['lone']);
  });

  test('!vault stays a ciphertext until it is needed', async () => {
    const { inventory } = await yaml('all: {vars: {p: !vault "$ANSIBLE_VAULT;1.1;AES256\\n61"}}\n');
    expect(inventory.groups.get('all')?.vars.p).toBeInstanceOf(VaultText);
  });

  test.each([
    ['- a\n', '/inv/h.yaml:1:1: a YAML inventory is a mapping of groups'],
    ['plugin: amazon.aws.aws_ec2\n', '/inv/h.yaml:1:1: configurations of inventory plugins are not read'],
    ['web:\n  host:\n    a:\n', /h\.yaml:2:3: host is no key of a group\n.*\n.*\n {2}did you mean hosts\?/],
    ['web: 5\n', /h\.yaml:1:6: the group web must hold hosts:, vars: or children:/],
    ['web:\n  hosts: [a]\n', /h\.yaml:2:10: hosts must be a mapping\n(.*\n)*.*without the dash/],
    ['web:\n  vars: x\n', /vars must be a mapping/],
    ['web:\n  hosts:\n    a: 5\n', /h\.yaml:3:8: the variables of a must be a mapping/],
    [
      'web:\n  hosts:\n    b[3:1]:\n',
      '/inv/h.yaml:3:5: the range 3:1 runs backwards; did you mean 1:3?\n      b[3:1]:\n      ^',
    ],
    ['web:\n  hosts:\n    ../b:\n', /h\.yaml:3:5: "\.\.\/b" is no host name/],
    [
      'a:\n  children:\n    b:\n      children:\n        a:\n',
      /h\.yaml:5:9: the groups form a cycle: a > b > a\n {10}a:\n {10}\^/,
    ],
    ['"": {}\n', /a group needs a name/],
    ['web: [\n', /h\.yaml:/],
  ])('%j is refused', async (text, expected) => {
    const { told, problems } = await yaml(text);
    expect(problems.some(({ level }) => level === 'error')).toBe(true);
    if (typeof expected === 'string') expect(told[0]).toContain(expected);
    else expect(told[0]).toMatch(expected);
  });

  test('an empty file is worth a warning', async () => {
    const { told } = await yaml('# nothing\n');
    expect(told).toEqual(['/inv/h.yaml:1:1: warning: this file is empty']);
  });
});

const answer = (value: unknown) => (args: readonly string[]) => {
  if (args[0] !== '--list') throw new Error(`asked ${args.join(' ')}`);
  return JSON.stringify(value);
};

describe('inventory programs', () => {
  test('--list with _meta: no further question; names are taken as they are', async () => {
    const { inventory, told } = await load({
      '/inv/ec2': answer({
        web: { hosts: ['w1', 'w2'], vars: { f: 1.5, t: '{{ x }}' }, children: ['sub'] },
        sub: ['s1'],
        single: { x: 1 },
        _meta: {
          hostvars: {
            w1: {
              ansible_host: '10.0.0.1',
              u: { __ansible_unsafe: '{{ y }}' },
              v: { __ansible_vault: '$ANSIBLE_VAULT;1.1;AES256\n61' },
            },
          },
        },
      }),
    });
    expect(told).toEqual(['warning: single is the name of a host and of a group']);
    expect(groupsOf(inventory)).toEqual({ web: ['w1', 'w2', 's1'], sub: ['s1'], single: ['single'] });
    expect(varsOf(inventory, 'w1')).toMatchObject({ ansible_host: '10.0.0.1', u: '{{ y }}' });
    expect(varsOf(inventory, 'w1').v).toBeInstanceOf(VaultText);
    expect(inventory.groups.get('web')?.vars.t).toBeInstanceOf(TemplateText);
  });

  test('without _meta each host is asked for', async () => {
    const program = ([option, host]: readonly string[]) => {
      if (option === '--list') return '{"g": {"hosts": ["a", "b"]}}';
      return host === 'a' ? '{"n": 1e3}' : '';
    };
    const { inventory, told } = await load({ '/inv/old': program });
    expect(told).toEqual([]);
    expect(varsOf(inventory, 'a')).toEqual({ n: new PyFloat(1000) });
    expect(varsOf(inventory, 'b')).toEqual({});
  });

  test('what a program printed may be kept in a file', async () => {
    const { inventory } = await load({ '/inv/kept.json': '{"g": ["a"], "_meta": {"hostvars": {"a": {"n": 1}}}}' });
    expect(varsOf(inventory, 'a')).toEqual({ n: 1 });
  });

  test.each([
    [() => '[1]', '/inv/p:1:1: an inventory program must print a JSON object of groups'],
    [() => 'Traceback …', '/inv/p --list:1:1: this is not JSON: a value is wanted'],
    [() => '{"g": {"hosts": "a"}}', /the hosts of the group g must be a list/],
    [() => '{"g": {"hosts": [5]}}', /a host needs a name/],
    [() => '{"g": {"hosts": ["-x"]}}', /could take it for an option/],
    [() => '{"g": {"vars": []}}', /the vars of the group g must be an object/],
    [() => '{"g": {"children": {}}}', /the children of the group g must be a list/],
    [() => '{"g": ["a"], "_meta": {"hostvars": {"a": 1}}}', /the variables of a must be an object/],
    [() => '{"g": ["a"], "_meta": {"hostvars": []}}', /_meta.hostvars must be an object/],
    [
      () => '{"g": ["a"], "_meta": {"hostvars": {"b": {}, "c": {}}}}',
      /_meta.hostvars has b and 1 more, but no group names it/,
    ],
    [() => '{"a": {"children": ["b"]}, "b": {"children": ["a"]}, "_meta": {}}', /the groups form a cycle/],
    [
      () => {
        throw new Error('ended with status 1: no credentials');
      },
      /^\/inv\/p:1:1: the inventory program --list ended with status 1: no credentials\n.*chmod -x/,
    ],
  ])('%s', async (program, expected) => {
    const { told } = await load({ '/inv/p': program });
    if (typeof expected === 'string') expect(told[0]).toContain(expected);
    else expect(told[0]).toMatch(expected);
  });
});

describe('JSON', () => {
  test.each([
    [
      '{"a": {"hosts": {"h": {"f": 1e3, "n": 1.5, "i": 12345678901234567890, "s": "\\u00e9\\n", "x": [null, true, -0.5]}}}}',
      undefined,
    ],
    ['{"a": {"hosts": {"h": {}},}}', /json:1:27: this is not JSON: a key in double quotes/],
    ['{"a": nul}', /json:1:7: this is not JSON: a value is wanted/],
    ['{"a": 01}', /json:1:7: this is not JSON: a value is wanted/],
    ['{"a": 1}}', /json:1:9: this is not JSON: the JSON value ends before this/],
    ['{"a": "x', /json:1:7: this is not JSON: a string is not closed/],
    ['{\n "a": {"b" 1}}', /json:2:12: this is not JSON: : is wanted here/],
    ['{"a": {"hosts"', /json:1:15: this is not JSON/],
    ['['.repeat(1000), /nested too deeply/],
  ])('%.60s', async (text, expected) => {
    const { told, inventory } = await load({ '/inv/h.json': text });
    if (expected === undefined) {
      expect(told).toEqual([]);
      expect(varsOf(inventory, 'h')).toEqual({
        ...{ f: new PyFloat(1000), n: 1.5, i: 12345678901234567890n, s: 'é\n', x: [null, true, -0.5] },
      });
    } else expect(told[0]).toMatch(expected);
  });
});
