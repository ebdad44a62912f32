import { expect } from '@jest/globals';
import { blockinfile } from '../../src/modules/blockinfile.ts';
import { testModule, testOnShells } from '../support/test-module.ts';

const BEGIN = '# BEGIN ANSIBLE MANAGED BLOCK\n';
const END = '# END ANSIBLE MANAGED BLOCK\n';

testModule(blockinfile, [
  { name: 'both places', args: { path: '/a', insertafter: 'a', insertbefore: 'b' }, invalid: 'mutually exclusive' },
  { name: 'markers that are the same', args: { path: '/a', block: 'x', marker: '# mine' }, invalid: 'the same' },
  { name: 'a pattern that is none', args: { path: '/a', insertafter: '[' }, invalid: 'insertafter: ' },
]);

testOnShells(blockinfile, [
  {
    name: 'at the end',
    args: { path: '{root}/f', block: 'x\ny' },
    files: { f: 'a' },
    after: { f: `a\n${BEGIN}x\ny\n${END}` },
    changes: ['{root}/f: Block inserted'],
    result: { msg: 'Block inserted' },
  },
  {
    name: 'there already',
    args: { path: '{root}/f', block: 'x\n' },
    files: { f: `${BEGIN}x\n${END}a\n` },
    changes: [],
  },
  {
    name: 'another block stays in its place',
    args: { path: '{root}/f', block: 'new' },
    files: { f: `${BEGIN}x\n${END}a\n` },
    after: { f: `${BEGIN}new\n${END}a\n` },
  },
  {
    name: 'own markers',
    args: { path: '{root}/f', block: 'x', marker: '<!-- {mark} $& -->', marker_begin: 'A', marker_end: 'Z' },
    files: { f: '' },
    after: { f: '<!-- A $& -->\nx\n<!-- Z $& -->\n' },
  },
  {
    name: 'after a pattern',
    args: { path: '{root}/f', block: 'x', insertafter: '^a' },
    files: { f: 'a\nb\n' },
    after: { f: `a\n${BEGIN}x\n${END}b\n` },
  },
  {
    name: 'before a pattern',
    args: { path: '{root}/f', block: 'x', insertbefore: '^b' },
    files: { f: 'a\nb\n' },
    after: { f: `a\n${BEGIN}x\n${END}b\n` },
  },
  {
    name: 'at the beginning',
    args: { path: '{root}/f', block: 'x', insertbefore: 'BOF' },
    files: { f: 'a\n' },
    after: { f: `${BEGIN}x\n${END}a\n` },
  },
  {
    name: 'after a pattern that spans lines',
    args: { path: '{root}/f', block: 'x', insertafter: '(?m)^a\\nb$' },
    files: { f: 'a\nb\nc\n' },
    after: { f: `a\nb\n${BEGIN}x\n${END}c\n` },
  },
  {
    name: 'blank lines around',
    args: { path: '{root}/f', block: 'x', insertafter: '^a', append_newline: true, prepend_newline: true },
    files: { f: 'a\nb\n' },
    after: { f: `a\n\n${BEGIN}x\n${END}\nb\n` },
  },
  {
    name: 'removed',
    args: { path: '{root}/f', state: 'absent' },
    files: { f: `a\n${BEGIN}x\n${END}b\n` },
    after: { f: 'a\nb\n' },
    result: { msg: 'Block removed' },
  },
  {
    name: 'an empty block removes',
    args: { path: '{root}/f', block: '' },
    files: { f: `a\n${BEGIN}x\n${END}` },
    after: { f: 'a\n' },
  },
  {
    name: 'a file is made',
    args: { path: '{root}/d/f', block: 'x', create: true },
    after: { 'd/f': `${BEGIN}x\n${END}` },
    result: { msg: 'File created' },
  },
  { name: 'a file is missing', args: { path: '{root}/f', block: 'x' }, refused: 'Path {root}/f does not exist !' },
  {
    name: 'a backup',
    args: { path: '{root}/f', block: 'x', backup: true },
    files: { f: 'a\n' },
    after: { f: `a\n${BEGIN}x\n${END}`, 'f~': 'a\n' },
    result: { backup_file: expect.stringContaining('/f.') },
  },
]);
