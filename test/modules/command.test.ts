import { command } from '../../src/modules/command.ts';
import { testModule, testOnShells } from '../support/test-module.ts';

testModule(command, [
  {
    name: 'free form is split into words',
    args: { _raw_params: `ls -l "a b" 'c d' e\\ f` },
    host: '',
    changes: [{ command: { argv: ['ls', '-l', 'a b', 'c d', 'e f'] } }],
  },
  {
    name: 'argv is taken as it is',
    args: { argv: ['echo', '$HOME'], expand_argument_vars: false },
    host: '',
    changes: [{ command: { argv: ['echo', '$HOME'] } }],
  },
  {
    name: 'a variable is left to the host',
    args: { cmd: 'ls $HOME/x' },
    host: '',
    changes: [{ command: { shell: 'ls "${HOME-\\$HOME}"/x' } }],
  },
  { name: 'nothing is read without conditions', args: { cmd: 'true' }, reads: [/^:$/], touches: 'anything' },
  { name: 'no command', args: { cmd: ' ' }, invalid: 'no command given' },
  { name: 'both cmd and argv', args: { cmd: 'a', argv: ['b'] }, invalid: 'not both' },
  { name: 'an open quote', args: { cmd: "echo 'a" }, invalid: 'No closing quotation' },
  { name: 'warn is accepted', args: { cmd: 'true', warn: false }, host: '', changes: ['run true'] },
  {
    name: 'check mode cannot tell',
    args: { cmd: 'true' },
    host: '',
    context: { check: true },
    skipped: 'Command would have run',
  },
  {
    name: 'check mode tells with creates',
    args: { cmd: 'true', creates: '/x' },
    host: '0\0',
    context: { check: true },
    changes: ['run true'],
  },
  {
    name: 'creates exists',
    args: { cmd: 'true', creates: '/x' },
    host: '1\0',
    changes: [],
    result: { rc: 0, stdout: 'skipped, since /x exists', msg: "Did not run command since '/x' exists" },
  },
  {
    name: 'chdir cannot be entered',
    args: { cmd: 'true', chdir: '/x', creates: 'y' },
    host: '/x\0cd: no\0',
    refused: 'Unable to change directory before execution: cd: no',
  },
]);

testOnShells(command, [
  { name: 'runs', args: { cmd: 'touch {root}/a' }, after: { a: '' }, always: true, noUndo: true, result: { rc: 0 } },
  {
    name: 'creates matches a glob',
    args: { cmd: 'false', creates: '{root}/*.lock' },
    files: { 'x.lock': '' },
    changes: [],
  },
  {
    name: 'creates does not match',
    args: { cmd: 'touch {root}/b', creates: '{root}/b' },
    after: { b: '' },
    changes: [/^run touch/],
    noUndo: true,
  },
  {
    name: 'creates is relative to chdir',
    args: { cmd: 'false', chdir: '{root}/d', creates: 'f' },
    files: { 'd/f': '' },
    changes: [],
  },
  { name: 'removes is missing', args: { cmd: 'false', removes: '~/none' }, changes: [] },
  {
    name: 'removes is there',
    args: { cmd: 'rm a', chdir: '~', removes: 'a' },
    files: { a: 'x' },
    after: { a: null },
    noUndo: true,
  },
  {
    name: 'a glob with a quote and a blank',
    args: { cmd: 'false', creates: "{root}/it's a*" },
    files: { "it's all": '' },
    changes: [],
  },
  {
    name: 'chdir is missing',
    args: { cmd: 'true', chdir: '{root}/none', creates: 'x' },
    refused: 'Unable to change directory',
  },
  {
    name: 'stdin',
    args: { cmd: 'cat', stdin: 'hello' },
    always: true,
    noUndo: true,
    result: { stdout: 'hello', stdout_lines: ['hello'] },
  },
  {
    name: 'HOME is of the host',
    args: { cmd: 'echo $HOME ~ ${NONE}' },
    always: true,
    noUndo: true,
    result: { stdout: '{root} {root} ${NONE}' },
  },
]);
