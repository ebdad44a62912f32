import { describe, expect, test } from '@jest/globals';
import { aptSpec } from '../../../../src/modules/system/packages/apt-read.ts';
import { describeActions, parseSimulation } from '../../../../src/modules/system/packages/apt-simulation.ts';
import { explainPackages } from '../../../../src/modules/system/packages/explain.ts';
import { answering, rpmSpec } from '../../../../src/modules/system/packages/rpm-read.ts';
import { compareEvr, compareRpmVersions, parseEvr } from '../../../../src/modules/system/packages/rpm-version.ts';
import { describeMoved, movedIn } from '../../../../src/modules/system/packages/transaction.ts';

describe('versions as rpm compares them (rpmvercmp.at of rpm)', () => {
  test.each([
    ['1.0', '1.0', 0],
    ['1.0', '2.0', -1],
    ['2.0.1', '2.0', 1],
    ['2.0.1a', '2.0.1', 1],
    ['5.5p1', '5.5p2', -1],
    ['5.5p10', '5.5p1', 1],
    ['10xyz', '10.1xyz', -1],
    ['xyz10', 'xyz10.1', -1],
    ['xyz.4', '8', -1],
    ['8', 'xyz.4', 1],
    ['5.5p2', '5.6p1', -1],
    ['6.0.rc1', '6.0', 1],
    ['10b2', '10a1', 1],
    ['1.0a', '1.0aa', -1],
    ['10.0001', '10.1', 0],
    ['10.0001', '10.0039', -1],
    ['4.999.9', '5.0', -1],
    ['20101121', '20101122', -1],
    ['2_0', '2.0', 0],
    ['1.0~rc1', '1.0', -1],
    ['1.0~rc1', '1.0~rc2', -1],
    ['1.0~rc1~git1', '1.0~rc1', -1],
    ['1.0^', '1.0', 1],
    ['1.0^git1', '1.0', 1],
    ['1.0^git1', '1.0^git2', -1],
    ['1.0^git1', '1.01', -1],
    ['1.0^20160101', '1.0.1', -1],
    ['1.0~rc1^git1', '1.0~rc1', 1],
    ['1.0^git1~pre', '1.0^git1', -1],
    ['1.36.1', '1.36.10', -1],
  ] as const)('%s and %s', (a, b, order) => {
    expect(compareRpmVersions(a, b)).toBe(order);
    expect(compareRpmVersions(b, a)).toBe(order === 0 ? 0 : -order);
  });

  test('epoch first, an empty release is not compared', () => {
    expect(compareEvr(parseEvr('1:1.0-1'), parseEvr('2.0-1'))).toBe(1);
    expect(compareEvr(parseEvr('1.0-5'), parseEvr('1.0'))).toBe(0);
  });
});

describe('names', () => {
  test.each([
    ['kubelet', 'kubelet', '', ''],
    ['kubelet=1.36.*', 'kubelet', '=', '1.36.*'],
    ['kubelet>=1.36', 'kubelet', 'ge', '1.36'],
    ['kubelet >= 1.36', 'kubelet', 'ge', '1.36'],
    ['libc6:arm64=2.36', 'libc6:arm64', '=', '2.36'],
    ['g++', 'g++', '', ''],
  ] as const)('apt: %s', (given, name, op, version) => expect(aptSpec(given)).toEqual({ given, name, op, version }));

  test.each([
    ['kubelet', 'kubelet', undefined],
    ['kubelet-1.36.1', 'kubelet', '1.36.1'],
    ['kubelet-1.36.1-150500.1.1.x86_64', 'kubelet', '1.36.1'],
    ['java-11-openjdk', 'java-11-openjdk', undefined],
    ['java-1.8.0-openjdk', 'java-1.8.0-openjdk', undefined],
    ['gcc-toolset-12', 'gcc-toolset-12', undefined],
    ['kubelet-1.36.*', 'kubelet', '1.36'],
    ['bind-32:9.16.23-1', 'bind', '9.16.23'],
    ['kernel-6-1', 'kernel', '6'],
  ] as const)('rpm: %s', (given, bare, version) => {
    const spec = rpmSpec(given);
    expect([spec.bare, spec.evr?.version]).toEqual([bare, version]);
  });

  test('rpm: groups, files, addresses, comparisons', () => {
    expect(rpmSpec('@Development Tools').kind).toBe('group');
    expect(rpmSpec('/tmp/x.rpm').kind).toBe('file');
    expect(rpmSpec('https://x/y.rpm').kind).toBe('url');
    expect(rpmSpec('/usr/bin/jq').kind).toBe('name');
    const row = { name: 'a', epoch: '', version: '1.5', release: '2', arch: 'noarch' };
    for (const [text, holds] of [
      ['a >= 1.5', true],
      ['a>1.5', false],
      ['a < 1.5', false],
      ['a <= 1.5', true],
      ['a = 1.5', true],
      ['a == 1.5-3', false],
      ['a-1.*', true],
      ['a-1.5*', true],
      ['a-1.5-2*', true],
      ['a-1.5.*', false],
      ['a-2.*', false],
      ['a-1.5-2.noarch', true],
    ] as const) {
      expect([text, answering(rpmSpec(text), [row]).length > 0]).toEqual([text, holds]);
    }
  });
});

test('what apt-get -s prints', () => {
  const actions = parseSimulation(
    'Inst a (1 o [amd64])\nInst b [1] (2 o [amd64]) [c ]\nRemv c [3]\nPurg d [4]\nConf a (1 o)',
  );
  expect(actions).toEqual([
    { name: 'a', to: '1' },
    { name: 'b', from: '1', to: '2' },
    { name: 'c', from: '3' },
    { name: 'd', from: '4' },
  ]);
  expect(describeActions(actions, new Set(['d']))).toBe('install a 1; change b 1 → 2; remove d 4, c 3');
  const many = Array.from({ length: 9 }, (_, index) => ({ name: `p${index}`, to: '1' }));
  expect(describeActions(many, new Set())).toBe('install p0 1, p1 1, p2 1, p3 1, p4 1, p5 1 and 3 more');
});

test('what came and went, by the package database', () => {
  const stdout = Buffer.from('text\n@kprep-moved\n-a:amd64 1\n+a:amd64 2\n+b:noarch 3\n-c:x86_64 4\n');
  const moved = movedIn({ stdout } as Parameters<typeof movedIn>[0]);
  expect(moved.map(describeMoved)).toEqual(['a 1 → 2', 'b 3 installed', 'c 4 removed']);
});

describe('why a package manager failed', () => {
  test.each([
    [
      'kprep-lock /var/lib/dpkg/lock-frontend 812 /usr/bin/unattended-upgrade',
      'another package manager works: /var/lib/dpkg/lock-frontend is held by PID 812 (/usr/bin/unattended-upgrade) for 60 s',
    ],
    [
      'E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 812 (apt-get)',
      'another package manager works: /var/lib/dpkg/lock-frontend is held by PID 812 (apt-get) for 60 s',
    ],
    ["E: You don't have enough free space in /var/cache/apt/archives/.", 'the disk is full (/var/cache/apt/archives/)'],
    ['  - At least 12MB more space needed on the / filesystem.', 'the disk is full (/)'],
    [
      "W: GPG error: https://packages.cloud.google.com/apt kubernetes-xenial InRelease: The following signatures couldn't be verified because the public key is not available: NO_PUBKEY B53DC80D13EDEF05",
      'this host does not have the key B53DC80D13EDEF05 that signed https://packages.cloud.google.com/apt (NO_PUBKEY)',
    ],
    ["E: The repository 'https://x ./ Release' is not signed.", "the repository 'https://x ./ Release' is not signed"],
    ['Package kubelet-1.36.1.x86_64.rpm is not signed', 'the package kubelet-1.36.1.x86_64.rpm is not signed'],
    [
      'All matches were filtered out by exclude filtering for argument: kubelet\nError: Unable to find a match: kubelet',
      'kubelet is excluded by the configuration of the repository (exclude=…)',
    ],
    [
      'Error: \n Problem: cannot install both kubelet-1.19.0-0.x86_64 and kubelet-1.18.4-0.x86_64\n',
      'cannot install both kubelet-1.19.0-0.x86_64 and kubelet-1.18.4-0.x86_64: the repository holds builds that conflict with the one installed',
    ],
    [
      'Error: cannot install both kubelet-1.19.0-0.x86_64 from kubernetes and kubelet-1.18.4-0.x86_64 from @System',
      'cannot install both kubelet-1.19.0-0.x86_64 and kubelet-1.18.4-0.x86_64: the repository holds builds that conflict with the one installed',
    ],
    ['E: Unable to locate package kubelt', 'no repository of this host knows the package kubelt'],
    ['No package kubelt available.', 'no repository of this host knows the package kubelt'],
    ["E: Version '9' for 'kubelet' was not found", 'no repository has kubelet in version 9'],
    [
      'Err:3 https://apt.kubernetes.io kubernetes-xenial InRelease\n  404  Not Found [IP: 1.2.3.4 443]',
      'not found on the mirror (404): https://apt.kubernetes.io',
    ],
    [
      ' - Status code: 404 for https://packages.cloud.google.com/yum/repos/x/repodata/repomd.xml (IP: 1.2.3.4)',
      'not found on the mirror (404): https://packages.cloud.google.com/yum/repos/x/repodata/repomd.xml',
    ],
    [
      "W: Failed to fetch http://deb.debian.org/x  Temporary failure resolving 'deb.debian.org'",
      'the name deb.debian.org cannot be resolved',
    ],
    [
      'Err: Could not connect to 10.0.0.1:80 (10.0.0.1). - connect (111: Connection refused)',
      'the mirror 10.0.0.1:80 does not answer',
    ],
    [
      "Error: Failed to download metadata for repo 'kubernetes': Cannot download repomd.xml",
      'downloading failed: no metadata of kubernetes',
    ],
    [
      'The following packages have unmet dependencies:\n kubelet : Depends: kubernetes-cni (>= 1.2)\nE: Unable to correct problems, you have held broken packages.',
      'dependencies cannot be met: kubelet : Depends: kubernetes-cni (>= 1.2)',
    ],
    [
      '  - nothing provides conntrack needed by kubelet-1.36.1.x86_64',
      'dependencies cannot be met: nothing provides conntrack needed by kubelet-1.36.1.x86_64',
    ],
    [
      'dpkg: error processing package x (--configure):\n installed x package post-installation script subprocess returned error exit status 1',
      'dpkg could not finish x: installed x package post-installation script subprocess returned error exit status 1',
    ],
    [
      'Error: This command has to be run with superuser privileges (under the root user on most systems).',
      'package management needs root',
    ],
  ])('%s', (text, message) => expect(explainPackages(text, 60)?.message).toBe(message));

  test('the remedies that the notes ask for', () => {
    expect(
      explainPackages('cannot install both kubelet-1.19.0-0.x86_64 and kubelet-1.18.4-0.x86_64')?.remedy,
    ).toContain('exclude=kubelet-1.18.4-0');
    expect(explainPackages('https://packages.cloud.google.com/apt NO_PUBKEY B53DC80D13EDEF05')?.remedy).toContain(
      'pkgs.k8s.io',
    );
    expect(explainPackages('filtered out by exclude filtering for argument: kubelet')?.remedy).toContain(
      '--setopt=disable_excludes=kubernetes',
    );
  });

  test('what is not known is not explained', () => expect(explainPackages('all is well')).toBeUndefined());
});
