import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readAnsibleCfg } from '../../../src/cli/ansible-cfg.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'kprep-cfg-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test('roles_path, inventory and remote_user are honoured, the rest is told', () => {
  writeFileSync(
    join(dir, 'ansible.cfg'),
    '# ours\n[defaults]\nroles_path = roles:/srv/roles ; shared\ninventory=hosts.ini\nremote_user: ops\nforks = 5\n[ssh_connection]\npipelining=True\n',
  );
  expect(readAnsibleCfg(dir)).toEqual({
    rolesPath: [join(dir, 'roles'), '/srv/roles'],
    inventory: [join(dir, 'hosts.ini')],
    remoteUser: 'ops',
    warnings: [`${join(dir, 'ansible.cfg')}: not read by kprep: forks, ssh_connection.pipelining`],
  });
});

test('no file, no settings', () => {
  expect(readAnsibleCfg(dir)).toEqual({ rolesPath: [], inventory: [], warnings: [] });
});

test('a file that everybody can write is not obeyed', () => {
  const path = join(dir, 'ansible.cfg');
  writeFileSync(path, '[defaults]\ninventory=/tmp/evil\n');
  chmodSync(path, 0o666);
  expect(readAnsibleCfg(dir)).toEqual({
    rolesPath: [],
    inventory: [],
    warnings: [`${path} is ignored: everybody can write it or its directory`],
  });
});
