import { userInfo } from 'node:os';
import { file } from '../../src/modules/file.ts';
import { testModule, testOnShells } from '../support/test-module.ts';

const me = userInfo();

testModule(file, [
  { name: 'src without a link', args: { path: '/a', src: '/b', state: 'file' }, invalid: 'src option requires' },
  {
    name: 'recurse without a directory',
    args: { path: '/a', state: 'file', recurse: true },
    invalid: 'recurse option',
  },
  {
    name: 'a time that is none',
    args: { path: '/a', state: 'touch', access_time: '20231301', access_time_format: '%Y%m%d' },
    invalid: 'Error while obtaining timestamp',
  },
  { name: 'an SELinux type is refused', args: { path: '/a', setype: 'etc_t' }, invalid: 'setype is not supported' },
  { name: 'attributes are refused', args: { path: '/a', attributes: '+i' }, invalid: 'attributes is not supported' },
  {
    name: 'touches src and owner too',
    args: { path: '/a', src: '/b', state: 'link', owner: 'x' },
    touches: ['file:/a', 'file:/b', 'user:x'],
  },
]);

testOnShells(file, [
  {
    name: 'makes directories with a mode',
    args: { path: '{root}/a/b/c', state: 'directory', mode: '0750' },
    after: {
      a: { directory: true, mode: '0750' },
      'a/b': { directory: true, mode: '0750' },
      'a/b/c': { directory: true, mode: '0750' },
    },
    changes: ['make directory {root}/a/b/c'],
    result: { path: '{root}/a/b/c', mode: '0750', state: 'directory' },
  },
  {
    name: 'a directory made without a mode has 0755',
    args: { path: '~/a/', state: 'directory' },
    after: { a: { directory: true, mode: '0755' } },
  },
  {
    name: 'a directory that is there',
    args: { path: '{root}/a', state: 'directory' },
    files: { a: { directory: true } },
    changes: [],
  },
  {
    name: 'a file where a directory should be',
    args: { path: '{root}/a', state: 'directory' },
    files: { a: 'x' },
    refused: '{root}/a already exists as a file',
  },
  {
    name: 'a directory behind a link',
    args: { path: '{root}/l', state: 'directory', mode: '0700' },
    files: { d: { directory: true }, l: { link: 'd' } },
    after: { d: { directory: true, mode: '0700' } },
  },
  {
    name: 'a link is not a directory without follow',
    args: { path: '{root}/l', state: 'directory', follow: false },
    files: { d: { directory: true }, l: { link: 'd' } },
    refused: 'already exists as a link',
  },
  {
    name: 'mode of a file',
    args: { path: '{root}/f', mode: 'u=rwX,g=rX,o=' },
    files: { f: 'x' },
    after: { f: { mode: '0640' } },
    changes: ['set mode 0640 of {root}/f'],
    result: { mode: '0640', state: 'file', size: 1 },
  },
  {
    name: 'mode and owner that are so',
    args: { path: '{root}/f', mode: '644', owner: me.username, group: String(me.gid) },
    files: { f: 'x' },
    changes: [],
  },
  {
    name: 'state file makes nothing',
    args: { path: '{root}/f', state: 'file' },
    refused: 'file ({root}/f) is absent, cannot continue',
  },
  {
    name: 'touch makes a file',
    args: { path: '{root}/f', state: 'touch', mode: '0600', modification_time: 'preserve', access_time: 'preserve' },
    after: { f: { content: '', mode: '0600' } },
    changes: ['make empty file {root}/f'],
    result: { dest: '{root}/f', state: 'file' },
  },
  {
    name: 'touch sets times each time',
    args: { path: '{root}/f', state: 'touch' },
    files: { f: 'x' },
    changes: ['set the times of {root}/f'],
    always: true,
  },
  {
    name: 'touch to a given time once',
    args: {
      path: '{root}/f',
      state: 'touch',
      modification_time: '2020-01-02 15:30',
      modification_time_format: '%Y-%m-%d %H:%M',
      access_time: 'preserve',
    },
    files: { f: 'x' },
    changes: ['set the times of {root}/f'],
  },
  {
    name: 'touch that preserves',
    args: { path: '{root}/f', state: 'touch', modification_time: 'preserve', access_time: 'preserve' },
    files: { f: 'x' },
    changes: [],
  },
  {
    name: 'absent: a file comes back',
    args: { path: '{root}/f', state: 'absent' },
    files: { f: { content: 'x\n', mode: '0640' } },
    after: { f: null },
    changes: ['remove {root}/f'],
    result: { path: '{root}/f', state: 'absent' },
  },
  { name: 'absent: nothing there', args: { path: '{root}/f', state: 'absent' }, changes: [] },
  {
    name: 'absent: a link, not what it points to',
    args: { path: '{root}/l', state: 'absent' },
    files: { d: { directory: true }, 'd/f': 'x', l: { link: 'd' } },
    after: { l: null },
  },
  {
    name: 'absent: a dangling link',
    args: { path: '{root}/l', state: 'absent' },
    files: { l: { link: 'none' } },
    after: { l: null },
  },
  {
    name: 'absent: a tree',
    args: { path: '{root}/-d', state: 'absent' },
    files: { '-d/e/f': 'x', g: 'y' },
    after: { '-d': null, '-d/e': null, '-d/e/f': null },
    changes: ['remove directory {root}/-d'],
    noUndo: true,
  },
  {
    name: 'absent: an empty directory comes back',
    args: { path: '{root}/d', state: 'absent' },
    files: { d: { directory: true, mode: '0711' } },
    after: { d: null },
  },
  {
    name: 'absent: a name with blanks, quotes and a newline',
    args: { path: "{root}/it's a\n$(x) name", state: 'absent' },
    files: { "it's a\n$(x) name": 'x' },
    after: { "it's a\n$(x) name": null },
  },
  {
    name: 'link',
    args: { src: '{root}/f', dest: '{root}/l', state: 'link' },
    files: { f: 'x' },
    after: { l: { link: '{root}/f' } },
    changes: ['link {root}/l to {root}/f'],
    result: { dest: '{root}/l', src: '{root}/f', state: 'link' },
  },
  {
    name: 'a relative link, seen from its own directory',
    args: { src: '../f', dest: '{root}/d/l', state: 'link' },
    files: { f: 'x', d: { directory: true } },
    after: { 'd/l': { link: '../f' } },
  },
  {
    name: 'a link to elsewhere is turned',
    args: { src: 'd2', dest: '{root}/l', state: 'link' },
    files: { 'd1/a': '', 'd2/b': '', l: { link: 'd1' } },
    after: { l: { link: 'd2' } },
  },
  {
    name: 'a link that is so',
    args: { src: 'd1', dest: '{root}/l', state: 'link' },
    files: { 'd1/a': '', l: { link: 'd1' } },
    changes: [],
  },
  {
    name: 'a link to nothing needs force',
    args: { src: 'none', dest: '{root}/l', state: 'link' },
    refused: 'src file does not exist',
  },
  {
    name: 'a forced link to nothing',
    args: { src: 'none', dest: '{root}/l', state: 'link', force: true, mode: '0600' },
    after: { l: { link: 'none' } },
  },
  {
    name: 'a file in the way of a link',
    args: { src: 'f', dest: '{root}/l', state: 'link' },
    files: { f: 'x', l: 'y' },
    refused: 'refusing to convert from file to symlink for {root}/l',
  },
  {
    name: 'a file in the way of a forced link',
    args: { src: 'f', dest: '{root}/l', state: 'link', force: true },
    files: { f: 'x', l: 'y' },
    after: { l: { link: 'f' } },
  },
  {
    name: 'an empty directory in the way of a forced link',
    args: { src: '{root}/f', dest: '{root}/l', state: 'link', force: true },
    files: { f: 'x', l: { directory: true } },
    after: { l: { link: '{root}/f' } },
  },
  {
    name: 'a full directory in the way of a forced link',
    args: { src: '{root}/f', dest: '{root}/l', state: 'link', force: true },
    files: { f: 'x', 'l/a': '' },
    refused: 'is not empty, refusing to convert it',
  },
  {
    name: 'the mode goes to what the new link stands for',
    args: { src: 'f', dest: '{root}/l', state: 'link', mode: '0600' },
    files: { f: 'x' },
    after: { l: { link: 'f' }, f: { mode: '0600' } },
  },
  {
    name: 'hard link',
    args: { src: '{root}/f', dest: '{root}/h', state: 'hard' },
    files: { f: 'x' },
    after: { h: 'x' },
  },
  {
    name: 'hard link without its source',
    args: { src: '{root}/f', dest: '{root}/h', state: 'hard' },
    refused: 'src does not exist',
  },
  {
    name: 'hard link over another file',
    args: { src: '{root}/f', dest: '{root}/h', state: 'hard' },
    files: { f: 'x', h: 'y' },
    refused: 'Cannot link, file exists at destination',
  },
  {
    name: 'forced hard link over another file',
    args: { src: '{root}/f', dest: '{root}/h', state: 'hard', force: true },
    files: { f: 'x', h: 'y' },
    after: { h: 'x' },
  },
  {
    name: 'recurse',
    args: { path: '{root}/d', recurse: true, mode: 'u=rwX,go=rX' },
    files: {
      d: { directory: true, mode: '0700' },
      'd/a': { content: '', mode: '0600' },
      'd/b c': { content: '', mode: '0700' },
      "d/e/f'g": '',
      'd/l': { link: '/etc/passwd' },
    },
    after: { d: { directory: true, mode: '0755' }, 'd/a': { mode: '0644' }, 'd/b c': { mode: '0755' } },
    changes: ['set mode 0755 of {root}/d', 'set ownership and mode of 2 of 5 entries below {root}/d'],
  },
  {
    name: 'recurse where all is so',
    args: { path: '{root}/d', state: 'directory', recurse: true, mode: 'a+rX', owner: me.username },
    files: { d: { directory: true, mode: '0755' }, 'd/a': '' },
    changes: [],
  },
]);
