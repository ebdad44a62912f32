import { resolve } from 'node:path';
import type { Io } from './io.ts';
import type { ConnectionOptions, OutputOptions, RunOptions } from './options.ts';
import type { Passwords } from './passwords.ts';

/** The command line's defaults for logging in and becoming, as the playbook layer takes them. */
export function planOptions(io: Io, given: ConnectionOptions & RunOptions & OutputOptions, passwords: Passwords) {
  const keys = given['private-key']?.map((path) => resolve(io.cwd, path.replace(/^~(?=\/)/, io.home)));
  return {
    ...(given.user === undefined ? {} : { user: given.user }),
    ...(given.port === undefined ? {} : { port: given.port }),
    ...(keys ? { privateKeys: keys } : {}),
    ...(given.become === undefined ? {} : { become: given.become }),
    ...(given['become-user'] === undefined ? {} : { becomeUser: given['become-user'] }),
    ...(given['become-method'] === undefined ? {} : { becomeMethod: given['become-method'] }),
    ...(passwords.connection === undefined ? {} : { connectionPassword: passwords.connection }),
    ...(passwords.become === undefined ? {} : { becomePassword: passwords.become }),
    connectTimeout: given.timeout ?? 10,
    forks: given.forks ?? 64,
    verbosity: given.verbose ?? 0,
  };
}
