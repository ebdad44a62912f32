import { expect } from '@jest/globals';
import { aptRepository } from '../../src/modules/apt-repository.ts';
import { deb822Repository } from '../../src/modules/deb822-repository.ts';
import { dpkgSelections } from '../../src/modules/dpkg-selections.ts';
import { rpmKey } from '../../src/modules/rpm-key.ts';
import { yumRepository } from '../../src/modules/yum-repository.ts';
import { testModule, testOnShells } from '../support/test-module.ts';
import { file, printed } from './printed.ts';

const kubernetes = {
  name: 'kubernetes',
  description: 'Kubernetes',
  baseurl: ['https://pkgs.k8s.io/core:/stable:/v1.36/rpm/'],
  enabled: true,
  gpgcheck: true,
  gpgkey: 'https://a/key, https://b/key',
  exclude: 'kubelet, kubeadm',
};
const SECTION =
  '[kubernetes]\nbaseurl = https://pkgs.k8s.io/core:/stable:/v1.36/rpm/\nenabled = 1\nexclude = kubelet kubeadm\ngpgcheck = 1\ngpgkey = https://a/key\n\thttps://b/key\nname = Kubernetes\n';

testOnShells(yumRepository, [
  { name: 'a new file', args: { ...kubernetes, reposdir: '{root}' }, after: { 'kubernetes.repo': SECTION } },
  {
    name: 'other sections stay byte for byte',
    args: { ...kubernetes, reposdir: '{root}', file: 'all' },
    files: { 'all.repo': '# top\n[a]\n;x\nname=A \n\n[kubernetes]\nname=old\n\n[b]\nname: B' },
    after: { 'all.repo': `# top\n[a]\n;x\nname=A \n\n${SECTION}\n[b]\nname: B\n` },
  },
  {
    name: 'written otherwise, the same: nothing to do',
    args: { ...kubernetes, reposdir: '{root}' },
    files: {
      'kubernetes.repo':
        '[kubernetes]\nname=Kubernetes\nbaseurl=https://pkgs.k8s.io/core:/stable:/v1.36/rpm/\n# c\nenabled=1\ngpgcheck=1\nexclude=kubelet kubeadm\ngpgkey=https://a/key\n       https://b/key\n',
    },
    changes: [],
  },
  {
    name: 'removed with its file',
    args: { name: 'kubernetes', state: 'absent', reposdir: '{root}' },
    files: { 'kubernetes.repo': SECTION },
    after: { 'kubernetes.repo': null },
  },
  {
    name: 'removed from among others',
    args: { name: 'kubernetes', state: 'absent', reposdir: '{root}' },
    files: { 'kubernetes.repo': `[a]\nname=A\n\n${SECTION}` },
    after: { 'kubernetes.repo': '[a]\nname=A\n' },
  },
  {
    name: 'the mode is set',
    args: { ...kubernetes, reposdir: '{root}', mode: '0600' },
    files: { 'kubernetes.repo': SECTION },
    changes: ['set the mode of {root}/kubernetes.repo to 0600'],
    after: { 'kubernetes.repo': { content: SECTION, mode: '0600' } },
  },
  { name: 'no directory', args: { ...kubernetes, reposdir: '{root}/none' }, refused: 'does not exist' },
]);
testModule(yumRepository, [
  {
    name: 'an address is needed',
    args: { name: 'a', description: 'A' },
    invalid: "'baseurl', 'metalink' or 'mirrorlist' is required",
  },
  { name: 'a description is needed', args: { name: 'a', baseurl: 'x' }, invalid: "'description' is required" },
  {
    name: 'a password shows no diff',
    args: { ...kubernetes, password: 'secret' },
    host: printed({ directory: 'yes' }),
    changes: [expect.not.objectContaining({ diff: expect.anything() }) as never],
  },
]);

const line = 'deb [signed-by=/etc/apt/keyrings/k.gpg] https://pkgs.k8s.io/core:/stable:/v1.36/deb/ /';
const OTHER = '/etc/apt/sources.list.d/other.list';
testModule(aptRepository, [
  {
    name: 'a file named after the address, then the lists',
    args: { repo: line },
    host: printed({ apt: 'yes' }),
    changes: [
      { path: '/etc/apt/sources.list.d/pkgs_k8s_io_core_stable_v1_36_deb.list', content: `${line}\n`, mode: '0644' },
      'update the package lists',
    ],
  },
  {
    name: 'filename',
    args: { repo: line, filename: 'kubernetes', update_cache: false, mode: '0640' },
    host: printed({ apt: 'yes' }),
    changes: [{ path: '/etc/apt/sources.list.d/kubernetes.list', mode: '0640' }],
  },
  {
    name: 'the same line in another file will do',
    args: { repo: line },
    host: printed({ apt: 'yes', path1: OTHER, file1: file(`# x\n${line.replaceAll(' ', '  ')} # ours\n`) }),
    changes: [],
  },
  {
    name: 'a line that is commented out comes back',
    args: { repo: line, update_cache: false },
    host: printed({ apt: 'yes', path1: OTHER, file1: file(`# about\n# ${line}\n`) }),
    changes: [{ path: OTHER, content: `# about\n${line}\n` }],
  },
  {
    name: 'removed wherever it is; an empty file goes',
    args: { repo: line, state: 'absent', update_cache: false },
    host: printed({
      apt: 'yes',
      path1: OTHER,
      file1: file(`${line}\n`),
      path2: '/etc/apt/sources.list',
      file2: file(`deb http://x y\n${line}\n`),
    }),
    changes: [{ kind: 'run' }, { path: '/etc/apt/sources.list', content: 'deb http://x y\n' }],
  },
  {
    name: 'a failed update takes the line back',
    args: { repo: line },
    host: printed({ apt: 'yes' }),
    changes: [{ kind: 'put' }, { script: expect.stringContaining('rm -f -- /etc/apt/sources.list.d/pkgs') }],
  },
  { name: 'PPAs', args: { repo: 'ppa:a/b' }, invalid: 'PPAs are not supported' },
  { name: 'no line', args: { repo: 'https://x' }, invalid: 'Invalid repository string' },
  { name: 'no apt', args: { repo: line }, host: '', refused: 'this host has no apt' },
]);

testModule(dpkgSelections, [
  {
    name: 'held already',
    args: { name: 'kubelet', selection: 'hold' },
    host: printed({ dpkg: 'yes', selection: 'kubelet\t\t\thold' }),
    changes: [],
  },
  {
    name: 'to be held',
    args: { name: 'kubelet', selection: 'hold' },
    host: printed({ dpkg: 'yes', selection: 'kubelet\t\t\tinstall' }),
    changes: [{ summary: 'mark kubelet as hold', undo: { summary: 'mark kubelet as install' } }],
    result: { before: 'install', after: 'hold' },
  },
  {
    name: 'not installed',
    args: { name: 'kubelet', selection: 'hold' },
    host: printed({ dpkg: 'yes' }),
    refused: "Failed to find package 'kubelet'",
  },
  { name: 'no dpkg', args: { name: 'kubelet', selection: 'hold' }, host: '', refused: 'no dpkg' },
]);

testModule(rpmKey, [
  {
    name: 'imported already',
    args: { key: '/k' },
    host: printed({ rpm: 'yes', file: 'yes', imported: ['8D79E6AA', 'deadb33f'], wanted: '1234567890DEADB33F' }),
    changes: [],
  },
  {
    name: 'imported',
    args: { key: '/k' },
    host: printed({ rpm: 'yes', file: 'yes', wanted: '1234567890DEADB33F' }),
    changes: [{ summary: 'import the key /k', undo: { summary: 'erase the keys deadb33f' } }],
  },
  {
    name: 'erased',
    args: { key: 'DEADB33F', state: 'absent' },
    host: printed({ rpm: 'yes', imported: 'deadb33f' }),
    changes: ['erase the key deadb33f'],
  },
  { name: 'no such file', args: { key: '/k' }, host: printed({ rpm: 'yes' }), refused: 'Not a valid key /k' },
  { name: 'certificates', args: { key: 'https://x', validate_certs: false }, invalid: 'is not supported' },
]);

const sources = {
  name: 'My Kubernetes',
  uris: 'https://pkgs.k8s.io/core:/stable:/v1.36/deb/',
  suites: '/',
  signed_by: '/etc/apt/keyrings/k.asc',
  enabled: true,
};
const TEXT =
  'Enabled: yes\nSigned-By: /etc/apt/keyrings/k.asc\nSuites: /\nTypes: deb\nURIs: https://pkgs.k8s.io/core:/stable:/v1.36/deb/\nX-Repolib-Name: My Kubernetes\n';
testModule(deb822Repository, [
  {
    name: 'a file of fields',
    args: sources,
    host: printed({ apt: 'yes' }),
    changes: [{ path: '/etc/apt/sources.list.d/my-kubernetes.sources', content: TEXT, mode: '0644' }],
    result: { repo: TEXT },
  },
  {
    name: 'already so',
    args: sources,
    host: printed({ apt: 'yes', file: file(TEXT), attributes: '644 root root 0 0' }),
    changes: [],
  },
  {
    name: 'another mode',
    args: sources,
    host: printed({ apt: 'yes', file: file(TEXT), attributes: '600 root root 0 0' }),
    changes: ['set the mode of /etc/apt/sources.list.d/my-kubernetes.sources to 0644'],
  },
  {
    name: 'a key within',
    args: { ...sources, signed_by: '-----BEGIN\n\nabc\n-----END\n' },
    host: printed({ apt: 'yes' }),
    changes: [{ content: TEXT.replace(' /etc/apt/keyrings/k.asc', ' \n -----BEGIN\n .\n abc\n -----END') }],
  },
  {
    name: 'removed',
    args: { name: 'My Kubernetes', state: 'absent' },
    host: printed({ apt: 'yes', file: file(TEXT) }),
    changes: ['remove /etc/apt/sources.list.d/my-kubernetes.sources'],
  },
  {
    name: 'addresses of keys',
    args: { ...sources, signed_by: 'https://x/key' },
    invalid: 'fetch the key with get_url',
  },
  { name: 'what it needs', args: { name: 'x' }, invalid: 'uris and suites are needed' },
]);
