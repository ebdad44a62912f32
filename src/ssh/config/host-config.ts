import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { ConnectionTarget } from '../../model/connection.ts';
import { KprepError } from '../../shared/errors.ts';
import type { SshOptions } from '../options.ts';
import { linesOfArgs } from './args.ts';
import type { ConfigLine } from './parse.ts';
import { type ConfigValues, resolveConfig } from './resolve.ts';

/** Everything that is needed to reach one host: what the target says, else the files, else the defaults. */
export interface HostConfig {
  /** As it was given. */
  readonly originalHost: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly family: 0 | 4 | 6;
  readonly identityFiles: readonly string[];
  /** False: the files are the defaults, whose absence is no news. */
  readonly identitiesNamed: boolean;
  readonly identitiesOnly: boolean;
  readonly agentSocket: string | undefined;
  readonly knownHostsFiles: readonly string[];
  readonly hostKeyAlias: string | undefined;
  readonly hashKnownHosts: boolean;
  readonly checking: 'yes' | 'accept-new' | 'no';
  readonly connectTimeoutMs: number;
  readonly aliveIntervalMs: number;
  readonly aliveCountMax: number;
  /** Jump hosts as they are written, in order. */
  readonly jumps: readonly string[];
  readonly proxyCommand: string | undefined;
}

const DEFAULT_IDENTITIES = ['id_rsa', 'id_ecdsa', 'id_ed25519'];
/** ssh2 gives up at the third tick: 30 s. */
const ALIVE = { interval: 10_000, count: 2 };

/** @throws KprepError `unreachable` when a value cannot be meant. */
export function hostConfig(target: ConnectionTarget, files: readonly ConfigLine[], options: SshOptions): HostConfig {
  const { address } = target;
  const lines = target.sshArgs ? [...linesOfArgs(target.sshArgs), ...files] : files;
  const values = resolveConfig(lines, {
    host: address,
    user: target.user,
    localUser: options.user,
    warn: options.warn,
  });
  const host = checkedHost(expand(values.first('hostname') ?? address, { h: address }, 'HostName'));
  const port = portOf(target.port ?? values.first('port') ?? 22);
  const user = target.user ?? values.first('user') ?? options.user;
  const tokens = tokensOf({ host, port, user, address }, options);
  const path = (text: string, what: string): string => pathOf(expand(text, tokens, what), options.home);
  const identities = [...new Set(values.all('identityfile'))].filter((file) => file.toLowerCase() !== 'none');
  const named = target.privateKeyFiles.length > 0 || values.all('identityfile').length > 0;
  const proxyCommand = none(values.first('proxycommand'));
  return {
    originalHost: address,
    host,
    port,
    user,
    family: familyOf(values.first('addressfamily')),
    identityFiles: named
      ? [...target.privateKeyFiles, ...identities.map((file) => path(file, 'IdentityFile'))]
      : DEFAULT_IDENTITIES.map((name) => join(options.home, '.ssh', name)),
    identitiesNamed: named,
    identitiesOnly: isYes(values.first('identitiesonly')),
    agentSocket: agentOf(values, options, path),
    knownHostsFiles: knownHostsOf(values, options, path),
    hostKeyAlias: values.first('hostkeyalias'),
    hashKnownHosts: isYes(values.first('hashknownhosts')),
    checking:
      target.hostKeyChecking ?? options.hostKeyChecking ?? checkingOf(values.first('stricthostkeychecking'), options),
    connectTimeoutMs:
      1000 * (target.connectTimeout ?? options.connectTimeout ?? seconds(values, 'connecttimeout') ?? 10),
    aliveIntervalMs: (seconds(values, 'serveraliveinterval') || 0) * 1000 || ALIVE.interval,
    aliveCountMax: seconds(values, 'serveralivecountmax') ?? ALIVE.count,
    jumps: jumpsOf(values, address, port),
    proxyCommand: proxyCommand === undefined ? undefined : expand(proxyCommand, shellSafe(tokens), 'ProxyCommand'),
  };
}

function jumpsOf(values: ConfigValues, address: string, port: number): readonly string[] {
  const jumps = (none(values.first('proxyjump')) ?? '').split(',').filter((jump) => jump !== '');
  // `Host *` with a ProxyJump holds for the jump host too.
  const loops = jumps.some((jump) => {
    const [, host, at] = /^(?:ssh:\/\/)?(?:[^@]*@)?(.*?)(?::(\d+))?$/.exec(jump) ?? [];
    return host === address && (at === undefined || Number(at) === port);
  });
  if (!loops) return jumps;
  throw new KprepError('unreachable', `ssh_config: ${address} is its own jump host`, {
    remedy: `Leave it out of the block: Host * !${address}`,
  });
}

type Tokens = Readonly<Record<string, string>>;

function tokensOf(
  { host, port, user, address }: { host: string; port: number; user: string; address: string },
  { home, user: localUser }: SshOptions,
): Tokens {
  const local = hostname();
  const hash = createHash('sha1').update(`${local}${host}${port}${user}`).digest('hex');
  return {
    h: host,
    n: address,
    p: String(port),
    r: user,
    u: localUser,
    d: home,
    l: local,
    L: local.split('.')[0] ?? local,
    C: hash,
  };
}

/** ssh_config(5), TOKENS. */
function expand(text: string, tokens: Tokens, what: string): string {
  return text.replace(/%(.?)/g, (_, token: string) => {
    if (token === '%') return '%';
    const value = tokens[token];
    if (value === undefined) throw new KprepError('unreachable', `ssh_config: %${token} is not known in ${what}`);
    return value;
  });
}

/** A token in a command for the shell must not become shell: an inventory may come from elsewhere. */
function shellSafe(tokens: Tokens): Tokens {
  return Object.fromEntries(
    Object.entries(tokens).map(([name, value]) => {
      if (['h', 'n', 'r', 'p'].includes(name) && !isPlainName(value)) {
        throw new KprepError('unreachable', `${JSON.stringify(value)} cannot be handed to ProxyCommand`, {
          remedy: 'Host and user names may hold letters, digits and . _ - @ : % + only, and not begin with -.',
        });
      }
      return [name, value];
    }),
  );
}

/** Safe as a word of a shell and of argv. */
export function isPlainName(text: string): boolean {
  return /^[A-Za-z0-9_.:@%+[\]][A-Za-z0-9_.:@%+[\]-]*$/.test(text);
}

function checkedHost(host: string): string {
  if (host !== '' && !host.startsWith('-') && !/[\s\0/]/.test(host)) return host;
  throw new KprepError('unreachable', `${JSON.stringify(host)} is no host name`);
}

function portOf(text: string | number): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65536) return port;
  throw new KprepError('unreachable', `${JSON.stringify(text)} is no port`);
}

function pathOf(text: string, home: string): string {
  return text === '~' ? home : text.startsWith('~/') ? join(home, text.slice(2)) : text;
}

function isYes(text: string | undefined): boolean {
  return text !== undefined && /^(yes|true)$/i.test(text);
}

function none(text: string | undefined): string | undefined {
  return text !== undefined && text.toLowerCase() === 'none' ? undefined : text;
}

function familyOf(text: string | undefined): 0 | 4 | 6 {
  return text?.toLowerCase() === 'inet' ? 4 : text?.toLowerCase() === 'inet6' ? 6 : 0;
}

/** ssh's time formats: `90`, `1m30s`. */
function seconds(values: ConfigValues, keyword: string): number | undefined {
  const text = values.first(keyword);
  if (text === undefined || text.toLowerCase() === 'none') return undefined;
  const parts = [...text.matchAll(/(\d+)([smhdw]?)/gi)];
  if (parts.map(([part]) => part).join('') !== text)
    throw new KprepError('unreachable', `ssh_config: ${keyword} ${text}`);
  const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (units[(unit || 's').toLowerCase()] ?? 1), 0);
}

function checkingOf(text: string | undefined, { warn }: SshOptions): HostConfig['checking'] {
  const value = text?.toLowerCase();
  if (value === undefined || value === 'accept-new') return 'accept-new';
  if (value === 'yes' || value === 'true') return 'yes';
  if (value === 'no' || value === 'off' || value === 'false') return 'no';
  if (value === 'ask') warn('ssh_config: StrictHostKeyChecking ask is taken as yes: many hosts cannot be asked about');
  return 'yes';
}

function agentOf(
  values: ConfigValues,
  { agentSocket, env }: SshOptions,
  path: (text: string, what: string) => string,
): string | undefined {
  if (agentSocket !== undefined) return agentSocket === '' ? undefined : agentSocket;
  const text = values.first('identityagent');
  const auth = env('SSH_AUTH_SOCK') || undefined;
  if (text === undefined || text === 'SSH_AUTH_SOCK') return auth;
  if (text.toLowerCase() === 'none') return undefined;
  return text.startsWith('$') ? env(text.slice(1).replace(/^\{|\}$/g, '')) : path(text, 'IdentityAgent');
}

function knownHostsOf(
  values: ConfigValues,
  { home, knownHostsFiles }: SshOptions,
  path: (text: string, what: string) => string,
): readonly string[] {
  if (knownHostsFiles) return knownHostsFiles;
  const user = values.words('userknownhostsfile');
  const global = values.words('globalknownhostsfile');
  return [
    ...(user.length > 0 ? user : ['known_hosts', 'known_hosts2'].map((name) => join(home, '.ssh', name))),
    ...(global.length > 0 ? global : ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2']),
  ]
    .filter((file) => file.toLowerCase() !== 'none')
    .map((file) => path(file, 'UserKnownHostsFile'));
}
