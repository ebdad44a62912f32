import { describe, expect, test } from '@jest/globals';
import { groupsOf, load, varsOf } from './memory-io.ts';

const read = (text: string) => load({ '/inv/kube': text });

describe('hosts files of pssh', () => {
  test('[user@]host[:port] [user], comments, IPv6; the name of the file is the group', async () => {
    const { inventory, told } = await read(
      '# all\nnode1\nroot@node2:2222 # two\n\n node3 admin\n2001:db8::1\r\nops@[2001:db8::2]:22\n[2001:db8::3] x\nnode[04-05]\n',
    );
    expect(told).toEqual([]);
    const names = ['node1', 'node2', 'node3', '2001:db8::1', '2001:db8::2', '2001:db8::3', 'node04', 'node05'];
    expect(groupsOf(inventory)).toEqual({ kube: names });
    expect(names.map((name) => varsOf(inventory, name))).toEqual([
      {},
      { ansible_user: 'root', ansible_port: 2222 },
      { ansible_user: 'admin' },
      {},
      { ansible_user: 'ops', ansible_port: 22 },
      { ansible_user: 'x' },
      {},
      {},
    ]);
  });

  test('one host on several ports is several hosts', async () => {
    const { inventory, told } = await read('ops@127.0.0.1:2201\nops@127.0.0.1:2202\n[::1]:1\n[::1]:2\nother:22\n');
    expect(told).toEqual([]);
    expect(groupsOf(inventory)).toEqual({
      kube: ['127.0.0.1:2201', '127.0.0.1:2202', '[::1]:1', '[::1]:2', 'other'],
    });
    expect(varsOf(inventory, '127.0.0.1:2202')).toEqual({
      ansible_host: '127.0.0.1',
      ansible_port: 2202,
      ansible_user: 'ops',
    });
    expect(varsOf(inventory, '[::1]:2')).toEqual({ ansible_host: '::1', ansible_port: 2 });
  });

  test.each([
    ['a b c\n', '/inv/kube:1:1: a line of a hosts file is [user@]host[:port] [user]\n  a b c\n  ^'],
    ['u@h w\n', '/inv/kube:1:1: the user of h is given twice, before the @ and behind the host\n  u@h w\n  ^'],
    ['u@h\nw@h\n', /^\/inv\/kube:2:1: h is here already with another user/],
    ['all:\n  hosts:\n', /neither a host nor host:port\n.*\n.*\n.*YAML inventory ends in \.yaml/],
    ['h:0\n', /0 is no port/],
    ['-h\n', /could take it for an option/],
    ['../x\n', /could be a path/],
    ['n[3-1]\n', /runs backwards/],
  ])('%j is refused', async (text, expected) => {
    const { told } = await read(text);
    expect(told[0]).toMatch(expected);
  });

  test.each([
    ['h\nh\n', '/inv/kube:2:1: warning: h is in this file already\n  h\n  ^'],
    ['# nobody\n', '/inv/kube:1:1: warning: this file names no host'],
  ])('%j is worth a warning', async (text, expected) => {
    const { told } = await read(text);
    expect(told).toEqual([expected]);
  });
});
