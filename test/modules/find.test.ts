import { createHash } from 'node:crypto';
import { expect } from '@jest/globals';
import { find } from '../../src/modules/find.ts';
import { testModule, testOnShells } from '../support/test-module.ts';

const files = {
  'd/a.log': 'one\ntwo\n',
  'd/b.log': { content: 'x'.repeat(5000), mode: '0600' },
  "d/it's c.txt": 'three\n',
  'd/.hidden': 'h',
  'd/sub/deep.log': 'two\n',
  'd/sub/more/deeper.log': '',
  'd/link': { link: 'a.log' },
};
const paths = (...names: string[]) => ({
  files: names.map((name) => expect.objectContaining({ path: `{root}/d/${name}` })),
  matched: names.length,
});

testModule(find, [
  { name: 'an age that is none', args: { paths: '/a', age: '2y' }, invalid: 'failed to process age' },
  { name: 'a size that is none', args: { paths: '/a', size: 'big' }, invalid: 'failed to process size' },
  { name: 'a pattern that is none', args: { paths: '/a', patterns: '(', use_regex: true }, invalid: 'patterns: ' },
  { name: 'touches every path', args: { paths: '/a,/b' }, touches: ['file:/a', 'file:/b'] },
]);

testOnShells(find, [
  {
    name: 'files of one directory',
    args: { paths: '{root}/d' },
    files,
    changes: [],
    result: { ...paths('a.log', 'b.log', "it's c.txt"), examined: 6, msg: 'All paths examined' },
  },
  {
    name: 'by pattern, all levels',
    args: { paths: '{root}/d/', patterns: '*.log', recurse: true },
    files,
    result: paths('a.log', 'b.log', 'sub/deep.log', 'sub/more/deeper.log'),
  },
  {
    name: 'with a depth and an exclusion',
    args: { paths: '{root}/d', patterns: ['*.log', '*.txt'], excludes: 'a*', recurse: true, depth: 2 },
    files,
    result: paths('b.log', "it's c.txt", 'sub/deep.log'),
  },
  {
    name: 'by regex',
    args: { paths: '{root}/d', patterns: ['[ab]\\.log$'], use_regex: true },
    files,
    result: paths('a.log', 'b.log'),
  },
  { name: 'hidden ones', args: { paths: '{root}/d', hidden: true, patterns: '.*' }, files, result: paths('.hidden') },
  {
    name: 'directories',
    args: { paths: '{root}/d', file_type: 'directory', recurse: true },
    files,
    result: paths('sub', 'sub/more'),
  },
  { name: 'links', args: { paths: '{root}/d', file_type: 'link' }, files, result: paths('link') },
  {
    name: 'any',
    args: { paths: '{root}/d', file_type: 'any' },
    files,
    result: paths('a.log', 'b.log', "it's c.txt", 'link', 'sub'),
  },
  { name: 'at least so large', args: { paths: '{root}/d', size: '4k' }, files, result: paths('b.log') },
  { name: 'at most so large', args: { paths: '{root}/d', size: '-7' }, files, result: paths("it's c.txt") },
  { name: 'older than a day', args: { paths: '{root}/d', age: '1d' }, files, result: { matched: 0 } },
  {
    name: 'at most a day old',
    args: { paths: '{root}/d', age: '-1d', limit: 2 },
    files,
    result: paths('a.log', 'b.log'),
  },
  { name: 'by mode', args: { paths: '{root}/d', mode: '0600' }, files, result: paths('b.log') },
  {
    name: 'by some of the mode',
    args: { paths: '{root}/d', mode: 'o=r', exact_mode: false },
    files,
    result: paths('a.log', "it's c.txt"),
  },
  {
    name: 'a line that begins so',
    args: { paths: '{root}/d', contains: 'tw.$', recurse: true },
    files,
    result: paths('a.log', 'sub/deep.log'),
  },
  {
    name: 'anywhere in the file',
    args: { paths: '{root}/d', contains: 'one\\ntwo', read_whole_file: true },
    files,
    result: paths('a.log'),
  },
  {
    name: 'checksums',
    args: { paths: '{root}/d', patterns: 'a.log', get_checksum: true },
    files,
    result: {
      files: [
        expect.objectContaining({
          checksum: createHash('sha1').update('one\ntwo\n').digest('hex'),
          mode: '0644',
          isreg: true,
        }),
      ],
    },
  },
  {
    name: 'a path that is none',
    args: { paths: '{root}/none,{root}/d/sub' },
    files,
    result: {
      matched: 1,
      skipped_paths: { '{root}/none': "'{root}/none' is not a directory" },
      msg: 'Not all paths examined, check warnings for details',
    },
  },
  {
    name: 'a file too large to be searched',
    args: { paths: '{root}/d', contains: 'x' },
    files: { 'd/big': 'x'.repeat(2_000_000) },
    result: { matched: 0, skipped_paths: { '{root}/d/big': 'larger than 1048576 bytes, not searched' } },
  },
]);
