import { coerceValue, textOf } from '../model/coerce.ts';
import { type ConnectionTarget, type Identity, LOGIN } from '../model/connection.ts';
import type { Evaluate, Scope } from '../model/plan.ts';
import type { Lookup } from '../model/template.ts';
import type { Value } from '../model/value.ts';
import { toValue } from '../model/yaml-value.ts';
import { KprepError } from '../shared/errors.ts';
import { type Compiler, lookupOf } from './compiler.ts';
import type { Context } from './context.ts';
import { shellWords } from './shell-words.ts';
import type { VarChain } from './vars/chain.ts';

/** Keywords of a task as they are inherited, and its variables. */
interface Standing {
  readonly compiler: Compiler;
  readonly keywords: Context['keywords'];
  readonly lookup: Lookup;
}

/**
 * Where and as whom to log in. The variables of the host are over keywords, keywords over the command line, as in
 * Ansible. `placeOf`: the context of the task or play that a scope stands for.
 */
export function targetOf(
  compiler: Compiler,
  placeOf: (scope: Scope) => { readonly keywords: Context['keywords']; readonly chain: VarChain },
): Evaluate<ConnectionTarget> {
  return (scope) => {
    const { keywords, chain } = placeOf(scope);
    const standing: Standing = { compiler, keywords, lookup: lookupOf(compiler, chain, scope) };
    const options = compiler.settings.options ?? {};
    const password =
      text(standing, ['ansible_password', 'ansible_ssh_pass', 'ansible_ssh_password']) ?? options.connectionPassword;
    if (password !== undefined) compiler.settings.secrets.add(password);
    const passphrase = text(standing, ['ansible_ssh_private_key_passphrase', 'ansible_private_key_passphrase']);
    if (passphrase !== undefined) compiler.settings.secrets.add(passphrase);
    return clean({
      name: scope.host,
      address: text(standing, ['ansible_host', 'ansible_ssh_host']) ?? scope.host,
      port: int(standing, ['ansible_port', 'ansible_ssh_port'], 'port') ?? options.port,
      user: text(standing, ['ansible_user', 'ansible_ssh_user'], 'remote_user') ?? options.user,
      password,
      privateKeyFiles: keyFiles(standing),
      privateKeyPassphrase: passphrase,
      transport: transportOf(standing, scope.host),
      hostKeyChecking: hostKeyChecking(standing),
      sshArgs: sshArgs(standing),
      shell: text(standing, ['ansible_shell_executable']),
      connectTimeout: int(standing, ['ansible_timeout', 'ansible_ssh_timeout']) ?? options.connectTimeout,
    });
  };
}

/** As whom a task runs on a host. @throws KprepError `task` for a method that there is not. */
export function identityOf(compiler: Compiler, context: Context, chain: VarChain): Evaluate<Identity> {
  return (scope) => {
    const standing: Standing = { compiler, keywords: context.keywords, lookup: lookupOf(compiler, chain, scope) };
    const options = compiler.settings.options ?? {};
    if (!(bool(standing, ['ansible_become'], 'become') ?? options.become ?? false)) return LOGIN;
    const method = text(standing, ['ansible_become_method'], 'become_method') ?? options.becomeMethod ?? 'sudo';
    if (method !== 'sudo' && method !== 'su' && method !== 'doas') {
      throw new KprepError('task', `there is no become method ${method}`, { remedy: 'sudo, su or doas' });
    }
    const passwords = [
      'ansible_become_password',
      'ansible_become_pass',
      `ansible_${method}_pass`,
      `ansible_${method}_password`,
    ];
    const password = text(standing, passwords) ?? options.becomePassword;
    if (password !== undefined) compiler.settings.secrets.add(password);
    const flags = text(standing, ['ansible_become_flags', `ansible_${method}_flags`], 'become_flags');
    return clean({
      method,
      user:
        text(standing, ['ansible_become_user', `ansible_${method}_user`], 'become_user') ??
        options.becomeUser ??
        'root',
      password,
      flags: flags === undefined ? undefined : shellWords(flags),
      executable: text(standing, ['ansible_become_exe', `ansible_${method}_exe`], 'become_exe'),
    });
  };
}

/** The first variable that is set, or the keyword. Empty text counts as not set. */
function find(standing: Standing, variables: readonly string[], keyword?: string): Value | undefined {
  for (const name of variables) {
    const value = standing.lookup.get(name);
    if (value !== undefined && value !== null && value !== '') return value;
  }
  const node = keyword === undefined ? undefined : standing.keywords.get(keyword);
  if (!node) return undefined;
  const value = standing.compiler.evaluator.value(toValue(node), standing.lookup);
  return value === null || value === '' ? undefined : value;
}

function text(standing: Standing, variables: readonly string[], keyword?: string): string | undefined {
  const value = find(standing, variables, keyword);
  return value === undefined ? undefined : textOf(value);
}

function int(standing: Standing, variables: readonly string[], keyword?: string): number | undefined {
  const value = find(standing, variables, keyword);
  return value === undefined ? undefined : (coerced(value, 'int', variables[0] ?? '') as number);
}

function bool(standing: Standing, variables: readonly string[], keyword?: string): boolean | undefined {
  const value = find(standing, variables, keyword);
  return value === undefined ? undefined : (coerced(value, 'bool', variables[0] ?? '') as boolean);
}

function coerced(value: Value, type: 'int' | 'bool', name: string): unknown {
  const result = coerceValue({ type, doc: '' }, value);
  if ('value' in result) return result.value;
  throw new KprepError('task', `${name}: ${result.problem}`);
}

function keyFiles(standing: Standing): readonly string[] {
  const own = text(standing, ['ansible_ssh_private_key_file', 'ansible_private_key_file']);
  return own === undefined ? (standing.compiler.settings.options?.privateKeys ?? []) : [own];
}

const TRANSPORTS: Readonly<Record<string, ConnectionTarget['transport'] | 'default'>> = {
  ...{ local: 'local', 'ansible.builtin.local': 'local', openssh: 'openssh' },
  ...{ ssh: 'default', smart: 'default', paramiko: 'default', paramiko_ssh: 'default', ssh2: 'default' },
  ...{ 'ansible.builtin.ssh': 'default', 'ansible.builtin.paramiko_ssh': 'default' },
};

/** `localhost` that no inventory names is this machine, without SSH. */
function transportOf(standing: Standing, host: string): ConnectionTarget['transport'] {
  const usual = standing.compiler.settings.options?.transport ?? 'ssh';
  const named = text(standing, ['ansible_connection'], 'connection');
  if (named === undefined) return isImplicitLocal(standing, host) ? 'local' : usual;
  const transport = Object.hasOwn(TRANSPORTS, named) ? TRANSPORTS[named] : undefined;
  if (transport === undefined)
    throw new KprepError('task', `there is no connection ${named}`, { remedy: 'ssh or local' });
  return transport === 'default' ? usual : transport;
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '::1']);

function isImplicitLocal({ compiler }: Standing, host: string): boolean {
  return LOOPBACK.has(host) && !compiler.settings.inventory.hosts.has(host);
}

function hostKeyChecking(standing: Standing): ConnectionTarget['hostKeyChecking'] {
  const value = find(standing, ['ansible_host_key_checking', 'ansible_ssh_host_key_checking']);
  if (value === undefined) return undefined;
  return coerced(value, 'bool', 'ansible_host_key_checking') ? 'yes' : 'no';
}

function sshArgs(standing: Standing): readonly string[] | undefined {
  const texts = ['ansible_ssh_common_args', 'ansible_ssh_extra_args'].map((name) => text(standing, [name]) ?? '');
  const words = texts.flatMap(shellWords);
  return words.length > 0 ? words : undefined;
}

/** Without the keys that are undefined. */
function clean<T extends object>(value: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T;
}

/** What a literal `connection:` or `become_method:` may be, for the check before the run. */
export const CONNECTIONS: readonly string[] = Object.keys(TRANSPORTS);
export const BECOME_METHODS: readonly string[] = ['sudo', 'su', 'doas'];
