import { service } from '../../src/modules/service.ts';
import { systemd } from '../../src/modules/systemd.ts';
import { testModule } from '../support/test-module.ts';
import { printed } from './printed.ts';

const unit = (active: string, enabled = 'enabled', more: readonly string[] = []) =>
  printed({
    systemd: 'yes',
    show: [`ActiveState=${active}`, 'LoadState=loaded', 'NeedDaemonReload=no', ...more],
    enabled,
  });
const gone = printed({ systemd: 'yes', show: ['LoadState=not-found', 'ActiveState=inactive'], enabled: '' });
const kubelet = { name: 'kubelet', state: 'started', enabled: true };

testModule(systemd, [
  { name: 'runs and is enabled', args: kubelet, host: unit('active'), changes: [], touches: ['unit:kubelet'] },
  {
    name: 'a kubelet that restarts for ever is started (S16)',
    args: kubelet,
    host: unit('activating', 'enabled', ['SubState=auto-restart']),
    changes: [],
  },
  {
    name: 'enabled and started, each with its way back',
    args: kubelet,
    host: unit('inactive', 'disabled'),
    changes: [
      { summary: 'enable kubelet', undo: { summary: 'disable kubelet' } },
      { summary: 'start kubelet', undo: { summary: 'stop kubelet' } },
    ],
    boot: {
      systemd: true,
      enabledWord: 'disabled',
      initScript: false,
      status: { ActiveState: 'inactive', SubState: 'dead', LoadState: 'loaded', NeedDaemonReload: 'no' },
    },
  },
  {
    name: 'stopped',
    args: { name: 'x', state: 'stopped', enabled: false },
    host: unit('active'),
    changes: ['disable x', 'stop x'],
  },
  {
    name: 'restarted',
    args: { name: 'x.service', state: 'restarted' },
    host: unit('active'),
    changes: ['restart x.service'],
    touches: ['unit:x'],
  },
  {
    name: 'restarted where it does not run',
    args: { name: 'x', state: 'restarted' },
    host: unit('failed'),
    changes: ['restart x (it is not running: start)'],
  },
  { name: 'reloaded', args: { name: 'x', state: 'reloaded' }, host: unit('active'), changes: ['reload x'] },
  {
    name: 'static units are as enabled as they get',
    args: { name: 'x', enabled: false },
    host: unit('active', 'static'),
    changes: [],
  },
  {
    name: 'no such unit: Ansible’s words',
    args: kubelet,
    host: gone,
    refused: 'Could not find the requested service kubelet: host',
  },
  {
    name: 'masking needs no unit',
    args: { name: 'swap.target', masked: true },
    host: gone,
    changes: [{ summary: 'mask swap.target', undo: { summary: 'unmask swap.target' } }],
  },
  {
    name: 'stopped before it is masked, so that undoing goes',
    args: { name: 'x', masked: true, state: 'stopped' },
    host: unit('active'),
    changes: ['stop x', 'mask x'],
  },
  {
    name: 'unmasked, then looked at again',
    args: { name: 'x', masked: false, state: 'started' },
    host: printed({ systemd: 'yes', show: ['LoadState=masked', 'ActiveState=inactive'], enabled: 'masked' }),
    changes: ['unmask x', { kind: 'reread' }],
  },
  {
    name: 'daemon_reload where the unit is known: no second look',
    args: { ...kubelet, daemon_reload: true },
    host: unit('active'),
    changes: ['let systemd read its units again'],
  },
  {
    name: 'daemon_reload where it is not',
    args: { ...kubelet, daemon_reload: true },
    host: gone,
    changes: ['let systemd read its units again', { kind: 'reread' }],
  },
  {
    name: 'daemon_reload alone',
    args: { daemon_reload: true },
    host: printed({ systemd: 'yes' }),
    changes: ['let systemd read its units again'],
    touches: ['unit:*', 'unit:*'],
  },
  {
    name: 'a broken unit file',
    args: kubelet,
    host: printed({ systemd: 'yes', show: ['LoadState=error', 'LoadError=bad'] }),
    refused: "Error loading unit file 'kubelet': bad",
  },
  { name: 'no systemd', args: kubelet, host: '', refused: 'this host does not run systemd' },
  { name: 'nothing asked', args: { name: 'x' }, invalid: 'one of the following is required' },
  { name: 'globs', args: { name: 'x*', state: 'started' }, invalid: 'glob patterns are not supported' },
  {
    name: 'names with strange letters are quoted',
    args: { name: "dev-disk-by\\x2did-a'b.swap", state: 'stopped' },
    reads: ["'dev-disk-by\\x2did-a'\\''b.swap'"],
  },
  {
    name: 'status is returned',
    args: kubelet,
    host: unit('active'),
    result: { name: 'kubelet', enabled: true, state: 'started', status: { ActiveState: 'active' } },
  },
]);

testModule(service, [
  { name: 'systemd', args: { name: 'sshd', state: 'started' }, host: unit('inactive'), changes: ['start sshd'] },
  {
    name: 'OpenRC',
    args: { name: 'sshd', state: 'started', enabled: true },
    host: printed({ init: 'openrc', exists: 'yes' }),
    changes: [{ summary: 'enable sshd', script: 'umask 022\nrc-update add sshd default' }, { summary: 'start sshd' }],
  },
  {
    name: 'init script',
    args: { name: 'cron', state: 'stopped' },
    host: printed({ init: 'sysv', exists: 'yes', running: 'yes' }),
    changes: [{ script: 'umask 022\n/etc/init.d/cron stop ' }],
  },
  {
    name: 'a pause within a restart',
    args: { name: 'cron', state: 'restarted', sleep: 2 },
    host: printed({ init: 'sysv', exists: 'yes', running: 'yes' }),
    changes: ['stop cron', 'wait 2 s', 'start cron'],
  },
  {
    name: 'not there',
    args: { name: 'x', state: 'started' },
    host: printed({ init: 'openrc' }),
    refused: 'Could not find the requested service x: host',
  },
  {
    name: 'nothing that manages services',
    args: { name: 'x', state: 'started' },
    host: '',
    refused: 'neither systemd nor OpenRC',
  },
  { name: 'no path as a name', args: { name: '../x', state: 'started' }, invalid: 'is no name of a service' },
]);
