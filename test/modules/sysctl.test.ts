import { sysctl } from '../../src/modules/sysctl.ts';
import { testModule, testOnShells } from '../support/test-module.ts';
import { file, printed } from './printed.ts';

const forward = { name: 'net.ipv4.ip_forward', value: '1', sysctl_file: '/etc/sysctl.d/k8s.conf', sysctl_set: true };

testModule(sysctl, [
  {
    name: 'sets the running kernel first, then writes the file',
    args: forward,
    host: printed({ exists: 'yes', live: '0' }),
    changes: [
      { summary: 'set net.ipv4.ip_forward to 1', undo: { summary: 'set net.ipv4.ip_forward to 0', undo: 'none' } },
      {
        kind: 'put',
        path: '/etc/sysctl.d/k8s.conf',
        content: 'net.ipv4.ip_forward=1\n',
        mode: '0644',
        expect: 'absent',
      },
    ],
    touches: ['sysctl:net.ipv4.ip_forward', 'file:/etc/sysctl.d/k8s.conf'],
  },
  {
    name: 'already so',
    args: forward,
    host: printed({ exists: 'yes', live: '1', file: file('net.ipv4.ip_forward = 1\n') }),
    changes: [],
  },
  {
    name: 'blanks and tabs are the same',
    args: { ...forward, name: 'net.ipv4.tcp_rmem', value: '4096 131072 6291456' },
    host: printed({
      exists: 'yes',
      live: '4096\t131072\t6291456',
      file: file('net.ipv4.tcp_rmem=4096\t131072 6291456\n'),
    }),
    changes: [],
  },
  {
    name: 'the live value alone is no change without sysctl_set, as in Ansible',
    args: { ...forward, sysctl_set: false },
    host: printed({ exists: 'yes', live: '0', file: file('net.ipv4.ip_forward=1\n') }),
    changes: [],
  },
  {
    name: 'truth words are written as numbers',
    args: { ...forward, value: true, sysctl_set: false, reload: false },
    host: printed({ exists: 'yes', live: '0' }),
    changes: [{ content: 'net.ipv4.ip_forward=1\n' }],
  },
  {
    name: 'a key of an absent module names the module, and nothing is written',
    args: { ...forward, name: 'net.bridge.bridge-nf-call-iptables' },
    host: printed({}),
    refused: /br_netfilter is not loaded/,
    touches: ['sysctl:net.bridge.bridge-nf-call-iptables', 'file:/etc/sysctl.d/k8s.conf', 'module:br_netfilter'],
  },
  {
    name: 'a key that the loaded module does not have',
    args: { ...forward, name: 'net.bridge.nope' },
    host: printed({ siblings: 'yes' }),
    refused: 'this kernel has no net.bridge.nope (/proc/sys/net/bridge/nope does not exist)',
  },
  {
    name: 'ignoreerrors: only the file',
    args: { ...forward, name: 'net.bridge.bridge-nf-call-iptables', ignoreerrors: true },
    host: printed({}),
    changes: [{ kind: 'put' }],
  },
  {
    name: 'other lines stay, doubles of the key go, the other keys are applied too',
    args: { ...forward, sysctl_set: false },
    host: printed({
      exists: 'yes',
      live: '1',
      file: file('# mine\nvm.swappiness = 1\n-net/ipv4/ip_forward = 0\nnet.ipv4.ip_forward=2\n'),
    }),
    changes: [
      { content: '# mine\nvm.swappiness = 1\nnet.ipv4.ip_forward=1\n' },
      'apply the other keys of /etc/sysctl.d/k8s.conf',
    ],
  },
  {
    name: 'absent takes the line out and leaves the kernel alone',
    args: { name: 'vm.swappiness', state: 'absent' },
    host: printed({ exists: 'yes', live: '1', file: file('vm.swappiness=1\n') }),
    changes: [{ kind: 'put', content: '' }],
  },
  { name: 'a value is needed', args: { name: 'a.b' }, invalid: 'value is needed' },
  {
    name: 'after a reboot the last file by name decides, /etc hides /usr, sysctl.conf comes last',
    args: forward,
    host: printed({
      exists: 'yes',
      live: '1',
      file: file('net.ipv4.ip_forward=1\n'),
      boot: [
        '/etc/sysctl.d/k8s.conf\t',
        '/etc/sysctl.d/k8s.conf\tnet.ipv4.ip_forward=1',
        '/usr/lib/sysctl.d/99-vendor.conf\t',
        '/usr/lib/sysctl.d/99-vendor.conf\tnet.ipv4.ip_forward = 0',
        '/usr/lib/sysctl.d/k8s.conf\t',
        '/usr/lib/sysctl.d/k8s.conf\tnet.ipv4.ip_forward = 7',
      ],
    }),
    boot: {
      column: 'boot',
      exists: true,
      siblings: false,
      unreadable: false,
      live: '1',
      file: file('net.ipv4.ip_forward=1\n'),
    },
    changes: [],
  },
]);

testOnShells(sysctl, [
  {
    name: 'edits a file by key',
    args: { name: 'a.b', value: '2 3', sysctl_file: '{root}/99-a.conf', reload: false },
    files: { '99-a.conf': '# c\na.b = 1\nc.d=4\n' },
    after: { '99-a.conf': '# c\na.b=2 3\nc.d=4\n' },
  },
  {
    name: 'makes a file',
    args: { name: 'a.b', value: '2', sysctl_file: '{root}/99-a.conf', reload: false },
    after: { '99-a.conf': 'a.b=2\n' },
  },
]);
