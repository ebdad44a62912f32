import { hostname } from '../../src/modules/hostname.ts';
import { modprobe } from '../../src/modules/modprobe.ts';
import { selinux } from '../../src/modules/selinux.ts';
import { testModule, testOnShells } from '../support/test-module.ts';
import { file, printed } from './printed.ts';

const bridge = { name: 'br_netfilter', persistent: 'present' };
const LOAD = '/etc/modules-load.d/br_netfilter.conf';

testModule(modprobe, [
  {
    name: 'loaded now and at boot',
    args: bridge,
    host: '',
    changes: [
      { summary: 'load the module br_netfilter', undo: { summary: 'unload the module br_netfilter' } },
      { kind: 'put', path: LOAD, content: 'br_netfilter\n', mode: '0644' },
    ],
    touches: ['module:br_netfilter', `file:${LOAD}`, 'file:/etc/modprobe.d/br_netfilter.conf'],
  },
  {
    name: 'already both',
    args: bridge,
    host: printed({ loaded: 'yes', boot: '/etc/modules-load.d/k8s.conf' }),
    changes: [],
  },
  {
    name: 'built in: loaded, and asked for at boot as well',
    args: bridge,
    host: printed({ builtin: 'yes' }),
    changes: ['load br_netfilter at boot (/etc/modules-load.d/br_netfilter.conf)'],
  },
  {
    name: 'loaded by hand is gone after a reboot',
    args: { name: 'overlay' },
    host: printed({ loaded: 'yes' }),
    changes: [],
    boot: { loaded: false, builtin: false, bootFiles: [], others: new Map() },
  },
  {
    name: 'hyphens mean underscores',
    args: { name: 'br-netfilter' },
    touches: [
      'module:br_netfilter',
      'file:/etc/modules-load.d/br-netfilter.conf',
      'file:/etc/modprobe.d/br-netfilter.conf',
    ],
  },
  {
    name: 'unloaded',
    args: { name: 'dummy', state: 'absent' },
    host: printed({ loaded: 'yes' }),
    changes: [{ summary: 'unload the module dummy', undo: { summary: 'load the module dummy' } }],
  },
  {
    name: 'what is built in cannot be unloaded',
    args: { name: 'dummy', state: 'absent' },
    host: printed({ builtin: 'yes' }),
    changes: [],
  },
  {
    name: 'parameters',
    args: { name: 'dummy', params: 'numdummies=2', persistent: 'present' },
    host: printed({ loaded: 'yes', boot: 'x' }),
    changes: [{ path: '/etc/modprobe.d/dummy.conf', content: 'options dummy numdummies=2\n' }],
  },
  {
    name: 'no longer at boot: our file goes, lines of others are commented out',
    args: { name: 'dummy', persistent: 'absent' },
    host: printed({
      loaded: 'yes',
      others: ['/etc/modules-load.d/dummy.conf', '/etc/modules-load.d/all.conf'],
      other1: file('dummy\n'),
      other2: file('loop\ndummy\n'),
    }),
    changes: [
      { kind: 'run', summary: 'no longer load dummy at boot (/etc/modules-load.d/dummy.conf)' },
      { content: 'loop\n#dummy\n' },
    ],
  },
  { name: 'no name of a module', args: { name: '-r x' }, invalid: 'is no name of a kernel module' },
]);

const CONFIG = '# SELINUX= can take one of these\nSELINUX=enforcing \t# for now\nSELINUXTYPE=targeted\n';
testModule(selinux, [
  {
    name: 'permissive now and at boot; blanks and the comment stay',
    args: { state: 'permissive' },
    host: printed({ enforce: '1', config: file(CONFIG) }),
    changes: [
      { content: CONFIG.replace('=enforcing ', '=permissive ') },
      { summary: 'make the running kernel permissive', undo: { summary: 'make the running kernel enforcing' } },
    ],
    result: { reboot_required: false },
  },
  {
    name: 'already permissive',
    args: { state: 'permissive' },
    host: printed({ enforce: '0', config: file('SELINUX=permissive\n') }),
    changes: [],
  },
  {
    name: 'setenforce by hand does not last',
    args: { state: 'permissive' },
    host: printed({ enforce: '0', config: file('SELINUX=enforcing\n') }),
    boot: { running: 'enforcing', unreadable: false, policies: [], config: file('SELINUX=enforcing\n') },
    changes: [{ kind: 'put' }],
  },
  {
    name: 'disabled waits for the reboot',
    args: { state: 'disabled' },
    host: printed({ enforce: '1', config: file('SELINUX=enforcing\n') }),
    changes: [{ content: 'SELINUX=disabled\n' }, 'make the running kernel permissive'],
    result: { reboot_required: true },
  },
  {
    name: 'no SELinux, where that is asked for',
    args: { state: 'permissive', missing_ok: true },
    host: '',
    changes: [],
    result: { msg: 'SELinux is not present' },
  },
  {
    name: 'SELinux disabled is not switched on by missing_ok',
    args: { state: 'permissive', missing_ok: true },
    host: printed({ config: file('SELINUX=disabled\n') }),
    changes: [],
  },
  {
    name: 'no SELinux otherwise',
    args: { state: 'permissive' },
    host: '',
    refused: 'Unable to find file /etc/selinux/config',
  },
  {
    name: 'policy',
    args: { state: 'enforcing', policy: 'mls' },
    host: printed({ enforce: '1', config: file(CONFIG), policies: ['targeted', 'mls'] }),
    changes: [{ content: CONFIG.replace('targeted', 'mls') }],
  },
  {
    name: 'no such policy',
    args: { state: 'enforcing', policy: 'x' },
    host: printed({ enforce: '1', config: file(CONFIG) }),
    refused: 'Policy x does not exist',
  },
  { name: 'kernel command line', args: { state: 'enforcing', update_kernel_param: true }, invalid: 'is not supported' },
]);
testOnShells(selinux, [
  {
    name: 'the last assignment counts',
    args: { state: 'permissive', configfile: '{root}/config' },
    files: { config: CONFIG },
    after: { config: CONFIG.replace('=enforcing ', '=permissive ') },
  },
]);

testModule(hostname, [
  {
    name: 'file and kernel',
    args: { name: 'node1' },
    host: printed({ live: 'old', file: file('old\n') }),
    changes: [
      { path: '/etc/hostname', content: 'node1\n' },
      { summary: 'name this host node1', undo: { summary: 'name this host old' } },
    ],
  },
  {
    name: 'already so',
    args: { name: 'node1' },
    host: printed({ live: 'node1', file: file('# c\nnode1\n') }),
    changes: [],
    result: { name: 'node1' },
  },
  { name: 'no host name', args: { name: 'a_b' }, invalid: 'is no host name' },
]);
