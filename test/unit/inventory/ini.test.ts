import { describe, expect, test } from '@jest/globals';
import { PyFloat, TemplateText } from '../../../src/model/value.ts';
import { groupsOf, load, varsOf } from './memory-io.ts';

const read = (text: string) => load({ '/inv/hosts': text }, { format: 'ini' });

describe('INI', () => {
  test('values of a host are Python literals, else text', async () => {
    const { inventory, told } = await read(
      `h a=1 b=0644 c=yes d=True e="x y" f="'5'" g='[1, 2.5]' i=1.0 j=10.0.0.1 k= l=a=b m="{'x': None}" n=x#y\n`,
    );
    expect(told).toEqual([]);
    expect(varsOf(inventory, 'h')).toEqual({
      ...{
        a: 1,
        b: '0644',
        c: 'yes',
        d: true,
        e: 'x y',
        f: '5',
        g: [1, 2.5],
        i: new PyFloat(1),
        j: '10.0.0.1',
        k: '',
        l: 'a=b',
      },
      ...{ m: { x: null }, n: 'x' },
    });
  });

  test('values of :vars keep their quotes for Python, and blanks', async () => {
    const { inventory } = await read(`[g]\nh\n[g:vars]\na = some words\nb="5"\nc=5\nd=\ne=x=y\nf= 7 # seven\n`);
    expect(inventory.groups.get('g')?.vars).toEqual({ a: 'some words', b: '5', c: 5, d: '', e: 'x=y', f: 7 });
  });

  test('templates know where they are written', async () => {
    const { inventory } = await read(`h t="{{ x }}" l="['{{ y }}']"\n[all:vars]\n  u = {{ z }}\n`);
    const at = (line: number, column: number) => ({ file: '/inv/hosts', line, column });
    expect(varsOf(inventory, 'h')).toEqual({
      t: new TemplateText('{{ x }}', at(1, 3)),
      l: [new TemplateText('{{ y }}', at(1, 15))],
    });
    expect(inventory.groups.get('all')?.vars.u).toEqual(new TemplateText('{{ z }}', at(3, 7)));
  });

  test('groups, children, ranges, ports, IPv6, comments', async () => {
    const { inventory, told } = await read(
      [
        '# comment',
        'lone ; ="x',
        '[web] # behind',
        'web[1:2]:2222 # note',
        '2001:db8::1',
        '[2001:db8::2]:22',
        '[site:children]',
        'web # comment',
        'db',
        '[db]',
        'db[a:b]',
      ]
        .join('\r\n')
        .replace('lone ; ="x', 'lone'),
    );
    expect(told).toEqual([]);
    expect(groupsOf(inventory)).toEqual({
      web: ['web1', 'web2', '2001:db8::1', '2001:db8::2'],
      site: ['web1', 'web2', '2001:db8::1', '2001:db8::2', 'dba', 'dbb'],
      db: ['dba', 'dbb'],
    });
    expect(inventory.groups.get('ungrouped')?.hosts).toEqual(['lone']);
    expect(inventory.hosts.get('web2')?.vars.ansible_port).toBe(2222);
    expect(inventory.hosts.get('dba')?.groups).toEqual(['all', 'site', 'db']);
  });

  test('merge order: depth, then priority, then name', async () => {
    const { inventory } = await read(
      '[b]\nh\n[a]\nh\n[c]\nh\n[a:vars]\nansible_group_priority=9\n[top:children]\nc\n[all:vars]\nx=1\n',
    );
    expect(inventory.hosts.get('h')?.groups).toEqual(['all', 'b', 'top', 'a', 'c']);
    expect(inventory.groups.get('a')).toMatchObject({ priority: 9, vars: {}, depth: 1 });
    expect(inventory.groups.get('c')?.depth).toBe(2);
  });

  test('__proto__ is a variable like others', async () => {
    const { inventory } = await read('h __proto__=1\n');
    expect(Object.hasOwn(inventory.hosts.get('h')?.vars ?? {}, '__proto__')).toBe(true);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });
});

describe('what is wrong in INI is told with its place', () => {
  test.each([
    [
      '[kube]\n  node[20:01]\n',
      '/inv/hosts:2:3: the range 20:01 runs backwards; did you mean 01:20?\n    node[20:01]\n    ^',
    ],
    ['[a:children]\nb\n[b:children]\na\n', '/inv/hosts:4:1: the groups form a cycle: a > b > a\n  a\n  ^'],
    ['[a:children]\na\n', '/inv/hosts:2:1: the groups form a cycle: a > a\n  a\n  ^'],
    ['[a:children]\nall\n', '/inv/hosts:2:1: all holds every group, so it is no child of one\n  all\n  ^'],
    [
      '[kube]\nh\n[x:children]\nkub\n',
      '/inv/hosts:4:1: nothing defines the group kub\n  kub\n  ^\n  did you mean kube?',
    ],
    [
      '[kube]\nh\n[x:children]\nh\n',
      /nothing defines the group h\n.*\n.*\n {2}h is a host; hosts stand under \[group\]/,
    ],
    [
      '[kube]\nh\n[kub:vars]\nx=1\n',
      '/inv/hosts:3:1: variables of kub, but nothing defines that group\n  [kub:vars]\n  ^\n  did you mean kube?',
    ],
    [
      '[kube:childern]\nx\n',
      '/inv/hosts:1:7: a section of kind childern is not known\n  [kube:childern]\n        ^\n  did you mean children?',
    ],
    ['[ku be]\nx\n', /^\/inv\/hosts:1:1: \[ku be\] is no section/],
    ['h a\n', '/inv/hosts:1:3: name=value must follow a host, not a\n  h a\n    ^'],
    ['h =1\n', /not =1\n(.*\n)*.*write it without blanks/],
    ['h a="x\n', '/inv/hosts:1:1: no closing quotation mark (")\n  h a="x\n  ^'],
    ['h a=x\\\n', /nothing follows the last backslash/],
    ['[g]\nh\n[g:vars]\nx\n', '/inv/hosts:4:1: name=value is wanted here, not x\n  x\n  ^'],
    ['[g]\nh\n[g:vars]\nansible_group_priority=high\n', /must be a whole number/],
    ['../etc\n', /"\.\.\/etc" is no host name: it could be a path/],
    ['a/b\n', /could be a path/],
    ['a..b\n', /could be a path/],
    ['..\n', /could be a path/],
    ['-oProxyCommand=x\n', /could take it for an option/],
    ['a\u001bb\n', /"a\\u001bb" is no host name: it holds a blank or an invisible character/],
    ['a\u202eb\n', /invisible character/],
    ['ops@h\n', /is no host name\n.*\n.*\n {2}write h ansible_user=ops/],
    ['a;b\n', /it holds ;/],
    ['a,b\n', /it holds ,/],
    ['h:\n', /neither a host nor host:port/],
    ['h:99999\n', /99999 is no port/],
    ['h:0\n', /0 is no port/],
    ['1:2:3\n', /neither a host nor host:port(.*\n)*.*\[2001:db8::1\]:22/],
    [`${'x'.repeat(300)}\n`, /300 characters is too long/],
    ['---\n', /--- is no host/],
  ])('%j', async (text, expected) => {
    const { told, problems } = await read(text);
    expect(problems.filter(({ level }) => level === 'error')).toHaveLength(1);
    expect(told[0]).toMatch(typeof expected === 'string' ? new RegExp(`^${literally(expected)}$`) : expected);
  });

  test('all problems are told, and the rest is read', async () => {
    const { told, inventory } = await read('[g\nok1\n[h:nope]\nlost\n[i]\n-bad\nok2 x\nok3\n');
    expect(told).toHaveLength(4);
    expect([...inventory.hosts.keys()]).toEqual(['ok1', 'ok2', 'ok3']);
  });

  test.each([
    ['[g]\nh\nh\n', 'warning: h is in the group g already'],
    ['[g]\nh a=1\n[k]\nh a=2\n', 'warning: a of h is "1" already; here it becomes "2"'],
    ['[g]\nh\n[g:vars]\na=1\na=2\n', 'warning: a of g is "1" already; here it becomes "2"'],
    ['[g]\nh\n[g:vars]\na=x # y\n', 'warning: the text after # is a part of a'],
    ['[g]\nh\n[k:children]\ng\ng\n', 'warning: g is a child of k already'],
    ['[h]\nh\n', 'warning: h is the name of a host and of a group'],
  ])('%j is worth a warning', async (text, expected) => {
    const { told, problems } = await read(text);
    expect(problems.map(({ level }) => level)).toEqual(['warning']);
    expect(told[0]).toContain(expected);
  });

  test('a cycle is cut, so that what is left can be shown', async () => {
    const { inventory } = await read('[a:children]\nb\n[b:children]\nc\n[c:children]\na\n[c]\nh\n');
    expect(inventory.groups.get('a')?.hosts).toEqual(['h']);
    expect(inventory.groups.get('c')?.depth).toBe(3);
  });
});

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
