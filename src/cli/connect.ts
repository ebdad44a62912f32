import { resolve } from 'node:path';
import type { Connect } from '../model/connection.ts';
import type { Secrets } from '../shared/secrets.ts';
import { printable } from '../shared/text.ts';
import type { Io } from './io.ts';
import type { ConnectionOptions } from './options.ts';
import { askPassword } from './passwords.ts';

/** How this run connects. ssh2 is loaded here, not before: listings and usage errors do not pay for it. */
export async function connectOf(io: Io, given: ConnectionOptions, secrets: Secrets): Promise<Connect> {
  const { makeConnect } = await import('../ssh/index.ts');
  return makeConnect({
    env: (name) => io.env[name],
    home: io.home,
    user: io.user,
    warn: (message) => io.stderr.write(`kprep: warning: ${printable(message)}\n`),
    ...(io.stdin.isTTY ? { askPassphrase: (file: string) => askPassphrase(io, file, secrets) } : {}),
    ...(given['ssh-config'] === undefined ? {} : { configFile: resolve(io.cwd, given['ssh-config']) }),
    ...(given['known-hosts'] === undefined ? {} : { knownHostsFiles: [resolve(io.cwd, given['known-hosts'])] }),
    ...(given['host-key-checking'] === undefined
      ? {}
      : { hostKeyChecking: given['host-key-checking'] as 'yes' | 'accept-new' | 'no' }),
    random: io.random,
    sleep: io.sleep,
  });
}

async function askPassphrase(io: Io, file: string, secrets: Secrets): Promise<string | undefined> {
  const passphrase = await askPassword(io, `Passphrase of ${file}: `);
  if (passphrase !== '') secrets.add(passphrase);
  return passphrase === '' ? undefined : passphrase;
}
