import { expect } from '@jest/globals';
import { addHost } from '../../src/modules/add-host.ts';
import { assert } from '../../src/modules/assert.ts';
import { debug } from '../../src/modules/debug.ts';
import { fail } from '../../src/modules/fail.ts';
import { groupBy } from '../../src/modules/group-by.ts';
import { meta } from '../../src/modules/meta.ts';
import { pause } from '../../src/modules/pause.ts';
import { setFact } from '../../src/modules/set-fact.ts';
import { waitForConnection } from '../../src/modules/wait-for-connection.ts';
import { testAction } from '../support/test-action.ts';

testAction(setFact, [
  {
    name: 'variables',
    args: { a: 1, b: ['x'], cacheable: true },
    gives: { facts: { a: 1, b: ['x'] }, result: { ansible_facts: { a: 1, b: ['x'] } } },
  },
  {
    name: 'nothing',
    args: {},
    gives: { failed: 'No key/value pairs provided, at least one is required for this action to succeed' },
  },
  { name: 'a name that is none', args: { 'a-b': 1 }, gives: { failed: expect.stringContaining("'a-b' is not valid") } },
]);

testAction(debug, [
  { name: 'a message', args: { msg: ['a', 1] }, gives: { result: { msg: ['a', 1] }, show: ['a', 1] } },
  { name: 'nothing', args: {}, gives: { result: { msg: 'Hello world!' }, show: 'Hello world!' } },
  {
    name: 'a variable',
    args: { var: { text: 'x.y', value: { z: 1 }, defined: true } },
    gives: { result: { 'x.y': { z: 1 } }, show: { 'x.y': { z: 1 } } },
  },
  {
    name: 'an undefined variable',
    args: { var: { text: 'x', value: 'x is undefined', defined: false } },
    gives: { result: { x: 'VARIABLE IS NOT DEFINED!' }, show: { x: 'VARIABLE IS NOT DEFINED!' } },
  },
  {
    name: 'an undefined variable with -v',
    args: { var: { text: 'x', value: 'x is undefined', defined: false } },
    context: { verbosity: 1 },
    gives: {
      result: { x: 'VARIABLE IS NOT DEFINED!: x is undefined' },
      show: { x: 'VARIABLE IS NOT DEFINED!: x is undefined' },
    },
  },
  {
    name: 'too quiet for it',
    args: { msg: 'x', verbosity: 2 },
    context: { verbosity: 1 },
    gives: { skipped: 'Verbosity threshold not met.' },
  },
  { name: 'both', args: { msg: 'x', var: { text: 'x', value: 1, defined: true } }, invalid: 'incompatible' },
]);

const holds = { text: 'a == 1', holds: true };
const broken = { text: 'b == 2', holds: false };
testAction(assert, [
  { name: 'all hold', args: { that: [holds] }, gives: { result: { msg: 'All assertions passed' } } },
  {
    name: 'one does not',
    args: { that: [holds, broken] },
    gives: {
      failed: 'Assertion failed: b == 2',
      result: { assertion: 'b == 2', evaluated_to: false, msg: 'Assertion failed' },
    },
  },
  {
    name: 'own message',
    args: { that: [broken], msg: ['no', 'way'] },
    gives: { failed: 'no\nway', result: { assertion: 'b == 2', evaluated_to: false, msg: ['no', 'way'] } },
  },
  {
    name: 'own message of success',
    args: { that: [holds], success_msg: 'fine' },
    gives: { result: { msg: 'fine' }, show: 'fine' },
  },
  { name: 'quiet', args: { that: [holds], success_msg: 'fine', quiet: true }, gives: { result: { msg: 'fine' } } },
  { name: 'nothing to assert', args: {}, invalid: 'missing required parameter: that' },
  { name: 'a message that is none', args: { that: [holds], fail_msg: { a: 1 } }, invalid: 'fail_msg must be text' },
]);

testAction(fail, [
  { name: 'own message', args: { msg: 'no' }, gives: { failed: 'no', result: { msg: 'no' } } },
  {
    name: 'no message',
    args: {},
    gives: { failed: 'Failed as requested from task', result: { msg: 'Failed as requested from task' } },
  },
]);

testAction(meta, [
  ...[
    'flush_handlers',
    'clear_facts',
    'clear_host_errors',
    'end_host',
    'end_play',
    'end_batch',
    'reset_connection',
    'refresh_inventory',
    'noop',
  ].map((kind) => ({ name: kind, args: { _raw_params: kind }, gives: { effect: { kind } } })),
  { name: 'end_role', args: { _raw_params: 'end_role' }, invalid: 'is not one of' },
]);

testAction(pause, [
  {
    name: 'minutes',
    args: { minutes: 1.5 },
    gives: { effect: { kind: 'pause', echo: true, seconds: 90 }, result: { echo: true, seconds: 90 } },
  },
  {
    name: 'at least a second',
    args: { seconds: 0 },
    gives: { effect: { kind: 'pause', echo: true, seconds: 1 }, result: { echo: true, seconds: 1 } },
  },
  {
    name: 'a prompt',
    args: { prompt: 'Ready?', echo: false },
    gives: { effect: { kind: 'pause', echo: false, prompt: 'Ready?' }, result: { echo: false } },
  },
  { name: 'both', args: { minutes: 1, seconds: 1 }, invalid: 'mutually exclusive' },
  { name: 'negative', args: { seconds: -1 }, invalid: 'negative' },
]);

testAction(addHost, [
  {
    name: 'with groups and variables',
    args: { hostname: 'n1:2222', groups: 'a, b,a', x: [1] },
    gives: {
      effect: { kind: 'add_host', name: 'n1', groups: ['a', 'b'], vars: { x: [1], ansible_port: 2222 } },
      result: { add_host: { host_name: 'n1', groups: ['a', 'b'], host_vars: { x: [1], ansible_port: 2222 } } },
    },
  },
  {
    name: 'IPv6',
    args: { name: 'fe80::1' },
    gives: {
      effect: { kind: 'add_host', name: 'fe80::1', groups: [], vars: {} },
      result: { add_host: { host_name: 'fe80::1', groups: [], host_vars: {} } },
    },
  },
  {
    name: 'IPv6 with a port',
    args: { name: '[fe80::1]:22', group: 'g' },
    gives: {
      effect: { kind: 'add_host', name: 'fe80::1', groups: ['g'], vars: { ansible_port: 22 } },
      result: expect.anything(),
    },
  },
  { name: 'a path', args: { name: '../x' }, invalid: 'is no name for a host' },
  { name: 'no name', args: { groups: 'a' }, invalid: 'missing required parameter: name' },
]);

testAction(groupBy, [
  {
    name: 'a key',
    args: { key: 'os Debian 12' },
    gives: {
      effect: { kind: 'group_by', group: 'os-Debian-12', parents: ['all'] },
      result: { add_group: 'os-Debian-12', parent_groups: ['all'] },
    },
  },
  {
    name: 'parents',
    args: { key: 'a', parents: ['x y'] },
    gives: {
      effect: { kind: 'group_by', group: 'a', parents: ['x-y'] },
      result: { add_group: 'a', parent_groups: ['x-y'] },
    },
  },
  { name: 'no key', args: { key: ' ' }, invalid: "'key' param is required" },
]);

testAction(waitForConnection, [
  {
    name: 'as Ansible waits',
    args: {},
    gives: { effect: { kind: 'wait_for_connection', timeout: 600, delay: 0, sleep: 1 } },
  },
  {
    name: 'not in check mode',
    args: { timeout: 5 },
    context: { check: true },
    gives: { skipped: 'not waited for in check mode' },
  },
  { name: 'negative', args: { delay: -1 }, invalid: 'negative' },
]);
