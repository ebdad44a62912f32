import { ping } from '../../src/modules/ping.ts';
import { testModule, testOnShells } from '../support/test-module.ts';

testModule(ping, [
  { name: 'crash', args: { data: 'crash' }, host: 'crash', refused: 'boom' },
  {
    name: 'a shell that says something else',
    args: {},
    host: 'This account is closed.',
    refused: 'answered "This account is closed."',
  },
  { name: 'touches nothing', args: {}, touches: [] },
]);

testOnShells(ping, [
  { name: 'pong', args: {}, changes: [], result: { ping: 'pong' } },
  { name: 'other data', args: { data: "it's $HOME %s\\n" }, changes: [], result: { ping: "it's $HOME %s\\n" } },
]);
