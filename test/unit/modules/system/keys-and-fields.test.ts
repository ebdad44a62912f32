import { describe, expect, test } from '@jest/globals';
import { covers } from '../../../../src/modules/system/firewalld-zone.ts';
import { encodeField, parseFstab, renderFstab, withFields } from '../../../../src/modules/system/fstab.ts';
import { joinIni, optionsOf, splitIni } from '../../../../src/modules/system/ini-sections.ts';
import { parseSections } from '../../../../src/modules/system/sections.ts';
import { bootValue, keyPath, moduleOfKey, normalKey } from '../../../../src/modules/system/sysctl-keys.ts';

describe('keys of sysctl (sysctl.d(5))', () => {
  test.each([
    ['net.ipv4.ip_forward', '/proc/sys/net/ipv4/ip_forward'],
    ['net/ipv4/conf/eth0.100/forwarding', '/proc/sys/net/ipv4/conf/eth0.100/forwarding'],
    ['net.ipv4.conf.eth0/100.forwarding', '/proc/sys/net/ipv4/conf/eth0.100/forwarding'],
  ])('%s', (key, path) => expect(keyPath(key)).toBe(path));

  test('one spelling', () => expect(normalKey('net/ipv4/conf/eth0.100/x')).toBe('net.ipv4.conf.eth0/100.x'));
  test('modules', () =>
    expect(
      ['net.bridge.bridge-nf-call-iptables', 'net.netfilter.nf_conntrack_max', 'vm.swappiness'].map(moduleOfKey),
    ).toEqual(['br_netfilter', 'nf_conntrack', undefined]));

  test.each([
    [
      'a plain key beats a glob that comes later',
      ['/etc/sysctl.d/1.conf\tnet.ipv4.conf.eth0.rp_filter = 1', '/etc/sysctl.d/2.conf\tnet.ipv4.conf.*.rp_filter = 2'],
      '1',
    ],
    ['a glob', ['/etc/sysctl.d/2.conf\t-net.ipv4.conf.*.rp_filter = 2'], '2'],
    [
      'comments',
      [
        '/etc/sysctl.d/2.conf\t#net.ipv4.conf.eth0.rp_filter = 2',
        '/etc/sysctl.d/2.conf\t; net.ipv4.conf.eth0.rp_filter = 2',
      ],
      undefined,
    ],
    [
      'sysctl.conf comes last',
      ['/etc/sysctl.conf\tnet.ipv4.conf.eth0.rp_filter=3', '/etc/sysctl.d/99-z.conf\tnet.ipv4.conf.eth0.rp_filter=4'],
      '3',
    ],
    [
      'order of names, not of directories',
      [
        '/usr/lib/sysctl.d/50-a.conf\tnet.ipv4.conf.eth0.rp_filter=5',
        '/etc/sysctl.d/10-b.conf\tnet.ipv4.conf.eth0.rp_filter=6',
      ],
      '5',
    ],
  ] as const)('%s', (_name, lines, value) => expect(bootValue('net.ipv4.conf.eth0.rp_filter', lines)).toBe(value));
});

describe('fstab', () => {
  test('comes back byte for byte', () => {
    const text = '# c\n\nUUID=1\t/ ext4\n  /dev/a   /b\\040c xfs ro,x 1 2 # t\nnonsense\n';
    expect(renderFstab(parseFstab(text))).toBe(text);
    expect(parseFstab(text).flatMap((line) => line.entry?.file ?? [])).toEqual(['/', '/b c']);
  });
  test('fields that were not there are added', () => {
    const [line] = parseFstab('/dev/a\t/b\txfs');
    const entry = { spec: '/dev/a', file: '/b', vfstype: 'xfs', opts: 'ro', freq: '0', passno: '2' };
    expect(line && withFields(line, entry).raw).toBe('/dev/a\t/b\txfs ro 0 2');
  });
  test('blanks, tabs and backslashes', () => expect(encodeField('a b\tc\\d')).toBe('a\\040b\\011c\\134d'));
});

test.each([
  ['10250-10252/tcp', '10251/tcp', true],
  ['10250-10252/tcp', '10250-10252/tcp', true],
  ['10250-10252/tcp', '10252-10253/tcp', false],
  ['6443/tcp', '6443/udp', false],
  ['6443/tcp', '6443/tcp', true],
  ['6443/tcp', '644/tcp', false],
])('%s covers %s: %s', (range, port, yes) => expect(covers(range, port)).toBe(yes));

test('sections of an ini file', () => {
  const text = '; top\n[a]\nx = 1\n  2\n# c\nY: z\n[b]\n';
  const pieces = splitIni(text);
  expect(joinIni(pieces)).toBe(text);
  expect(pieces[1] && [...optionsOf(pieces[1])]).toEqual([
    ['x', '1\n2'],
    ['y', 'z'],
  ]);
});

test('what a file holds is never taken for a section', () => {
  const bytes = Buffer.from('@other\n>x\n\0\xff', 'latin1');
  const sections = parseSections(Buffer.from(`\n@text\n>@other\n>>y\n\n@file\n${bytes.toString('base64')}\n@gone!\n`));
  expect(sections.lines('text')).toEqual(['@other', '>y']);
  expect(sections.lines('other')).toBeUndefined();
  expect(sections.file('file')).toEqual(bytes);
  expect(sections.unreadable).toEqual(['gone']);
});
