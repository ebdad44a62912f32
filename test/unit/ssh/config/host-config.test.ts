import { describe, expect, test } from '@jest/globals';
import type { ConnectionTarget } from '../../../../src/model/connection.ts';
import { type HostConfig, hostConfig } from '../../../../src/ssh/config/host-config.ts';
import { parseConfig } from '../../../../src/ssh/config/parse.ts';
import { matchesPattern } from '../../../../src/ssh/config/patterns.ts';
import { jumpTargets } from '../../../../src/ssh/ssh2/jumps.ts';

function resolve(
  text: string,
  target: Partial<ConnectionTarget> = {},
): { readonly config: HostConfig; readonly warnings: string[] } {
  const { lines, problems } = parseConfig(text, 'config');
  expect(problems).toEqual([]);
  const warnings: string[] = [];
  const config = hostConfig(
    { name: 'web1', address: 'web1', privateKeyFiles: [], transport: 'ssh', ...target },
    lines,
    {
      env: (name) => (name === 'SSH_AUTH_SOCK' ? '/agent' : undefined),
      home: '/home/me',
      user: 'me',
      warn: (message) => warnings.push(message),
    },
  );
  return { config, warnings };
}

describe('what holds for a host', () => {
  test('the defaults', () => {
    expect(resolve('').config).toMatchObject({
      host: 'web1',
      port: 22,
      user: 'me',
      agentSocket: '/agent',
      checking: 'accept-new',
      connectTimeoutMs: 10_000,
      aliveIntervalMs: 10_000,
      aliveCountMax: 2,
      identitiesNamed: false,
      identitiesOnly: false,
      jumps: [],
      proxyCommand: undefined,
    });
  });

  test('the target beats the ssh arguments, and they beat the files', () => {
    const text = 'User file\nPort 1\nProxyJump file';
    expect(resolve(text, { user: 'target' }).config).toMatchObject({ user: 'target', port: 1 });
    const sshArgs = [
      '-l',
      'args',
      '-o',
      'Port=2',
      '-Jargs',
      '-C',
      '-o',
      'StrictHostKeyChecking no',
      '-o',
      'UserKnownHostsFile=/dev/null',
    ];
    expect(resolve(text, { sshArgs }).config).toMatchObject({ user: 'args', port: 2, jumps: ['args'], checking: 'no' });
    expect(resolve(text, { sshArgs, user: 'target', port: 3 }).config).toMatchObject({ user: 'target', port: 3 });
  });

  test('keys of the target come before those of the files', () => {
    const { config } = resolve('IdentityFile ~/.ssh/%h', { privateKeyFiles: ['/k'] });
    expect(config).toMatchObject({ identityFiles: ['/k', '/home/me/.ssh/web1'], identitiesNamed: true });
  });

  test.each([
    ['90', 90],
    ['1m30s', 90],
    ['2h', 7200],
  ])('a time: %s', (text, seconds) => {
    expect(resolve(`ConnectTimeout ${text}`).config.connectTimeoutMs).toBe(seconds * 1000);
  });

  test.each([
    ['IdentityAgent none', undefined],
    ['IdentityAgent ~/a', '/home/me/a'],
    ['IdentityAgent $SSH_AUTH_SOCK', '/agent'],
    ['IdentityAgent SSH_AUTH_SOCK', '/agent'],
  ])('%s', (text, socket) => {
    expect(resolve(text).config.agentSocket).toBe(socket);
  });

  test('what is not honoured is told, what does not matter is not', () => {
    const text =
      'CertificateFile /c\nForwardX11 yes\nCiphers aes128-ctr\nPasswordAuthentication no\nPubkeyAuthentication yes\nLogLevel DEBUG';
    expect(resolve(text).warnings.map((warning) => warning.split(' ').slice(0, 2).join(' '))).toEqual([
      'config:1: certificatefile',
      'config:3: ciphers',
      'config:4: passwordauthentication',
    ]);
    expect(resolve('Match exec "true"\n  Port 5').config.port).toBe(22);
    expect(resolve('Match exec "true"\n  Port 5').warnings[0]).toContain('Match exec');
  });

  const wrong: readonly [string, string, Partial<ConnectionTarget>][] = [
    ['an unknown token', 'HostName %x', {}],
    ['a port that is none', 'Port 99999', {}],
    ['its own jump host', 'ProxyJump web1', {}],
    ['a name for the shell', 'ProxyCommand nc %h %p', { address: 'a;b' }],
    ['a user for the shell', 'ProxyCommand nc %r@%h', { user: '$(id)' }],
    ['an option as the host', '', { address: '-oProxyCommand=x' }],
    ['an ssh argument that only ssh knows', '', { sshArgs: ['-w', '0'] }],
    ['an ssh argument without its value', '', { sshArgs: ['-o'] }],
  ];
  test.each(wrong)('%s', (_, text, target) => {
    expect(() => resolve(text, target)).toThrow(expect.objectContaining({ kind: 'unreachable' }));
  });
});

test.each([
  ['a line of nothing but signs', '=\n'],
  ['an open quote', 'User "x\n'],
])('%s is a problem with its line', (_, text) => {
  expect(parseConfig(text, 'config').problems).toMatchObject([{ file: 'config', line: 1 }]);
});

test.each([
  ['a', 'a', true],
  ['a', 'b', false],
  ['abc', 'a*', true],
  ['abc', '*c', true],
  ['abc', 'a?c', true],
  ['abc', 'a?', false],
  ['', '*', true],
  ['aXbXc', 'a*b*c', true],
  [`${'a'.repeat(5000)}b`, `${'a*'.repeat(50)}c`, false],
])('%s matches %s: %s', (name, pattern, expected) => {
  expect(matchesPattern(name, pattern)).toBe(expected);
});

test.each([
  ['jump', { address: 'jump' }],
  ['ops@jump:2222', { address: 'jump', user: 'ops', port: 2222 }],
  ['[fe80::1]:22', { address: 'fe80::1', port: 22 }],
  ['2001:db8::1', { address: '2001:db8::1' }],
  ['ssh://ops@jump:2222/', { address: 'jump', user: 'ops', port: 2222 }],
])('the jump host %s', (text, expected) => {
  const [target] = jumpTargets([text]);
  expect(target).toMatchObject(expected);
});

test.each(['-x', 'a b', 'a;b', 'x@-y', ''])('no jump host: %j', (text) => {
  expect(() => jumpTargets([text])).toThrow(expect.objectContaining({ kind: 'unreachable' }));
});
