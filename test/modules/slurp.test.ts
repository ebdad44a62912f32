import { slurp } from '../../src/modules/slurp.ts';
import { testOnShells } from '../support/test-module.ts';

testOnShells(slurp, [
  {
    name: 'a file',
    args: { src: '{root}/f' },
    files: { f: Buffer.from([0, 1, 10, 255, 10]) },
    changes: [],
    result: { content: 'AAEK/wo=', encoding: 'base64', source: '{root}/f' },
  },
  { name: 'an empty file', args: { path: '{root}/f' }, files: { f: '' }, changes: [], result: { content: '' } },
  {
    name: 'a file of the kernel, which has no size',
    args: { src: '/proc/sys/kernel/ostype' },
    changes: [],
    result: { content: 'TGludXgK' },
  },
  { name: 'nothing', args: { src: '{root}/f' }, refused: 'file not found: {root}/f' },
  { name: 'a directory', args: { src: '{root}' }, refused: 'source is a directory' },
]);
