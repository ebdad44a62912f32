import { expect } from '@jest/globals';
import { firewalld } from '../../src/modules/firewalld.ts';
import { ufw } from '../../src/modules/ufw.ts';
import { testModule } from '../support/test-module.ts';
import { printed } from './printed.ts';

const ZONE = [
  'public (active)',
  '  target: default',
  '  icmp-block-inversion: no',
  '  interfaces: eth0',
  '  sources: ',
  '  services: dhcpv6-client ssh',
  '  ports: 10250-10252/tcp 53/udp',
  '  protocols: ',
  '  forward: yes',
  '  masquerade: no',
  '  forward-ports: ',
  '\tport=80:proto=tcp:toport=8080:toaddr=',
  '  source-ports: ',
  '  icmp-blocks: ',
  '  rich rules: ',
  '\trule family="ipv4" source address="10.0.0.0/8" accept',
];
const EMPTY = ['public', '  services: ssh', '  ports: ', '  masquerade: no'];
const running = (runtime: readonly string[], permanent: readonly string[]) =>
  printed({ installed: 'yes', running: 'yes', runtime, permanent });
const both = { state: 'enabled', permanent: true, immediate: true };

testModule(firewalld, [
  {
    name: 'a range that is open holds its ports',
    args: { ...both, port: '10251/tcp' },
    host: running(ZONE, ZONE),
    changes: [],
  },
  {
    name: 'opened in both',
    args: { ...both, port: '6443/tcp', zone: 'public' },
    host: running(ZONE, EMPTY),
    changes: [
      {
        summary: 'open port 6443/tcp in the configuration (zone public)',
        killable: false,
        undo: { summary: 'close port 6443/tcp in the configuration (zone public)' },
      },
      { script: 'umask 022; firewall-cmd --zone=public --add-port=6443/tcp >/dev/null' },
    ],
  },
  {
    name: 'only where it is missing',
    args: { ...both, port: '10250-10252/tcp' },
    host: running(ZONE, EMPTY),
    changes: ['open port 10250-10252/tcp in the configuration'],
    boot: expect.objectContaining({ runtime: expect.objectContaining({ ports: [] }) }),
  },
  {
    name: 'another protocol',
    args: { ...both, port: '10250/udp', permanent: false },
    host: running(ZONE, ZONE),
    changes: ['open port 10250/udp in the running firewall'],
  },
  {
    name: 'without permanent: only the running firewall',
    args: { state: 'enabled', service: 'http' },
    host: running(ZONE, ZONE),
    changes: ['open service http in the running firewall'],
  },
  {
    name: 'permanent alone',
    args: { state: 'disabled', service: 'ssh', permanent: true },
    host: running(ZONE, ZONE),
    changes: ['close service ssh in the configuration'],
  },
  {
    name: 'port forwards in both spellings of the list',
    args: { ...both, port_forward: [{ port: 80, proto: 'tcp', toport: 8080 }] },
    host: running(ZONE, ['public', '  forward-ports: port=80:proto=tcp:toport=8080:toaddr=']),
    changes: [],
  },
  {
    name: 'rich rules are asked for',
    args: { ...both, rich_rule: 'rule family=ipv4 accept' },
    host: running(ZONE, ZONE) + printed({ richruntime: 'yes' }),
    changes: ['add rich rule rule family=ipv4 accept in the configuration'],
  },
  {
    name: 'masquerade',
    args: { ...both, masquerade: true },
    host: running(ZONE, ZONE),
    changes: ['add masquerade in the configuration', 'add masquerade in the running firewall'],
  },
  { name: 'masquerade no', args: { ...both, masquerade: 'no' }, host: running(ZONE, ZONE), changes: [] },
  {
    name: 'an interface moves',
    args: { ...both, interface: 'eth1', zone: 'trusted' },
    host: running(EMPTY, EMPTY),
    changes: [
      { script: 'umask 022; firewall-cmd --permanent --zone=trusted --change-interface=eth1 >/dev/null' },
      { kind: 'run' },
    ],
  },
  {
    name: 'not running',
    args: { ...both, port: '6443/tcp' },
    host: printed({ installed: 'yes', permanent: EMPTY }),
    refused: 'firewall is not currently running',
  },
  {
    name: 'not running, offline: the configuration',
    args: { ...both, port: '6443/tcp', offline: true },
    host: printed({ installed: 'yes', permanent: EMPTY }),
    changes: [{ script: 'umask 022; firewall-offline-cmd --add-port=6443/tcp >/dev/null' }],
  },
  { name: 'not installed', args: { ...both, port: '6443/tcp' }, host: '', refused: 'this host has no firewalld' },
  {
    name: 'no such zone',
    args: { ...both, port: '1/tcp', zone: 'x' },
    host: running(['Error: INVALID_ZONE: x'], ['Error: INVALID_ZONE: x']),
    refused: 'firewalld has no zone x',
  },
  {
    name: 'a new zone',
    args: { zone: 'x', state: 'present', permanent: true },
    host: running(['Error: INVALID_ZONE: x'], ['Error: INVALID_ZONE: x']),
    changes: [{ summary: 'make the zone x', undo: { summary: 'delete the zone x' } }],
  },
  {
    name: 'target',
    args: { zone: 'public', target: 'DROP', state: 'enabled', permanent: true },
    host: running(ZONE, ZONE),
    changes: ['set target DROP in the configuration (zone public)'],
  },
  { name: 'a port needs its protocol', args: { ...both, port: '80' }, invalid: 'improper port format' },
  {
    name: 'one thing at a time',
    args: { ...both, port: '80/tcp', service: 'x' },
    invalid: 'can only operate on one of',
  },
  { name: 'present is for zones', args: { port: '80/tcp', state: 'present' }, invalid: 'zone level operations' },
]);

const ufwRow = { rule: 'allow', port: '30000:32767', proto: 'tcp', comment: 'Kubernetes' };
testModule(ufw, [
  {
    name: 'ufw itself is asked',
    args: ufwRow,
    reads: ['ufw --dry-run allow from any to any port 30000:32767 proto tcp comment Kubernetes'],
  },
  {
    name: 'a rule that is there, for both families',
    args: ufwRow,
    host: printed({
      installed: 'yes',
      active: 'yes',
      status: '0',
      dryrun: ['Skipping adding existing rule', 'Skipping adding existing rule (v6)'],
    }),
    changes: [],
  },
  {
    name: 'a new rule',
    args: ufwRow,
    host: printed({ installed: 'yes', status: '0', dryrun: ['Rules updated', 'Rules updated (v6)'] }),
    changes: [
      {
        summary: 'ufw allow from any to any port 30000:32767 proto tcp comment Kubernetes',
        undo: { summary: 'ufw --force delete allow from any to any port 30000:32767 proto tcp' },
      },
    ],
  },
  {
    name: 'a rule that goes',
    args: { ...ufwRow, delete: true },
    host: printed({
      installed: 'yes',
      status: '0',
      dryrun: ['Could not delete non-existent rule', 'Could not delete non-existent rule (v6)'],
    }),
    changes: [],
  },
  {
    name: 'policy',
    args: { default: 'deny' },
    host: printed({ installed: 'yes', policies: ['INPUT ACCEPT', 'OUTPUT ACCEPT'] }),
    changes: [{ summary: 'ufw default deny incoming', undo: { summary: 'ufw default allow incoming' } }],
  },
  {
    name: 'on',
    args: { state: 'enabled', logging: 'on' },
    host: printed({ installed: 'yes', level: 'low' }),
    changes: ['switch ufw on'],
  },
  {
    name: 'a rule that ufw refuses',
    args: { ...ufwRow, port: 'x' },
    host: printed({ installed: 'yes', status: '1', dryrun: ['ERROR: Bad port'] }),
    refused: 'ufw refuses the rule: ERROR: Bad port',
  },
  { name: 'not installed', args: ufwRow, host: '', refused: 'no ufw' },
  { name: 'nothing asked', args: {}, invalid: 'is needed' },
]);
