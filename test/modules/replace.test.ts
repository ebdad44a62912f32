import { replace } from '../../src/modules/replace.ts';
import { testModule, testOnShells } from '../support/test-module.ts';

testModule(replace, [
  { name: 'no pattern', args: { path: '/a' }, invalid: 'missing required parameter: regexp' },
  { name: 'a pattern that is none', args: { path: '/a', regexp: '*' }, invalid: 'regexp: ' },
  {
    name: 'an encoding that is not known',
    args: { path: '/a', regexp: 'a', encoding: 'utf-16' },
    invalid: 'encoding utf-16',
  },
]);

testOnShells(replace, [
  {
    name: 'every match',
    args: { path: '{root}/f', regexp: '^(\\S+\\s+none\\s+swap)', replace: '# \\1' },
    files: { f: '/dev/a none swap sw\n/dev/b / ext4\n/dev/c none swap sw\n' },
    after: { f: '# /dev/a none swap sw\n/dev/b / ext4\n# /dev/c none swap sw\n' },
    changes: ['{root}/f: 2 replacements made'],
    result: { msg: '2 replacements made', rc: 0 },
  },
  {
    name: 'nothing matches',
    args: { path: '{root}/f', regexp: 'z', replace: 'y' },
    files: { f: 'a\n' },
    changes: [],
    result: { msg: '' },
  },
  {
    name: 'a match that stays the same',
    args: { path: '{root}/f', regexp: 'a', replace: 'a' },
    files: { f: 'a\n' },
    changes: [],
  },
  {
    name: 'between after and before',
    args: { path: '{root}/f', regexp: '^x$', replace: 'y', after: '\\[one\\]', before: '\\[two\\]' },
    files: { f: 'x\n[one]\nx\n[two]\nx\n' },
    after: { f: 'x\n[one]\ny\n[two]\nx\n' },
  },
  {
    name: 'after',
    args: { path: '{root}/f', regexp: 'x', replace: 'y', after: 'one' },
    files: { f: 'x\none\nx\n' },
    after: { f: 'x\none\ny\n' },
  },
  {
    name: 'before',
    args: { path: '{root}/f', regexp: 'x', replace: 'y', before: 'two' },
    files: { f: 'x\ntwo\nx\n' },
    after: { f: 'y\ntwo\nx\n' },
  },
  {
    name: 'after and before are nowhere',
    args: { path: '{root}/f', regexp: 'x', after: 'one', before: 'two' },
    files: { f: 'x\n' },
    changes: [],
    result: { msg: 'Pattern for before/after params did not match the given file: one(?P<subsection>.*?)two' },
  },
  {
    name: 'umlauts',
    args: { path: '{root}/f', regexp: 'ü\\w', replace: '\\g<0>!' },
    files: { f: 'aüb\n' },
    after: { f: 'aüb!\n' },
    always: true,
  },
  {
    name: 'latin-1',
    args: { path: '{root}/f', regexp: 'ü', replace: 'ue', encoding: 'latin-1' },
    files: { f: Buffer.from('\xfc\xe9\n', 'latin1') },
    after: { f: Buffer.from('ue\xe9\n', 'latin1') },
  },
  {
    name: 'bytes that are no UTF-8 stay',
    args: { path: '{root}/f', regexp: 'a', replace: 'ä' },
    files: { f: Buffer.from([0xff, 0x61, 0xe2, 0x82, 10]) },
    after: { f: Buffer.from([0xff, 0xc3, 0xa4, 0xe2, 0x82, 10]) },
  },
  {
    name: 'bytes that are no ASCII',
    args: { path: '{root}/f', regexp: 'a', encoding: 'ascii' },
    files: { f: Buffer.from([0xff, 10]) },
    refused: 'is not ascii text',
  },
  {
    name: 'CRLF',
    args: { path: '{root}/f', regexp: 'b\\r$', replace: 'B\\r' },
    files: { f: 'a\r\nb\r\n' },
    after: { f: 'a\r\nB\r\n' },
  },
  { name: 'a missing file', args: { path: '{root}/f', regexp: 'a' }, refused: 'Path {root}/f does not exist !' },
  {
    name: 'a group that is not there',
    args: { path: '{root}/f', regexp: 'a', replace: '\\7' },
    files: { f: 'a' },
    refused: 'replace: ',
  },
]);
