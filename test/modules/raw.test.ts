import { raw } from '../../src/modules/raw.ts';
import { testModule } from '../support/test-module.ts';

testModule(raw, [
  {
    name: 'the line as it is',
    args: { cmd: 'show version | include "x"' },
    host: '',
    changes: [{ kind: 'command', command: { raw: 'show version | include "x"' } }],
    reads: [/^:$/],
    touches: 'anything',
  },
  {
    name: 'with a shell',
    args: { cmd: 'x', executable: '/bin/bash' },
    host: '',
    changes: [{ command: { raw: 'x', executable: '/bin/bash' } }],
  },
  { name: 'not in check mode', args: { cmd: 'x' }, host: '', context: { check: true }, skipped: 'would have run' },
  { name: 'nothing', args: { cmd: '  ' }, invalid: 'no command given' },
]);
