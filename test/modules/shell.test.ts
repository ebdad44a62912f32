import { shell } from '../../src/modules/shell.ts';
import { testModule, testOnShells } from '../support/test-module.ts';

testModule(shell, [
  { name: 'no command', args: {}, invalid: 'missing required parameter: cmd' },
  {
    name: 'another shell',
    args: { cmd: 'echo $0', executable: '/bin/bash' },
    host: '',
    changes: [{ command: { shell: 'echo $0', executable: '/bin/bash' } }],
    touches: 'anything',
  },
  {
    name: 'check mode cannot tell',
    args: { cmd: 'x' },
    host: '',
    context: { check: true },
    skipped: 'Command would have run',
  },
]);

testOnShells(shell, [
  {
    name: 'pipes and variables are the shell’s',
    args: { cmd: 'x=1; echo "a b" | tr a c; exit 3' },
    always: true,
    noUndo: true,
    result: { rc: 3, stdout: 'c b', cmd: 'x=1; echo "a b" | tr a c; exit 3', msg: 'non-zero return code' },
  },
  {
    name: 'ends are kept where they are wanted',
    args: { cmd: 'printf "a\\n\\n"; printf e >&2', strip_empty_ends: false },
    always: true,
    noUndo: true,
    result: { stdout: 'a\n\n', stderr: 'e', stdout_lines: ['a', ''] },
  },
  {
    name: 'stdin as it is',
    args: { cmd: 'wc -c', stdin: 'abc', stdin_add_newline: false },
    always: true,
    noUndo: true,
    result: { stdout: '3' },
  },
  {
    name: 'in a directory of the host',
    args: { cmd: 'pwd', chdir: '~/d e' },
    files: { 'd e': { directory: true } },
    always: true,
    noUndo: true,
    result: { stdout: '{root}/d e' },
  },
  { name: 'creates', args: { cmd: 'touch x', chdir: '{root}', creates: 'x' }, after: { x: '' }, noUndo: true },
]);
