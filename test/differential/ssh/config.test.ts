import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type HostConfig, hostConfig } from '../../../src/ssh/config/host-config.ts';
import { loadConfig } from '../../../src/ssh/config/load.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'kprep-config-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const me = userInfo();

/** What `ssh -G` prints, by keyword. */
function oracle(file: string, host: string, user?: string): Map<string, string[]> {
  const argv = ['-G', '-F', file, ...(user === undefined ? [] : ['-l', user]), host];
  const out = execFileSync('ssh', argv, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const values = new Map<string, string[]>();
  for (const line of out.trim().split('\n')) {
    const cut = line.indexOf(' ');
    const key = line.slice(0, cut);
    values.set(key, [...(values.get(key) ?? []), line.slice(cut + 1)]);
  }
  return values;
}

async function ours(file: string, address: string, user?: string): Promise<HostConfig> {
  const lines = await loadConfig([{ path: file, system: false }], { home: me.homedir });
  return hostConfig(
    { name: address, address, privateKeyFiles: [], transport: 'ssh', ...(user === undefined ? {} : { user }) },
    lines,
    { env: () => undefined, home: me.homedir, user: me.username, warn: () => undefined },
  );
}

/** The values that both print, in one spelling. */
function compare(config: HostConfig, said: Map<string, string[]>): [object, object] {
  const first = (key: string): string | undefined => said.get(key)?.[0];
  const expand = (path: string): string => path.replace(/^~(?=\/)/, me.homedir);
  const tokens = (path: string): string =>
    expand(path)
      .replaceAll('%h', first('hostname') ?? '')
      .replaceAll('%r', first('user') ?? '')
      .replaceAll('%u', me.username)
      .replaceAll('%d', me.homedir)
      .replaceAll('%p', first('port') ?? '')
      .replaceAll('%n', config.originalHost);
  const named = config.identitiesNamed;
  const checking = { ask: 'accept-new', true: 'yes', false: 'no', off: 'no' }[first('stricthostkeychecking') ?? ''];
  return [
    {
      host: config.host,
      port: config.port,
      user: config.user,
      only: config.identitiesOnly,
      files: named ? config.identityFiles : 'default',
      known: config.knownHostsFiles.slice(0, 2),
      checking: config.checking,
      jumps: config.jumps.join(',') || undefined,
      proxy: config.proxyCommand,
    },
    {
      host: first('hostname'),
      port: Number(first('port')),
      user: first('user'),
      only: first('identitiesonly') === 'yes',
      files: named ? said.get('identityfile')?.map(tokens) : 'default',
      known: (first('userknownhostsfile') ?? '')
        .split(' ')
        .concat((first('globalknownhostsfile') ?? '').split(' '))
        .slice(0, 2)
        .map(tokens),
      checking: checking ?? first('stricthostkeychecking'),
      jumps: first('proxyjump'),
      proxy: first('proxycommand') === undefined ? undefined : tokens(first('proxycommand') ?? ''),
    },
  ];
}

function makeRandom(seed: string): (below: number) => number {
  let count = 0;
  return (below) => createHash('sha256').update(`${seed}${count++}`).digest().readUInt32BE(0) % below;
}

function generate(seed: number): string {
  const random = makeRandom(`config${seed}`);
  const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T;
  const hosts = ['a', 'b', 'web1', 'web2', 'db.example.com', '*', 'web*', 'web?', '*.example.com', '!web2', '!a', 'A'];
  const setting = (): string => {
    const equals = pick([' ', ' ', '=', ' = ', '\t']);
    const [keyword, value] = pick([
      ['HostName', pick(['10.0.0.1', '%h.internal', 'real.example.com', '"quoted.example"'])],
      ['hostname', pick(['other', '%h'])],
      ['User', pick(['root', 'ops', '"deploy"'])],
      ['Port', pick(['22', '2222', '10022'])],
      ['IdentityFile', pick(['~/.ssh/%h_key', '/keys/%r@%h', '~/.ssh/id_work', '/k/%u', '"/with blank/key"'])],
      ['IdentitiesOnly', pick(['yes', 'no'])],
      ['UserKnownHostsFile', pick(['/kh/%h', '/kh/one /kh/two', '~/.ssh/kh'])],
      ['StrictHostKeyChecking', pick(['yes', 'no', 'accept-new', 'off'])],
      ['ProxyJump', pick(['jump', 'ops@jump:2222', 'j1,j2', 'none'])],
      ['ProxyCommand', pick(['nc %h %p', 'ssh -W %h:%p bastion', 'none', 'connect -S "x y" %h # no comment %p'])],
      ['ConnectTimeout', '5'],
      ['ForwardAgent', 'no'],
    ] as const);
    return `${pick(['', '  ', '\t'])}${keyword}${equals}${value}${pick(['', '', ' '])}`;
  };
  const block = (): string =>
    pick([
      `Host ${pick(hosts)}${pick(['', ` ${pick(hosts)}`, ` ${pick(hosts)} ${pick(hosts)}`])}`,
      `Match ${pick(['host', 'originalhost', '!host', '!originalhost'])} ${pick(['web*', 'a,b', 'web*,!web2', '*.internal', 'other'])}`,
      `Match user ${pick(['root', 'ops', '*', '!root,*'])}`,
      `Match host=${pick(['web1', '*'])} user ${pick(['ops', 'root'])}`,
      'Match all',
      '# comment',
      '',
    ]);
  const lines = Array.from({ length: 14 }, () => (random(3) === 0 ? block() : setting()));
  return `${lines.join('\n')}\n`;
}

describe('ssh_config against ssh -G', () => {
  test.each(Array.from({ length: 60 }, (_, index) => index))('file %i', async (seed) => {
    const file = join(directory, `config${seed}`);
    const text = generate(seed);
    writeFileSync(file, text);
    for (const host of ['a', 'web1', 'web2', 'db.example.com']) {
      const user = seed % 5 === 0 ? 'ops' : undefined;
      const [mine, theirs] = compare(await ours(file, host, user), oracle(file, host, user));
      expect({ host, text, ...mine }).toEqual({ host, text, ...theirs });
    }
  });

  test('Include, with globs, in and out of blocks', async () => {
    const at = (name: string): string => join(directory, name);
    writeFileSync(at('inc1.conf'), 'Host web1\n  Port 1111\nHost *\n  User fromone\n');
    writeFileSync(at('inc2.conf'), 'IdentityFile /k/two\nHost web2\n  Port 2222\n');
    writeFileSync(
      at('main'),
      `Include ${at('inc*.conf')}\nHost web1\n  Include ${at('inc2.conf')}\n  HostName one\nHost web2\n  Include ${at('inc2.conf')}\n  HostName two\n`,
    );
    for (const host of ['web1', 'web2', 'other']) {
      const [mine, theirs] = compare(await ours(at('main'), host), oracle(at('main'), host));
      expect({ host, ...mine }).toEqual({ host, ...theirs });
    }
  });
});
