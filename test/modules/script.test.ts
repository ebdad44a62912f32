import { script } from '../../src/modules/script.ts';
import { localFile } from '../support/local-file.ts';
import { testModule, testOnShells } from '../support/test-module.ts';

const program = (text: string, words: string) => ({ ...localFile('/here/run.sh', text, 0o755), arguments: words });

testModule(script, [
  { name: 'a relative chdir', args: { cmd: program('', ''), chdir: 'x' }, invalid: 'chdir must be an absolute path' },
  {
    name: 'its words stay as they were written',
    args: { cmd: program('x', `a 'b c' "$d"`) },
    host: '',
    changes: [{ summary: `run run.sh a 'b c' "$d"`, command: { arguments: `a 'b c' "$d"` } }],
  },
  {
    name: 'creates exists',
    args: { cmd: program('x', ''), creates: '/x' },
    host: '1\0',
    skipped: '/x exists, matching creates option',
  },
  {
    name: 'removes is missing',
    args: { cmd: program('x', ''), removes: '/x' },
    host: '0\0',
    skipped: '/x does not exist, matching removes option',
  },
  {
    name: 'check mode tells with creates',
    args: { cmd: program('x', ''), creates: '/x' },
    host: '0\0',
    context: { check: true },
    changes: ['run run.sh'],
  },
]);

testOnShells(script, [
  {
    name: 'runs',
    args: { cmd: program('#!/bin/sh\necho "$1-$2"\n', `'a b' c`) },
    always: true,
    noUndo: true,
    result: { rc: 0, stdout: 'a b-c\n' },
  },
  {
    name: 'with an interpreter',
    args: { cmd: program('echo "$#"; exit 4\n', 'x y'), executable: '/bin/sh' },
    always: true,
    noUndo: true,
    result: { rc: 4, stdout: '2\n' },
  },
]);
