import { describe, expect, test } from '@jest/globals';
import { setup } from '../../src/modules/setup.ts';
import { distributionFacts } from '../../src/modules/support/facts/distribution.ts';
import { type FileLines, parseFiles } from '../../src/modules/support/facts/files.ts';
import {
  deviceFacts,
  dmiFacts,
  memoryFacts,
  mountFacts,
  processorFacts,
} from '../../src/modules/support/facts/hardware.ts';
import { packageManager, serviceManager } from '../../src/modules/support/facts/managers.ts';
import { networkFacts } from '../../src/modules/support/facts/network.ts';
import type { FactTexts } from '../../src/modules/support/facts/read.ts';
import { chosenGroups } from '../../src/modules/support/facts/subsets.ts';
import {
  cmdlineFacts,
  dateFacts,
  dnsFacts,
  localFacts,
  lsbFacts,
  platformFacts,
  securityFacts,
} from '../../src/modules/support/facts/system.ts';
import { virtualFacts } from '../../src/modules/support/facts/virtual.ts';
import { testModule, testOnShells } from '../support/test-module.ts';

/** Files by path, each a text of lines. */
function files(texts: Readonly<Record<string, string>>): FileLines {
  return parseFiles(
    Object.entries(texts)
      .flatMap(([path, text]) => text.split('\n').map((line) => `${path}:${line}`))
      .join('\n'),
  );
}

const osRelease = (text: string, more: Readonly<Record<string, string>> = {}) =>
  files({ '/etc/os-release': text, ...more });

const SYSTEMS: readonly (readonly [string, FileLines, Readonly<Record<string, string>>])[] = [
  [
    'Ubuntu 22.04',
    osRelease('NAME="Ubuntu"\nVERSION_ID="22.04"\nID=ubuntu\nID_LIKE=debian\nVERSION_CODENAME=jammy'),
    {
      distribution: 'Ubuntu',
      distribution_version: '22.04',
      distribution_major_version: '22',
      distribution_release: 'jammy',
      os_family: 'Debian',
    },
  ],
  [
    'Ubuntu 16.04',
    osRelease(
      'NAME="Ubuntu"\nVERSION="16.04.7 LTS (Xenial Xerus)"\nVERSION_ID="16.04"\nID=ubuntu\nUBUNTU_CODENAME=xenial',
    ),
    { distribution: 'Ubuntu', distribution_major_version: '16', distribution_release: 'xenial' },
  ],
  [
    'Debian 12',
    osRelease(
      'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\nID=debian',
      { '/etc/debian_version': '12.5' },
    ),
    {
      distribution: 'Debian',
      distribution_version: '12.5',
      distribution_major_version: '12',
      distribution_release: 'bookworm',
      os_family: 'Debian',
    },
  ],
  [
    'Debian testing',
    osRelease('PRETTY_NAME="Debian GNU/Linux trixie/sid"\nID=debian', { '/etc/debian_version': 'trixie/sid' }),
    { distribution: 'Debian', distribution_version: 'NA', distribution_release: 'sid' },
  ],
  [
    'CentOS 7',
    osRelease('NAME="CentOS Linux"\nVERSION="7 (Core)"\nID="centos"\nVERSION_ID="7"', {
      '/etc/centos-release': 'CentOS Linux release 7.9.2009 (Core)',
      '/etc/redhat-release': 'CentOS Linux release 7.9.2009 (Core)',
    }),
    {
      distribution: 'CentOS',
      distribution_version: '7.9',
      distribution_major_version: '7',
      distribution_release: 'Core',
      os_family: 'RedHat',
    },
  ],
  [
    'CentOS Stream 9',
    osRelease('NAME="CentOS Stream"\nID="centos"\nVERSION_ID="9"', {
      '/etc/centos-release': 'CentOS Stream release 9',
    }),
    { distribution: 'CentOS', distribution_version: '9', distribution_release: 'Stream' },
  ],
  [
    'RHEL 8',
    osRelease('NAME="Red Hat Enterprise Linux"\nID="rhel"\nVERSION_ID="8.9"', {
      '/etc/redhat-release': 'Red Hat Enterprise Linux release 8.9 (Ootpa)',
    }),
    {
      distribution: 'RedHat',
      distribution_version: '8.9',
      distribution_major_version: '8',
      distribution_release: 'Ootpa',
      os_family: 'RedHat',
    },
  ],
  [
    'Rocky 9',
    osRelease('NAME="Rocky Linux"\nVERSION="9.3 (Blue Onyx)"\nID="rocky"\nVERSION_ID="9.3"'),
    { distribution: 'Rocky', distribution_version: '9.3', distribution_release: 'Blue Onyx', os_family: 'RedHat' },
  ],
  [
    'AlmaLinux 8',
    osRelease('NAME="AlmaLinux"\nID="almalinux"\nVERSION_ID="8.9"'),
    { distribution: 'AlmaLinux', os_family: 'RedHat' },
  ],
  [
    'Oracle Linux',
    osRelease('NAME="Oracle Linux Server"\nID="ol"\nVERSION_ID="9.2"'),
    { distribution: 'OracleLinux', os_family: 'RedHat' },
  ],
  [
    'Amazon Linux 2',
    osRelease('NAME="Amazon Linux"\nID="amzn"\nVERSION_ID="2"'),
    { distribution: 'Amazon', distribution_version: '2', os_family: 'RedHat' },
  ],
  [
    'Fedora',
    osRelease('NAME="Fedora Linux"\nID=fedora\nVERSION_ID=39'),
    { distribution: 'Fedora', distribution_version: '39', os_family: 'RedHat' },
  ],
  [
    'SLES',
    osRelease('NAME="SLES"\nID="sles"\nVERSION_ID="15.5"'),
    { distribution: 'SLES', distribution_version: '15.5', distribution_release: '5', os_family: 'Suse' },
  ],
  [
    'openSUSE Leap',
    osRelease('NAME="openSUSE Leap"\nID="opensuse-leap"\nVERSION_ID="15.5"'),
    { distribution: 'openSUSE Leap', os_family: 'Suse' },
  ],
  [
    'Alpine',
    osRelease('NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.19.1', { '/etc/alpine-release': '3.19.1' }),
    { distribution: 'Alpine', distribution_version: '3.19.1', distribution_major_version: '3', os_family: 'Alpine' },
  ],
  [
    'Arch',
    osRelease('NAME="Arch Linux"\nID=arch'),
    { distribution: 'Archlinux', distribution_version: 'rolling', os_family: 'Archlinux' },
  ],
  [
    'Flatcar',
    osRelease('NAME="Flatcar Container Linux by Kinvolk"\nID=flatcar\nID_LIKE=coreos\nVERSION_ID=3760.2.0'),
    { distribution: 'Flatcar', os_family: 'Flatcar' },
  ],
  [
    'Linux Mint',
    osRelease('NAME=\'Linux Mint\'\nID=linuxmint\nID_LIKE="ubuntu debian"\nVERSION_ID=21'),
    { distribution: 'Linux Mint', os_family: 'Debian' },
  ],
  [
    'a child of RHEL that nobody knows',
    osRelease('NAME="Own Linux"\nID=own\nID_LIKE="rhel fedora"\nVERSION_ID=1'),
    { distribution: 'Own Linux', os_family: 'RedHat' },
  ],
  [
    'CentOS 6, before os-release',
    files({ '/etc/redhat-release': 'CentOS release 6.10 (Final)' }),
    {
      distribution: 'CentOS',
      distribution_version: '6.10',
      distribution_major_version: '6',
      distribution_release: 'Final',
      os_family: 'RedHat',
    },
  ],
  ['nothing at all', files({}), { distribution: 'Linux', distribution_version: 'NA' }],
];

describe('distribution', () => {
  test.each(SYSTEMS)('%s', (_name, given, expected) => {
    expect(distributionFacts(given)).toMatchObject(expected);
  });
});

describe('managers', () => {
  const distribution = (name: string, major: string, family: string) => ({
    distribution: name,
    distribution_version: major,
    distribution_major_version: major,
    distribution_release: 'NA',
    os_family: family,
  });
  test.each([
    ['Debian with rpm installed', ['/usr/bin/dnf', '/usr/bin/apt-get'], distribution('Debian', '12', 'Debian'), 'apt'],
    ['CentOS 7', ['/usr/bin/yum'], distribution('CentOS', '7', 'RedHat'), 'yum'],
    ['Rocky 9', ['/usr/bin/yum', '/usr/bin/dnf', '/usr/bin/dnf-3'], distribution('Rocky', '9', 'RedHat'), 'dnf'],
    ['Fedora 39', ['/usr/bin/yum', '/usr/bin/dnf', '/usr/bin/dnf-3'], distribution('Fedora', '39', 'RedHat'), 'dnf'],
    ['Fedora 41', ['/usr/bin/dnf', '/usr/bin/dnf5'], distribution('Fedora', '41', 'RedHat'), 'dnf5'],
    ['Amazon 2', ['/usr/bin/yum'], distribution('Amazon', '2', 'RedHat'), 'yum'],
    [
      'ostree',
      ['/usr/bin/rpm-ostree', '/run/ostree-booted'],
      distribution('Fedora', '39', 'RedHat'),
      'atomic_container',
    ],
    ['SLES', ['/usr/bin/zypper'], distribution('SLES', '15', 'Suse'), 'zypper'],
    ['Alpine', ['/sbin/apk'], distribution('Alpine', '3', 'Alpine'), 'apk'],
    ['Arch', ['/usr/bin/pacman'], distribution('Archlinux', 'NA', 'Archlinux'), 'pacman'],
    ['none', [], distribution('Flatcar', '3', 'Flatcar'), 'unknown'],
  ])('package manager of %s', (_name, marks, about, expected) => {
    expect(packageManager(new Set(marks), about)).toBe(expected);
  });

  test.each([
    ['systemd', { '/proc/1/comm': 'systemd' }, [], [], 'systemd'],
    ['a container that runs a shell', { '/proc/1/comm': 'bash' }, ['/etc/init.d'], [], 'sysvinit'],
    ['openrc under init', { '/proc/1/comm': 'init' }, ['/sbin/openrc', '/etc/init.d'], [], 'openrc'],
    ['systemd under another name', { '/proc/1/comm': 'init' }, ['/run/systemd/system'], ['/bin/systemctl'], 'systemd'],
    ['systemd that does not run', { '/proc/1/comm': 'sh' }, [], ['/lib/systemd/systemd', '/bin/systemctl'], 'systemd'],
    ['upstart', { '/proc/1/comm': 'init' }, ['/etc/init'], ['/sbin/initctl'], 'upstart'],
    ['runit', { '/proc/1/comm': 'runit-init' }, [], [], 'runit'],
    ['nothing known', { '/proc/1/comm': 'sh' }, [], [], 'service'],
  ])('service manager: %s', (_name, given, marks, init, expected) => {
    expect(serviceManager(files(given as Record<string, string>), new Set(marks), init)).toBe(expected);
  });
});

const text = (value: string) => ({ status: 0, text: value });
const texts = (more: Partial<FactTexts>): FactTexts => {
  const nothing = text('');
  return {
    ...{
      files: nothing,
      marks: nothing,
      machine: nothing,
      identity: nothing,
      date: nothing,
      env: [],
      fqdn: nothing,
      init: nothing,
    },
    ...{
      local: [],
      cpu: nothing,
      space: nothing,
      uuids: nothing,
      addresses: nothing,
      route4: nothing,
      route6: nothing,
    },
    ...{ drivers: nothing, detectVirt: nothing },
    ...more,
  };
};

test('memory', () => {
  const meminfo =
    'MemTotal: 2048000 kB\nMemFree: 1024000 kB\nBuffers: 1024 kB\nCached: 2048 kB\nSwapCached: 0 kB\nSwapTotal: 1048576 kB\nSwapFree: 524288 kB';
  expect(memoryFacts(files({ '/proc/meminfo': meminfo }))).toEqual({
    memtotal_mb: 2000,
    memfree_mb: 1000,
    swaptotal_mb: 1024,
    swapfree_mb: 512,
    memory_mb: {
      real: { total: 2000, used: 1000, free: 1000 },
      nocache: { free: 1003, used: 997 },
      swap: { total: 1024, free: 512, cached: 0, used: 512 },
    },
  });
});

test.each([
  [
    'two sockets with two threads',
    `4\n${[0, 1].map((socket) => [0, 1].map((thread) => `processor : ${socket * 2 + thread}\nvendor_id : GenuineIntel\nmodel name : X\nphysical id : ${socket}\nsiblings : 2\ncore id : 0\ncpu cores : 1`).join('\n')).join('\n')}`,
    { processor_count: 2, processor_cores: 1, processor_threads_per_core: 2, processor_vcpus: 4, processor_nproc: 4 },
  ],
  [
    'ARM',
    '4\nprocessor\t: 0\nprocessor\t: 1\nprocessor\t: 2\nprocessor\t: 3\nCPU implementer\t: 0x41',
    { processor_count: 4, processor_cores: 1, processor_vcpus: 4, processor: ['0', '1', '2', '3'] },
  ],
  ['a kernel that says nothing', '2', { processor_count: 2, processor_vcpus: 2, processor: [] }],
])('processor: %s', (_name, given, expected) => {
  expect(processorFacts(given)).toMatchObject(expected);
});

test('mounts: devices with sizes, file servers without', () => {
  const mounts =
    'proc /proc proc rw 0 0\n/dev/sda1 / ext4 rw 0 0\nnas:/data /mnt/my\\040data nfs4 rw 0 0\n/dev/sdb1 /srv xfs ro 0 0';
  const facts = mountFacts(
    files({ '/proc/mounts': mounts }),
    '4096 100 50 40 10 5\n512 8 4 4 2 1',
    'lrwxrwxrwx 1 root root 10 Jan 1 00:00 aaaa-bbbb -> ../../sda1',
  );
  expect(facts.mounts).toEqual([
    {
      device: '/dev/sda1',
      mount: '/',
      fstype: 'ext4',
      options: 'rw',
      uuid: 'aaaa-bbbb',
      size_total: 409600,
      size_available: 163840,
      block_size: 4096,
      block_total: 100,
      block_available: 40,
      block_used: 60,
      inode_total: 10,
      inode_available: 5,
      inode_used: 5,
    },
    { device: 'nas:/data', mount: '/mnt/my data', fstype: 'nfs4', options: 'rw', uuid: 'N/A' },
    expect.objectContaining({ device: '/dev/sdb1', size_total: 4096, uuid: 'N/A' }),
  ]);
});

test('devices and firmware', () => {
  const sys = files({
    '/sys/block/sda/size': '41943040',
    '/sys/block/sda/removable': '0',
    '/sys/block/sda/device/model': 'QEMU HARDDISK   ',
    '/sys/block/sda/sda1/start': '2048',
    '/sys/block/sda/sda1/size': '2097152',
    '/sys/class/dmi/id/product_uuid': 'abc',
    '/sys/class/dmi/id/chassis_type': '23',
  });
  expect(deviceFacts(sys, '').devices).toEqual({
    sda: expect.objectContaining({
      size: '20.00 GB',
      model: 'QEMU HARDDISK',
      vendor: null,
      partitions: { sda1: { start: '2048', sectors: '2097152', sectorsize: '512', size: '1.00 GB', uuid: null } },
    }),
  });
  expect(dmiFacts(sys)).toMatchObject({ product_uuid: 'abc', product_name: 'NA', form_factor: 'Rack Mount Chassis' });
});

const LINKS = {
  '/sys/class/net/lo/mtu': '65536',
  '/sys/class/net/lo/type': '772',
  '/sys/class/net/lo/address': '00:00:00:00:00:00',
  '/sys/class/net/br-lan/mtu': '1500',
  '/sys/class/net/br-lan/type': '1',
  '/sys/class/net/br-lan/address': '02:00:00:00:00:01',
  '/sys/class/net/br-lan/operstate': 'up',
  '/sys/class/net/br-lan/flags': '0x1103',
  '/sys/class/net/br-lan/bridge/bridge_id': '8000.020000000001',
};

test('network, with ip', () => {
  const ip =
    '1: lo: <LOOPBACK> mtu 65536\n    inet 127.0.0.1/8 scope host lo\n    inet6 ::1/128 scope host \n2: br-lan@if3: <UP> mtu 1500\n    inet 10.1.2.3/20 brd 10.1.15.255 scope global br-lan\n    inet 10.9.9.9/32 scope global br-lan\n    inet6 fe80::1/64 scope link ';
  const facts = networkFacts(
    files(LINKS),
    texts({
      addresses: text(ip),
      route4: text('8.8.8.8 via 10.1.0.1 dev br-lan src 10.1.2.3 uid 0\n    cache'),
      route6: text('unreachable 2404:: dev lo'),
    }),
  );
  expect(facts).toMatchObject({
    interfaces: ['lo', 'br-lan'],
    all_ipv4_addresses: ['10.1.2.3', '10.9.9.9'],
    all_ipv6_addresses: ['fe80::1'],
    default_ipv6: {},
  });
  expect(facts.default_ipv4).toEqual({
    interface: 'br-lan',
    gateway: '10.1.0.1',
    address: '10.1.2.3',
    broadcast: '10.1.15.255',
    netmask: '255.255.240.0',
    network: '10.1.0.0',
    prefix: '20',
    macaddress: '02:00:00:00:00:01',
    mtu: 1500,
    type: 'bridge',
    alias: 'br-lan',
  });
  expect(facts.br_lan).toMatchObject({
    device: 'br-lan',
    promisc: true,
    active: true,
    ipv4_secondaries: [
      { address: '10.9.9.9', netmask: '255.255.255.255', network: '10.9.9.9', prefix: '32', broadcast: '' },
    ],
  });
});

test('network, without ip', () => {
  const given = files({
    ...LINKS,
    '/proc/net/route': 'Iface\tDestination\tGateway \tFlags\nbr-lan\t00000000\t0100020A\t0003',
    '/proc/net/if_inet6':
      'fe800000000000000000000000000001 02 40 20 80   br-lan\n00000000000000000000000000000001 01 80 10 80       lo',
  });
  const facts = networkFacts(given, texts({}));
  expect(facts.default_ipv4).toMatchObject({ interface: 'br-lan', gateway: '10.2.0.1' });
  expect(facts.all_ipv6_addresses).toEqual(['fe80::1']);
});

test('names', () => {
  const kernel = { '/proc/sys/kernel/hostname': 'node01', '/proc/sys/kernel/osrelease': '6.1.0' };
  const machine = text('x86_64\n64');
  expect(
    platformFacts(
      files({ ...kernel, '/etc/hosts': '127.0.0.1 localhost\n127.0.1.1 node01.example.org node01 # me' }),
      texts({ machine }),
    ),
  ).toMatchObject({ hostname: 'node01', fqdn: 'node01.example.org', domain: 'example.org', userspace_bits: '64' });
  expect(platformFacts(files(kernel), texts({ machine, fqdn: text('node01.dns.example') }))).toMatchObject({
    fqdn: 'node01.dns.example',
  });
  expect(platformFacts(files(kernel), texts({ machine }))).toMatchObject({ fqdn: 'node01', domain: '' });
  expect(
    platformFacts(files({ '/proc/sys/kernel/hostname': 'a.b.c' }), texts({ machine: text('aarch64') })),
  ).toMatchObject({ hostname: 'a', fqdn: 'a.b.c', domain: 'b.c', userspace_bits: '64' });
});

test('time is that of the host', () => {
  expect(dateFacts(texts({ date: text('2024-05-06 07:08:09 1714972089 +0200 CEST Monday 1 19') }))).toEqual({
    date_time: expect.objectContaining({
      date: '2024-05-06',
      time: '07:08:09',
      tz: 'CEST',
      tz_offset: '+0200',
      weekday: 'Monday',
      weeknumber: '19',
      iso8601: '2024-05-06T05:08:09Z',
      iso8601_basic_short: '20240506T070809',
      epoch: '1714972089',
    }),
  });
});

test('resolver, kernel command line, SELinux, lsb', () => {
  expect(
    dnsFacts(
      files({ '/etc/resolv.conf': '# x\nnameserver 1.1.1.1\nnameserver 9.9.9.9\nsearch a b\noptions ndots:5 rotate' }),
    ).dns,
  ).toEqual({ nameservers: ['1.1.1.1', '9.9.9.9'], search: ['a', 'b'], options: { ndots: '5', rotate: true } });
  expect(cmdlineFacts(files({ '/proc/cmdline': 'root=/dev/sda1 ro console=tty0 console=ttyS0' }))).toEqual({
    cmdline: { root: '/dev/sda1', ro: true, console: 'ttyS0' },
    proc_cmdline: { root: '/dev/sda1', ro: true, console: ['tty0', 'ttyS0'] },
  });
  expect(
    securityFacts(
      files({
        '/sys/fs/selinux/enforce': '0',
        '/etc/selinux/config': '#SELINUX=x\nSELINUX=enforcing\nSELINUXTYPE=targeted',
        '/sys/fs/selinux/policyvers': '33',
      }),
      new Set(),
    ),
  ).toMatchObject({
    selinux: { status: 'enabled', mode: 'permissive', config_mode: 'enforcing', type: 'targeted', policyvers: 33 },
    fips: false,
  });
  const ubuntu = files({
    '/etc/lsb-release':
      'DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=22.04\nDISTRIB_CODENAME=jammy\nDISTRIB_DESCRIPTION="Ubuntu 22.04.3 LTS"',
  });
  expect(lsbFacts(ubuntu, distributionFacts(ubuntu))).toEqual({
    lsb: { id: 'Ubuntu', release: '22.04', codename: 'jammy', description: 'Ubuntu 22.04.3 LTS', major_release: '22' },
  });
});

test.each([
  [
    'a virtual machine of KVM',
    { detectVirt: text('none\nkvm') },
    [],
    { virtualization_type: 'kvm', virtualization_role: 'guest' },
  ],
  ['VirtualBox', { detectVirt: text('none\noracle') }, [], { virtualization_type: 'virtualbox' }],
  [
    'a container on a virtual machine',
    { detectVirt: text('docker\nkvm') },
    ['/.dockerenv'],
    { virtualization_type: 'docker', virtualization_tech_guest: ['docker', 'kvm', 'container'] },
  ],
  [
    'a host of virtual machines',
    { detectVirt: text('none\nnone') },
    ['/dev/kvm'],
    { virtualization_type: 'kvm', virtualization_role: 'host', virtualization_tech_guest: [] },
  ],
  ['a plain machine', {}, [], { virtualization_type: 'NA', virtualization_role: 'NA' }],
])('virtualization: %s', (_name, given, marks, expected) => {
  expect(virtualFacts(files({}), new Set(marks), texts(given))).toMatchObject(expected);
});

test('local facts: JSON, INI, a broken one, a program that fails', () => {
  const fact = (name: string, value: string, status = 0) => ({
    path: `/etc/ansible/facts.d/${name}.fact`,
    status,
    text: value,
  });
  expect(
    localFacts([
      fact('a', '{"x": [1]}'),
      fact('b', '[one]\nKey = value\n; no\n[two]\nk:v'),
      fact('c', 'what is this'),
      fact('d', 'oops', 3),
    ]),
  ).toEqual({
    local: {
      a: { x: [1] },
      b: { one: { key: 'value' }, two: { k: 'v' } },
      c: expect.stringContaining('error loading facts'),
      d: expect.stringContaining('rc: 3, err: oops'),
    },
  });
});

test.each([
  [['all'], { has: ['platform', 'memory', 'interfaces', 'virtualization'], lacks: [] }],
  [['min'], { has: ['platform', 'pkg_mgr'], lacks: ['memory', 'interfaces'] }],
  [['!all'], { has: ['platform'], lacks: ['memory'] }],
  [['!all', '!min'], { has: [], lacks: ['platform', 'memory'] }],
  [['network'], { has: ['platform', 'interfaces'], lacks: ['memory'] }],
  [['!hardware'], { has: ['platform', 'interfaces'], lacks: ['memory', 'dmi'] }],
  [['!all', '!min', 'network'], { has: ['interfaces'], lacks: ['platform'] }],
  [['!hardware', 'memory'], { has: ['memory'], lacks: ['dmi'] }],
] as const)('gather_subset %j', (subset, { has, lacks }) => {
  const groups = chosenGroups(subset);
  expect(groups).toBeInstanceOf(Set);
  for (const name of has) expect([name, (groups as Set<string>).has(name)]).toEqual([name, true]);
  for (const name of lacks) expect([name, (groups as Set<string>).has(name)]).toEqual([name, false]);
});

testModule(setup, [
  {
    name: 'a subset that is none',
    args: { gather_subset: 'netwrok' },
    invalid: "Bad subset 'netwrok' given to Ansible. Did you mean network?",
  },
  {
    name: 'what is not asked for is not read',
    args: { gather_subset: ['!all'] },
    reads: [/^(?![\s\S]*(?:ip addr|cpuinfo|systemd-detect-virt))/],
  },
]);

testOnShells(setup, [
  {
    name: 'on this machine',
    args: { fact_path: '{root}/facts' },
    files: {
      'facts/own.fact': '{"role": "db"}',
      'facts/run.fact': { content: '#!/bin/sh\necho "[a]"; echo "b=c"\n', mode: '0755' },
    },
    changes: [],
    result: {
      ansible_facts: expect.objectContaining({
        ansible_system: 'Linux',
        ansible_kernel: expect.stringMatching(/^\d/),
        ansible_env: expect.objectContaining({ HOME: '{root}', LC_ALL: 'C' }),
        ansible_local: { own: { role: 'db' }, run: { a: { b: 'c' } } },
        ansible_memtotal_mb: expect.any(Number),
        ansible_interfaces: expect.arrayContaining(['lo']),
        module_setup: true,
      }),
    },
  },
  {
    name: 'filtered',
    args: { filter: 'kernel*,ansible_user_id', gather_subset: ['min'] },
    result: {
      ansible_facts: {
        ansible_kernel: expect.any(String),
        ansible_kernel_version: expect.any(String),
        ansible_user_id: expect.any(String),
      },
    },
  },
]);
