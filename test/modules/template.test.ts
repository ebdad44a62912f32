import { template } from '../../src/modules/template.ts';
import { localDirectory, localFile } from '../support/local-file.ts';
import { testModule, testOnShells } from '../support/test-module.ts';

const src = localFile('/here/templates/app.conf.j2', 'port = 80\n');

testModule(template, [
  { name: 'a directory', args: { src: localDirectory('/here/t', []), dest: '/a' }, invalid: '/here/t is a directory' },
  {
    name: 'another encoding',
    args: { src, dest: '/a', output_encoding: 'latin-1' },
    invalid: 'output_encoding latin-1 is not supported',
  },
  { name: 'no destination', args: { src }, invalid: 'missing required parameter: dest' },
]);

testOnShells(template, [
  {
    name: 'a new file',
    args: { src, dest: '{root}/app.conf', mode: '0600' },
    after: { 'app.conf': { content: 'port = 80\n', mode: '0600' } },
    changes: [{ summary: 'write {root}/app.conf', diff: { before: '', after: 'port = 80\n', private: true } }],
  },
  {
    name: 'into a directory, under its own name',
    args: { src, dest: '{root}/etc' },
    files: { etc: { directory: true } },
    after: { 'etc/app.conf.j2': 'port = 80\n' },
  },
  { name: 'the same', args: { src, dest: '{root}/app.conf' }, files: { 'app.conf': 'port = 80\n' }, changes: [] },
  {
    name: 'validated',
    args: { src, dest: '{root}/app.conf', validate: 'grep -q port %s', backup: true },
    files: { 'app.conf': 'old' },
    after: { 'app.conf': 'port = 80\n', 'app.conf~': 'old' },
  },
  {
    name: 'left as it is',
    args: { src, dest: '{root}/app.conf', force: false },
    files: { 'app.conf': 'mine' },
    changes: [],
  },
]);
