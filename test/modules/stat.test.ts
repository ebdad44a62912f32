import { createHash } from 'node:crypto';
import { userInfo } from 'node:os';
import { expect } from '@jest/globals';
import { stat } from '../../src/modules/stat.ts';
import { testModule, testOnShells } from '../support/test-module.ts';

const digest = (algorithm: string, text: string) => createHash(algorithm).update(text).digest('hex');
const me = userInfo();

testModule(stat, [
  {
    name: 'only reads what was asked for',
    args: { path: '/a', get_checksum: false, get_mime: false, get_attributes: false },
    reads: [/^(?![\s\S]*(?:sha1sum|lsattr|file --brief))/],
  },
  {
    name: 'a directory above is closed',
    args: { path: '/a/b' },
    host: '/a/b\x001\x00\x000\x00\x00\x00\x00\x00\x00\x00',
    refused: 'may not be entered',
  },
  { name: 'an algorithm that is none', args: { path: '/a', checksum_algorithm: 'crc' }, invalid: 'is not one of' },
]);

testOnShells(stat, [
  {
    name: 'a file',
    args: { path: '{root}/f', get_attributes: false },
    files: { f: { content: 'hello\n', mode: '4755' } },
    changes: [],
    result: {
      stat: expect.objectContaining({
        exists: true,
        path: '{root}/f',
        mode: '04755',
        isreg: true,
        isdir: false,
        islnk: false,
        isuid: true,
        xoth: true,
        woth: false,
        size: 6,
        uid: me.uid,
        gid: me.gid,
        pw_name: me.username,
        nlink: 1,
        readable: true,
        checksum: digest('sha1', 'hello\n'),
      }),
    },
  },
  {
    name: 'another checksum',
    args: { path: '{root}/f', checksum: 'sha256' },
    files: { f: '' },
    result: { stat: expect.objectContaining({ checksum: digest('sha256', ''), size: 0 }) },
  },
  { name: 'nothing', args: { path: '{root}/none' }, result: { stat: { exists: false } } },
  {
    name: 'a directory',
    args: { dest: '{root}' },
    result: { stat: expect.objectContaining({ isdir: true, isreg: false, executable: true }) },
  },
  {
    name: 'a link',
    args: { path: '{root}/l' },
    files: { f: 'x', l: { link: 'f' } },
    result: { stat: expect.objectContaining({ islnk: true, isreg: false, lnk_target: 'f', lnk_source: '{root}/f' }) },
  },
  {
    name: 'a link that is followed',
    args: { path: '{root}/l', follow: true },
    files: { f: 'x', l: { link: 'f' } },
    result: { stat: expect.objectContaining({ islnk: false, isreg: true, size: 1 }) },
  },
  {
    name: 'a dangling link',
    args: { path: '{root}/l' },
    files: { l: { link: 'none' } },
    result: { stat: expect.objectContaining({ exists: true, islnk: true }) },
  },
  {
    name: 'a tilde and a name with blanks',
    args: { path: "~/a 'b'" },
    files: { "a 'b'": 'x' },
    result: { stat: expect.objectContaining({ path: "{root}/a 'b'" }) },
  },
]);
