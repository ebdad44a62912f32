import { lineinfile } from '../../src/modules/lineinfile.ts';
import { testModule, testOnShells } from '../support/test-module.ts';

testModule(lineinfile, [
  { name: 'no line', args: { path: '/a' }, invalid: 'line is required with state=present' },
  {
    name: 'nothing to remove',
    args: { path: '/a', state: 'absent' },
    invalid: 'one of line, search_string, or regexp',
  },
  { name: 'backrefs without regexp', args: { path: '/a', line: 'x', backrefs: true }, invalid: 'regexp is required' },
  {
    name: 'both places',
    args: { path: '/a', line: 'x', insertafter: 'a', insertbefore: 'b' },
    invalid: 'mutually exclusive',
  },
  {
    name: 'both searches',
    args: { path: '/a', line: 'x', regexp: 'a', search_string: 'b' },
    invalid: 'mutually exclusive',
  },
  { name: 'a pattern that is none', args: { path: '/a', line: 'x', regexp: '(a' }, invalid: 'regexp: ' },
  {
    name: 'validate without %s',
    args: { path: '/a', line: 'x', validate: 'true' },
    invalid: 'validate must contain %s',
  },
  {
    name: 'aliases and touches',
    args: { dest: '/etc/x', value: 'a', owner: 'bob' },
    touches: ['file:/etc/x', 'user:bob'],
  },
]);

testOnShells(lineinfile, [
  {
    name: 'added at the end',
    args: { path: '{root}/f', line: 'c' },
    files: { f: 'a\nb\n' },
    after: { f: 'a\nb\nc\n' },
    changes: ['{root}/f: line added'],
    result: { msg: 'line added', backup: '' },
  },
  {
    name: 'there already',
    args: { path: '{root}/f', line: 'a' },
    files: { f: 'a\nb\n' },
    changes: [],
    result: { msg: '' },
  },
  {
    name: 'the last line had no newline',
    args: { path: '{root}/f', line: 'c' },
    files: { f: 'a\nb' },
    after: { f: 'a\nb\nc\n' },
  },
  {
    name: 'the last match is replaced',
    args: { path: '{root}/f', regexp: '^#?x=', line: 'x=2' },
    files: { f: '#x=0\nx=1\ny\n' },
    after: { f: '#x=0\nx=2\ny\n' },
    changes: ['{root}/f: line replaced'],
  },
  {
    name: 'the first match is replaced',
    args: { path: '{root}/f', regexp: '^#?x=', line: 'x=2', firstmatch: true },
    files: { f: '#x=0\nx=1\n' },
    after: { f: 'x=2\nx=1\n' },
  },
  {
    name: 'backrefs',
    args: { path: '{root}/f', regexp: '^(\\w+)=(.*)$', line: '\\g<1>="\\2"', backrefs: true, firstmatch: true },
    files: { f: 'key=a b\n' },
    after: { f: 'key="a b"\n' },
    always: true,
  },
  {
    name: 'backrefs without a match do nothing',
    args: { path: '{root}/f', regexp: '^(z)', line: '\\1', backrefs: true },
    files: { f: 'a\n' },
    changes: [],
  },
  {
    name: 'a group that the pattern does not have',
    args: { path: '{root}/f', regexp: '^a', line: '\\3', backrefs: true },
    files: { f: 'a\n' },
    refused: 'line: ',
  },
  {
    name: 'after a pattern',
    args: { path: '{root}/f', line: 'n', insertafter: '^\\[b\\]' },
    files: { f: '[a]\n[b]\nx\n' },
    after: { f: '[a]\n[b]\nn\nx\n' },
  },
  {
    name: 'after the last line, which had no newline',
    args: { path: '{root}/f', line: 'n', insertafter: '^b' },
    files: { f: 'a\nb' },
    after: { f: 'a\nb\nn\n' },
  },
  {
    name: 'before a pattern',
    args: { path: '{root}/f', line: 'n', insertbefore: '^b' },
    files: { f: 'a\nb\n' },
    after: { f: 'a\nn\nb\n' },
  },
  {
    name: 'at the beginning',
    args: { path: '{root}/f', line: 'n', insertbefore: 'BOF' },
    files: { f: 'a\n' },
    after: { f: 'n\na\n' },
  },
  {
    name: 'a search string is no pattern',
    args: { path: '{root}/f', line: 'n', search_string: 'a.b' },
    files: { f: 'axb\na.b\n' },
    after: { f: 'axb\nn\n' },
    always: true,
  },
  {
    name: 'all that match are removed',
    args: { path: '{root}/f', regexp: '^a', state: 'absent' },
    files: { f: 'a1\nb\na2\n' },
    after: { f: 'b\n' },
    result: { found: 2, msg: '2 line(s) removed' },
  },
  {
    name: 'a line is removed',
    args: { path: '{root}/f', line: 'a', state: 'absent' },
    files: { f: 'a\r\nab\n' },
    after: { f: 'ab\n' },
  },
  {
    name: 'absent from a file that is missing',
    args: { path: '{root}/f', line: 'a', state: 'absent' },
    changes: [],
    result: { msg: 'file not present' },
  },
  {
    name: 'a missing file is refused',
    args: { path: '{root}/f', line: 'a' },
    refused: 'Destination {root}/f does not exist !',
  },
  {
    name: 'a missing file is made, directories too',
    args: { path: '{root}/d/f', line: 'a', create: true, mode: '0600' },
    after: { 'd/f': { content: 'a\n', mode: '0600' } },
  },
  {
    name: 'a directory',
    args: { path: '{root}/d', line: 'a' },
    files: { d: { directory: true } },
    refused: 'Path {root}/d is a directory !',
  },
  {
    name: 'CRLF of other lines stays',
    args: { path: '{root}/f', regexp: '^b', line: 'B' },
    files: { f: 'a\r\nb\r\nc\r\n' },
    after: { f: 'a\r\nB\nc\r\n' },
  },
  {
    name: 'bytes that are no UTF-8 stay',
    args: { path: '{root}/f', line: 'é' },
    files: { f: Buffer.from('a\xe9\n\x00\n', 'latin1') },
    after: { f: Buffer.concat([Buffer.from('a\xe9\n\x00\n', 'latin1'), Buffer.from('é\n')]) },
  },
  {
    name: 'through a link, with a backup',
    args: { path: '{root}/l', line: 'b', backup: true },
    files: { f: { content: 'a\n', mode: '0640' }, l: { link: 'f' } },
    after: { f: 'a\nb\n', 'f~': 'a\n' },
  },
  {
    name: 'only the mode',
    args: { path: '{root}/f', line: 'a', mode: '0600' },
    files: { f: 'a\n' },
    after: { f: { mode: '0600' } },
    result: { msg: 'ownership, perms or SE linux context changed' },
  },
  {
    name: 'validate refuses',
    args: { path: '{root}/f', line: 'b', validate: 'false %s' },
    files: { f: 'a\n' },
    fails: 'validate',
  },
  {
    name: 'a diff',
    args: { path: '{root}/f', line: 'b' },
    files: { f: { content: 'a\n', mode: '0600' } },
    after: { f: 'a\nb\n' },
    changes: [
      {
        kind: 'put',
        diff: { before: 'a\n', after: 'a\nb\n', private: true },
        backup: false,
        undo: { content: 'a\n', mode: '0600' },
      },
    ],
  },
  {
    name: 'a path with a blank, a quote and a dollar',
    args: { path: "{root}/it's $(touch x) a", line: 'b', create: true },
    after: { "it's $(touch x) a": 'b\n' },
  },
  {
    name: 'a large file is refused',
    args: { path: '{root}/f', line: 'b' },
    files: { f: 'x'.repeat(5 * 1024 * 1024) },
    refused: 'too large',
  },
]);
