import { beforeAll, describe, expect, test } from '@jest/globals';
import { globPattern } from '../../../src/inventory/glob.ts';
import { matchHosts } from '../../../src/inventory/index.ts';
import type { Inventory } from '../../../src/model/inventory.ts';
import { KprepError } from '../../../src/shared/errors.ts';
import { load } from './memory-io.ts';

let inventory: Inventory;

beforeAll(async () => {
  const text = `lone
[kubemaster]
master[1:3]
[kubenode]
node[01:04]
[gpu]
node03
node04
[empty]
[addresses]
2001:db8::1
10.0.0.7
fe80::1
[web-1]
weba
webb
webd
n1x
n2x
[kube:children]
kubemaster
kubenode
`;
  ({ inventory } = await load({ '/hosts': text }, { format: 'ini' }));
});

/** The hosts, blank separated. */
const match = (pattern: string): string => matchHosts(inventory, pattern).join(' ');

const masters = 'master1 master2 master3';
const nodes = 'node01 node02 node03 node04';

describe('patterns', () => {
  test.each([
    ['kube', `${masters} ${nodes}`],
    ['node01', 'node01'],
    ['node02,node01', 'node02 node01'],
    ['node02:node01', 'node02 node01'],
    ['node02 node01', 'node02 node01'],
    ['kubenode,kubemaster', `${nodes} ${masters}`],
    ['gpu,kubenode', 'node03 node04 node01 node02'],
    ['kube:&gpu', 'node03 node04'],
    ['kube:&gpu:!node03', 'node04'],
    ['!node03:kube:&gpu', 'node04'],
    ['kube,!gpu', `${masters} node01 node02`],
    ['&gpu', 'node03 node04'],
    ['!kube:!addresses:!web-1', 'lone'],
    ['kube[0]', 'master1'],
    ['kube[-1]', 'node04'],
    ['kube[0:2]', masters],
    ['kube[5:]', 'node03 node04'],
    ['kube[5:99]', 'node03 node04'],
    ['kube[9:99]', ''],
    ['kubenode[0],kubemaster[0]', 'node01 master1'],
    ['kube:!kubemaster[0]', `master2 master3 ${nodes}`],
    ['empty[0]', ''],
    ['empty', ''],
    ['node*', nodes],
    ['node0?', nodes],
    ['node0[!12]', 'node03 node04'],
    ['node*[1]', 'node02'],
    ['master[1-2]', 'master1 master2'],
    ['master[1:2]', 'master1 master2'],
    ['node[01-03,04]', nodes],
    ['node[01:03:2]', 'node01 node03'],
    ['node[02]', 'node02'],
    ['kube:!node[02-04]', `${masters} node01`],
    ['web[a-d]', 'weba webb webd'],
    ['n[12]x', 'n1x n2x'],
    ['nope*', ''],
    ['~nope', ''],
    ['~node0[1-2]', 'node01 node02'],
    ['~(master|node0)1', 'master1 node01'],
    ['~node\\d{1,2}:!node01', 'node02 node03 node04'],
    ['~(?i)MASTER', masters],
    ['~(?:kubem)', masters],
    ['~.*4$,lone', 'node04 lone'],
    ['kube:&~.*[34]', 'master3 node03 node04'],
    ['2001:db8::1', '2001:db8::1'],
    ['2001:db8::1,10.0.0.7', '2001:db8::1 10.0.0.7'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['addresses,!2001:db8::1', '10.0.0.7 fe80::1'],
    ['10.0.0.7', '10.0.0.7'],
    ['ungrouped', 'lone'],
    ['localhost', 'localhost'],
    ['127.0.0.1', '127.0.0.1'],
    ['::1', '::1'],
    ['kubemaster[0],localhost', 'master1 localhost'],
    ['web-1', 'weba webb webd n1x n2x'],
  ])('%s', (pattern = '', hosts = '') => {
    expect(match(pattern)).toBe(hosts);
  });

  test('all and * are every host, in the order of the groups, without the implicit localhost', () => {
    expect(match('all')).toBe(match('*'));
    expect(matchHosts(inventory, 'all')).toHaveLength(16);
  });

  test.each([
    ['kubenod', 'no host or group is called kubenod', 'did you mean kubenode?'],
    ['kube:!node93', 'no host or group is called node93', 'did you mean node03?'],
    ['kube:&gpus', 'no host or group is called gpus', 'did you mean gpu?'],
    ['entirely-different', 'no host or group is called entirely-different', undefined],
    ['node[01-05]', 'no host or group is called node05', 'did you mean node01?'],
    ['node0[12]', 'no host or group is called node012', 'did you mean node01?'],
    ['node[1-4]', 'no host or group is called node1', 'did you mean node01?'],
    ['node[04-01]', 'node[04-01]: the range 04-01 runs backwards; did you mean 01-04?', undefined],
    ['kube[9]', 'kube has 7 hosts, so kube[9] is none', undefined],
    ['kube[-8]', 'kube has 7 hosts, so kube[-8] is none', undefined],
    ['kube[2:1]', 'the range of kube[2:1] runs backwards', undefined],
    ['kube[0-2]', 'kube[0-2] may mean hosts by number or hosts by name', 'write kube[0:2] for hosts of kube by number'],
    ['kube[01]', 'kube[01] may mean hosts by number or hosts by name', 'write kube[1] for hosts of kube by number'],
    ['', 'the pattern "" names no host', undefined],
    [' , ', 'the pattern " , " names no host', undefined],
    ['kube:!', 'nothing follows ! in kube:!', undefined],
    ['&', 'nothing follows & in &', undefined],
    ['node[01', 'node[01 matches no host: the brackets of node[01 do not match', undefined],
    ['webx[ab]', /webx\[ab\] matches no host/, undefined],
    ['2001:db8::1:node01', 'no host or group is called 2001', undefined],
  ])('%j is refused', (pattern, message, remedy) => {
    const error = refusal(pattern);
    expect(error.kind).toBe('task');
    expect(error.message).toMatch(
      typeof message === 'string' ? new RegExp(`^${message.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}$`) : message,
    );
    if (remedy !== undefined) expect(error.remedy).toBe(remedy);
  });

  test('a regular expression that is none is refused', () => {
    expect(refusal('~node(').message).toMatch(/^~node\( is no regular expression: /);
  });

  test('a host comes before a group of its name; left out are both', async () => {
    const { inventory: both } = await load({ '/hosts': '[db]\ndb\ndb2\n[web]\ndb2\ndb\nw\n' }, { format: 'ini' });
    expect(matchHosts(both, 'db')).toEqual(['db']);
    expect(matchHosts(both, 'web:!db')).toEqual(['w']);
  });

  test('localhost of the inventory is the one that is meant', async () => {
    const { inventory: own } = await load({ '/hosts': 'localhost ansible_port=22\n' }, { format: 'ini' });
    expect(matchHosts(own, '127.0.0.1')).toEqual(['localhost']);
    expect(own.hosts.get('localhost')?.vars.ansible_port).toBe(22);
    expect(own.hosts.get('127.0.0.1')?.vars.ansible_connection).toBeUndefined();
  });

  test('the implicit localhost is found, and is in no list', () => {
    expect(inventory.hosts.get('localhost')).toMatchObject({ vars: { ansible_connection: 'local' }, groups: ['all'] });
    expect([...inventory.hosts.keys()]).not.toContain('localhost');
    expect(inventory.hosts.size).toBe(16);
  });
});

function refusal(pattern: string): KprepError {
  try {
    matchHosts(inventory, pattern);
  } catch (error) {
    if (error instanceof KprepError) return error;
    throw error;
  }
  throw new Error(`${pattern} was taken`);
}

describe('globs', () => {
  test.each([
    ['a*', 'a ab', 'b'],
    ['a?c', 'abc', 'ac abbc'],
    ['[a-c]x', 'ax cx', 'dx'],
    ['[!a-c]x', 'dx', 'ax'],
    ['[^a]x', '^x ax', 'bx'],
    ['[]]x', ']x', 'x'],
    ['[!]]x', 'ax', ']x'],
    ['[a', '[a', 'a'],
    ['a.b', 'a.b', 'axb'],
    ['a+b|c', 'a+b|c', 'aab c'],
    ['[z-a]', '', 'a z -'],
    ['[a-]', 'a -', 'b'],
    ['**x**', 'x axb', 'y'],
    ['', '', 'a'],
  ])('%s', (glob, yes, no) => {
    const pattern = globPattern(glob);
    for (const name of yes.split(' ').filter(Boolean)) expect([name, pattern.test(name)]).toEqual([name, true]);
    for (const name of no.split(' ')) expect([name, pattern.test(name)]).toEqual([name, false]);
  });
});
