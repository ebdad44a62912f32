import { expect } from '@jest/globals';
import { apt } from '../../src/modules/apt.ts';
import { dnf } from '../../src/modules/dnf.ts';
import { packageModule } from '../../src/modules/package.ts';
import { yum } from '../../src/modules/yum.ts';
import type { ModuleRow } from '../support/test-module.ts';
import { testModule } from '../support/test-module.ts';
import { printed } from './printed.ts';

const onApt = (more: Parameters<typeof printed>[0] = {}) =>
  printed({ manager: 'apt', clock: '1000', lists: '900', ...more });
const SIM_OK = [
  'The following NEW packages will be installed:',
  '  cri-tools kubelet',
  'Inst cri-tools (1.36.0-1.1 k8s:1 [amd64])',
  'Inst kubelet [1.35.0-1.1] (1.36.1-1.1 k8s:1 [amd64]) []',
  'Conf cri-tools (1.36.0-1.1 k8s:1 [amd64])',
];
const missing = (sim: readonly string[], status = '0') => onApt({ missing: 'kubelet', status, sim });

const aptRows: readonly ModuleRow[] = [
  {
    name: 'already there',
    args: { name: 'curl' },
    host: onApt({ installed: 'curl\tamd64\t7\tinstall\tinstalled' }),
    changes: [],
  },
  {
    name: 'what apt says it would do is the plan, and its inverse the way back',
    args: { name: 'kubelet' },
    host: missing(SIM_OK),
    changes: [
      {
        summary: 'install cri-tools 1.36.0-1.1; change kubelet 1.35.0-1.1 → 1.36.1-1.1',
        killable: false,
        diff: { before: 'kubelet 1.35.0-1.1\n', after: 'cri-tools 1.36.0-1.1\nkubelet 1.36.1-1.1\n' },
        undo: { summary: 'take back: change kubelet 1.36.1-1.1 → 1.35.0-1.1; remove cri-tools 1.36.0-1.1' },
      },
    ],
  },
  {
    name: 'old lists: update, then look again',
    args: { name: 'kubelet', update_cache: true },
    host: missing(SIM_OK),
    changes: ['update the package lists', { kind: 'reread' }],
  },
  {
    name: 'lists that are young enough are left alone',
    args: { name: 'kubelet', cache_valid_time: 3600 },
    host: missing(SIM_OK),
    changes: [/^install/],
  },
  {
    name: 'check mode does not update, and says what it would do',
    args: { name: 'kubelet', update_cache: true },
    host: missing(['E: Unable to locate package kubelet'], '100'),
    context: { check: true },
    changes: ['update the package lists', 'install kubelet, which the new package lists must bring'],
  },
  {
    name: 'an unknown package, with the near name',
    args: { name: 'kubelt' },
    host: onApt({
      missing: 'kubelt',
      status: '100',
      sim: 'E: Unable to locate package kubelt',
      near: ['kubectl', 'kubelet'],
    }),
    refused: 'no repository of this host knows the package kubelt',
  },
  {
    name: 'held packages',
    args: { name: 'kubelet', state: 'latest' },
    host: onApt({
      status: '100',
      sim: [
        'The following held packages will be changed:',
        '  kubelet',
        'E: Held packages were changed and -y was used without --allow-change-held-packages.',
      ],
    }),
    refused: 'packages on hold would change: kubelet',
  },
  {
    name: 'latest and newest',
    args: { name: 'curl', state: 'latest' },
    host: onApt({ status: '0', sim: '0 upgraded, 0 newly installed' }),
    changes: [],
  },
  {
    name: 'no repository is new enough',
    args: { name: 'kubelet>=2' },
    host: onApt({ missing: 'kubelet>=2', old: 'kubelet>=2', status: '0', sim: [] }),
    refused: 'no repository has kubelet>=2',
  },
  {
    name: 'removal, its undo installs the same version',
    args: { name: 'kubelet,nothing', state: 'absent' },
    host: onApt({ installed: ['kubelet\tamd64\t1.36.1-1.1\thold\tinstalled', 'old\tall\t1\tdeinstall\tconfig-files'] }),
    changes: [{ summary: 'remove kubelet 1.36.1-1.1', undo: { summary: 'take back: install kubelet 1.36.1-1.1' } }],
  },
  {
    name: 'purge takes what only left its configuration',
    args: { name: 'old', state: 'absent', purge: true },
    host: onApt({ installed: 'old\tall\t1\tdeinstall\tconfig-files' }),
    changes: ['purge old 1'],
  },
  {
    name: 'only the lists: that is a change',
    args: { update_cache: true },
    host: onApt(),
    changes: ['update the package lists'],
  },
  {
    name: 'a package file that is not there',
    args: { deb: '/tmp/x.deb' },
    host: onApt({ nodeb: 'yes' }),
    refused: 'there is no package file /tmp/x.deb',
  },
  {
    name: 'upgrade of everything',
    args: { name: '*', state: 'latest' },
    host: onApt({ status: '0', sim: SIM_OK }),
    changes: [/^install cri-tools/],
  },
  { name: 'no apt', args: { name: 'x' }, host: printed({ manager: 'none' }), refused: 'this host has no apt-get' },
  { name: 'a name cannot be an option', args: { name: '-oDebug=1' }, invalid: 'is no name of a package' },
  { name: 'nothing asked', args: {}, invalid: 'is needed' },
  { name: 'names and upgrade', args: { name: 'a', upgrade: 'dist' }, invalid: 'exclude each other' },
  {
    name: 'a glob of a version is checked on the host',
    args: { name: 'kubelet=1.36.*' },
    reads: ["kp_check 'kubelet=1.36.*' kubelet = '1.36.*' 'kubelet=1.36.*'"],
  },
  {
    name: 'result',
    args: { name: 'curl' },
    host: onApt(),
    result: { cache_updated: false, cache_update_time: 900, transaction: [] },
  },
];
testModule(apt, aptRows);

const rpm = (manager: string, more: Parameters<typeof printed>[0] = {}) => printed({ manager, ...more });
const KUBELET = 'kubelet\t\t1.36.1\t150500.1.1\tx86_64';

const dnfRows: readonly ModuleRow[] = [
  {
    name: 'already there',
    args: { name: 'kubelet-1.36.1' },
    host: rpm('dnf', { answer0: KUBELET, bare0: KUBELET }),
    changes: [],
  },
  {
    name: 'dnf 4 spells the excludes with a flag',
    args: { name: 'kubelet,kubeadm', disable_excludes: 'kubernetes' },
    host: rpm('dnf'),
    changes: [
      {
        summary: 'install kubelet, kubeadm',
        script: expect.stringContaining(
          'kp_try dnf -y --disableexcludes=kubernetes --setopt=clean_requirements_on_remove=0 install kubelet kubeadm',
        ),
        killable: false,
        undo: { summary: 'remove kubelet, kubeadm' },
      },
    ],
  },
  {
    name: 'dnf 5 spells them as a setting',
    args: { name: 'kubelet', disable_excludes: 'kubernetes', enablerepo: 'k', disable_gpg_check: true },
    host: rpm('dnf5'),
    changes: [
      {
        script: expect.stringContaining(
          'kp_try dnf5 -y --enable-repo=k --setopt=disable_excludes=kubernetes --no-gpgchecks',
        ),
      },
    ],
  },
  {
    name: 'a newer version will do',
    args: { name: 'kubelet-1.35.0' },
    host: rpm('dnf', { bare0: KUBELET }),
    changes: [],
  },
  {
    name: 'allow_downgrade goes back',
    args: { name: 'kubelet-1.35.0', allow_downgrade: true },
    host: rpm('dnf', { bare0: KUBELET }),
    changes: [
      {
        summary: 'install kubelet-1.35.0 (now kubelet-1.36.1-150500.1.1.x86_64)',
        undo: { summary: 'go back to kubelet-1.36.1-150500.1.1.x86_64' },
      },
    ],
  },
  {
    name: 'a glob of a version',
    args: { name: 'kubelet-1.36.*' },
    host: rpm('dnf', { answer0: KUBELET }),
    changes: [],
  },
  {
    name: 'a glob of an older version: the newer will do',
    args: { name: 'kubelet-1.35.*' },
    host: rpm('dnf', { answer0: KUBELET }),
    changes: [],
  },
  {
    name: 'a glob of a newer version',
    args: { name: 'kubelet-1.37.*' },
    host: rpm('dnf', { answer0: KUBELET }),
    changes: ['install kubelet-1.37.* (now kubelet-1.36.1-150500.1.1.x86_64)'],
  },
  { name: 'comparison holds', args: { name: 'kubelet >= 1.36' }, host: rpm('dnf', { answer0: KUBELET }), changes: [] },
  {
    name: 'comparison does not hold',
    args: { name: 'kubelet > 1.36.1' },
    host: rpm('dnf', { answer0: KUBELET }),
    changes: [/^install kubelet > 1.36.1/],
  },
  {
    name: 'latest asks dnf',
    args: { name: 'kubelet', state: 'latest' },
    host: rpm('dnf', { answer0: KUBELET, updates: '0' }),
    changes: [/^upgrade kubelet/],
  },
  {
    name: 'latest in check mode believes the metadata',
    args: { name: 'kubelet', state: 'latest' },
    context: { check: true },
    host: rpm('dnf', { answer0: KUBELET, updates: '0' }),
    changes: [],
  },
  {
    name: 'latest in check mode names what is known',
    args: { name: 'kubelet', state: 'latest' },
    context: { check: true },
    host: rpm('dnf', { answer0: KUBELET, updates: '100', update: ['', 'kubelet.x86_64   1.36.2-1   kubernetes'] }),
    changes: ['upgrade kubelet where there is a newer version to kubelet.x86_64 1.36.2-1'],
  },
  {
    name: 'removal of exactly what is there',
    args: { name: 'kubelet', state: 'absent' },
    host: rpm('dnf5', { answer0: KUBELET }),
    changes: [{ summary: 'remove kubelet-1.36.1-150500.1.1.x86_64', undo: { summary: /again$/ } }],
  },
  { name: 'nothing to remove', args: { name: 'kubelet', state: 'absent' }, host: rpm('dnf'), changes: [] },
  {
    name: 'metadata only',
    args: { name: 'kubelet', update_cache: true },
    host: rpm('dnf', { answer0: KUBELET }),
    changes: ['fetch the metadata of the repositories'],
  },
  { name: 'list is refused', args: { list: 'installed' }, invalid: 'list is not supported' },
  {
    name: 'autoremove with present',
    args: { name: 'a', state: 'present', autoremove: true },
    invalid: 'autoremove goes with state absent',
  },
];
testModule(
  dnf,
  dnfRows.map((row) => ({ ...row, ...(row.changes ? { changes: row.changes.map(loosen) } : {}) })),
);

/** A pattern for the summary of an undo cannot be matched by toMatchObject: compared by its text. */
function loosen(change: unknown) {
  const undo = (change as { undo?: { summary?: unknown } }).undo;
  if (!(undo?.summary instanceof RegExp)) return change as string;
  return { ...(change as object), undo: { summary: expect.stringMatching(undo.summary) } };
}

testModule(yum, [
  {
    name: 'yum 3 expires the cache by a command',
    args: { name: 'x', update_cache: true },
    host: rpm('yum'),
    changes: [{ script: expect.stringContaining('yum -q clean expire-cache') }],
  },
  { name: 'yum 3 has no nobest', args: { name: 'x', nobest: true }, host: rpm('yum'), refused: 'yum 3 has no nobest' },
]);

testModule(packageModule, [
  { name: 'apt by distribution', args: { name: 'kubelet' }, host: missing(SIM_OK), changes: [/^install cri-tools/] },
  { name: 'dnf by distribution', args: { name: 'kubelet' }, host: rpm('dnf5'), changes: ['install kubelet'] },
  {
    name: 'another package manager',
    args: { name: 'x' },
    host: printed({ manager: 'zypper' }),
    refused: 'this host uses zypper',
  },
  {
    name: 'touches what maintainer scripts may make',
    args: { name: 'kubelet=1.36.*' },
    touches: ['pkg:kubelet', 'pkg:*', 'unit:*', 'file:*', 'user:*', 'group:*'],
  },
]);
