import { userInfo } from 'node:os';
import { copy } from '../../src/modules/copy.ts';
import { localDirectory, localFile } from '../support/local-file.ts';
import { testModule, testOnShells } from '../support/test-module.ts';

const conf = localFile('/here/files/app.conf', 'a = 1\n', 0o600);
const tree = (path: string) =>
  localDirectory(path, [
    localFile('/here/tree/one', '1\n'),
    localDirectory('/here/tree/sub dir', [localFile('/here/tree/sub dir/two', '2\n', 0o755)]),
    localDirectory('/here/tree/empty', []),
  ]);
const me = userInfo();

testModule(copy, [
  { name: 'src and content', args: { src: conf, content: 'x', dest: '/a' }, invalid: 'mutually exclusive' },
  { name: 'neither src nor content', args: { dest: '/a' }, invalid: 'src (or content) is required' },
  {
    name: 'validate without %s',
    args: { src: conf, dest: '/a', validate: 'true' },
    invalid: 'validate must contain %s',
  },
  { name: 'content into a directory', args: { content: 'x', dest: '/a/' }, invalid: 'can not use content with a dir' },
  { name: 'a newline in a name', args: { src: localFile('/x/a\nb', ''), dest: '/a/' }, invalid: 'newline' },
  {
    name: 'touches the remote source',
    args: { src: '/s', dest: '/d', remote_src: true },
    touches: ['file:/d', 'file:/s'],
  },
]);

testOnShells(copy, [
  {
    name: 'a new file',
    args: { src: conf, dest: '{root}/app.conf', mode: '0640' },
    after: { 'app.conf': { content: 'a = 1\n', mode: '0640' } },
    changes: ['write {root}/app.conf'],
    result: {
      src: '/here/files/app.conf',
      dest: '{root}/app.conf',
      checksum: conf.content?.sha1,
      mode: '0640',
      size: 6,
    },
  },
  {
    name: 'a new file without a mode has 0644',
    args: { src: conf, dest: '{root}/app.conf' },
    after: { 'app.conf': { content: 'a = 1\n', mode: '0644' } },
  },
  {
    name: 'mode preserve',
    args: { src: conf, dest: '{root}/app.conf', mode: 'preserve' },
    after: { 'app.conf': { content: 'a = 1\n', mode: '0600' } },
  },
  {
    name: 'the same content, only the mode',
    args: { src: conf, dest: '{root}/app.conf', mode: 'g+w' },
    files: { 'app.conf': 'a = 1\n' },
    after: { 'app.conf': { mode: '0664' } },
    changes: ['set mode 0664 of {root}/app.conf'],
  },
  {
    name: 'the same content and owner',
    args: { src: conf, dest: '{root}/app.conf', owner: me.username, group: String(me.gid) },
    files: { 'app.conf': 'a = 1\n' },
    changes: [],
  },
  {
    name: 'other content keeps the mode, with a backup',
    args: { src: conf, dest: '{root}/app.conf', backup: true },
    files: { 'app.conf': { content: 'old', mode: '0604' } },
    after: { 'app.conf': 'a = 1\n', 'app.conf~': 'old' },
    changes: [{ summary: 'replace {root}/app.conf', diff: { before: 'old', after: 'a = 1\n' } }],
  },
  {
    name: 'into a directory that is there',
    args: { src: conf, dest: '{root}/etc' },
    files: { etc: { directory: true } },
    after: { 'etc/app.conf': 'a = 1\n' },
  },
  {
    name: 'into a directory that is missing',
    args: { src: conf, dest: '{root}/new/etc/', directory_mode: '0700' },
    after: { 'new/etc': { directory: true, mode: '0700' }, 'new/etc/app.conf': 'a = 1\n' },
    changes: ['make directory {root}/new/etc', 'write {root}/new/etc/app.conf'],
  },
  {
    name: 'a parent is missing',
    args: { src: conf, dest: '{root}/no/app.conf' },
    refused: 'Destination directory {root}/no does not exist',
  },
  { name: 'a tilde', args: { src: conf, dest: '~/.kube' }, after: { '.kube': 'a = 1\n' } },
  {
    name: 'force: no leaves it',
    args: { src: conf, dest: '{root}/app.conf', force: false },
    files: { 'app.conf': 'mine' },
    changes: [],
  },
  {
    name: 'a link is replaced',
    args: { src: conf, dest: '{root}/l' },
    files: { f: 'a = 1\n', l: { link: 'f' } },
    after: { l: 'a = 1\n' },
  },
  {
    name: 'a link is followed',
    args: { src: conf, dest: '{root}/l', follow: true },
    files: { f: 'old', l: { link: 'f' } },
    after: { f: 'a = 1\n' },
  },
  { name: 'content', args: { content: 'x\n', dest: '{root}/x y' }, after: { 'x y': 'x\n' } },
  { name: 'empty content', args: { content: '', dest: '{root}/e' }, after: { e: '' } },
  {
    name: 'a mapping is JSON as Python writes it',
    args: { content: { a: [1, 'ü'], b: null, c: true }, dest: '{root}/j' },
    after: { j: '{"a": [1, "\\u00fc"], "b": null, "c": true}' },
  },
  {
    name: 'content onto a directory',
    args: { content: 'x', dest: '{root}/d' },
    files: { d: { directory: true } },
    refused: 'can not use content with a dir as dest',
  },
  {
    name: 'bytes',
    args: { src: localFile('/b', Buffer.from([0, 255, 10, 0])), dest: '{root}/b' },
    files: { b: Buffer.from([0, 1]) },
    after: { b: Buffer.from([0, 255, 10, 0]) },
  },
  {
    name: 'a checksum that is wrong',
    args: { src: conf, dest: '{root}/a', checksum: 'abc' },
    refused: 'does not match the expected checksum',
  },
  {
    name: 'validate that refuses',
    args: { src: conf, dest: '{root}/a', validate: 'grep -q nothing %s' },
    files: { a: 'old' },
    after: {},
    fails: 'validate',
  },
  {
    name: 'validate that is content',
    args: { src: conf, dest: '{root}/a', validate: 'grep -q a %s' },
    files: { a: 'old' },
    after: { a: 'a = 1\n' },
  },
  {
    name: 'a directory',
    args: { src: tree('/here/tree'), dest: '{root}/t' },
    files: { t: { directory: true } },
    after: {
      't/tree': { directory: true, mode: '0755' },
      't/tree/one': '1\n',
      't/tree/sub dir': { directory: true },
      't/tree/sub dir/two': { content: '2\n', mode: '0644' },
      't/tree/empty': { directory: true },
    },
  },
  {
    name: 'entries of a directory, with modes',
    args: { src: tree('/here/tree/'), dest: '{root}/t', mode: 'preserve', directory_mode: '0711' },
    files: { 't/one': { content: '1\n', mode: '0600' }, 't/other': 'x' },
    after: {
      t: { directory: true, mode: '0711' },
      't/one': { content: '1\n', mode: '0644' },
      't/sub dir': { directory: true, mode: '0711' },
      't/sub dir/two': { content: '2\n', mode: '0755' },
      't/empty': { directory: true, mode: '0711' },
    },
  },
  {
    name: 'a directory in the way of a file',
    args: { src: tree('/here/tree/'), dest: '{root}/t' },
    files: { 't/one/x': '' },
    refused: '{root}/t/one is a directory',
  },
  {
    name: 'remote_src: a new file',
    args: { src: '{root}/admin.conf', dest: '{root}/.kube/config', remote_src: true },
    files: { 'admin.conf': { content: 'k', mode: '0600' }, '.kube': { directory: true } },
    after: { '.kube/config': { content: 'k', mode: '0644' } },
    changes: ['copy {root}/admin.conf to {root}/.kube/config'],
  },
  {
    name: 'remote_src: keeps the mode of what is there, with a backup',
    args: { src: '{root}/a', dest: '{root}/d/', remote_src: true, backup: true },
    files: { a: 'new', 'd/a': { content: 'old', mode: '0640' } },
    after: { 'd/a': 'new', 'd/a~': 'old' },
    noUndo: true,
  },
  {
    name: 'remote_src: undone',
    args: { src: '{root}/a', dest: '{root}/b', remote_src: true, mode: 'preserve' },
    files: { a: { content: 'new', mode: '0700' }, b: 'old' },
    after: { b: { content: 'new', mode: '0700' } },
  },
  {
    name: 'remote_src: the same',
    args: { src: '{root}/a', dest: '{root}/b', remote_src: true },
    files: { a: 'x', b: 'x' },
    changes: [],
  },
  {
    name: 'remote_src: missing',
    args: { src: '{root}/a', dest: '{root}/b', remote_src: true },
    refused: 'Source {root}/a not found',
  },
  {
    name: 'remote_src: validate refuses',
    args: { src: '{root}/a', dest: '{root}/b', remote_src: true, validate: 'false %s' },
    files: { a: 'x' },
    fails: 'failed to validate',
  },
  {
    name: 'remote_src: a directory',
    args: { src: '{root}/s', dest: '{root}/t', remote_src: true },
    files: { 's/a b': 'x', 's/d/e': { content: 'y', mode: '0755' }, 's/l': { link: 'a b' }, 't/s/a b': 'old' },
    after: {
      't/s/a b': 'x',
      't/s/d': { directory: true },
      't/s/d/e': { content: 'y', mode: '0755' },
      't/s/l': { link: 'a b' },
    },
    noUndo: true,
  },
  {
    name: 'remote_src: entries of a directory',
    args: { src: '{root}/s/', dest: '{root}/t', remote_src: true },
    files: { 's/a': 'x' },
    after: { t: { directory: true }, 't/a': 'x' },
    noUndo: true,
  },
]);
