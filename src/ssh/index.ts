import type { Connect } from '../model/connection.ts';
import { KprepError } from '../shared/errors.ts';
import { makeAgentLister } from './auth/agent.ts';
import { makeKeyRing } from './auth/keys.ts';
import { loadConfig } from './config/load.ts';
import { makeHostKeyStore } from './host-keys/store.ts';
import { connectLocal } from './local.ts';
import { connectOpenSsh } from './openssh.ts';
import type { SshOptions } from './options.ts';
import { connectSsh2, openLink, type Shared } from './ssh2/connect.ts';
import { type Jumps, makeJumps } from './ssh2/jumps.ts';
import { loadSsh2 } from './ssh2/library.ts';

export { collectSpooled, listSpooled } from './frames/spool.ts';
export { connectLocal } from './local.ts';
export type { SshOptions } from './options.ts';

/**
 * The way to hosts for one run: keys, known hosts, ssh_config and jump connections are read or opened once and shared.
 * Nothing is read before the first host is dialled.
 */
export function makeConnect(options: SshOptions): Connect {
  const told = new Set<string>();
  const warn = (message: string): void => {
    if (told.has(message)) return;
    told.add(message);
    options.warn(message);
  };
  let shared: Promise<Shared> | undefined;
  return async (target, { signal }) => {
    if (signal?.aborted) throw new KprepError('cancelled', 'stopped before connecting');
    if (target.transport === 'local') return connectLocal(target, localOptions(options));
    if (target.transport === 'openssh') return connectOpenSsh(target, { ...options, warn }, signal);
    shared ??= share({ ...options, warn });
    return connectSsh2(await shared, target, signal);
  };
}

function localOptions({ watchSeconds }: SshOptions): { watchSeconds?: number } {
  return watchSeconds === undefined ? {} : { watchSeconds };
}

async function share(options: SshOptions): Promise<Shared> {
  const { home, configFile, warn } = options;
  const files =
    configFile === undefined
      ? [
          { path: `${home}/.ssh/config`, system: false },
          { path: '/etc/ssh/ssh_config', system: true },
        ]
      : [{ path: configFile, system: false }];
  const [ssh2, lines] = await Promise.all([loadSsh2(), loadConfig(configFile === 'none' ? [] : files, { home })]);
  const base = {
    ssh2,
    options,
    lines,
    credentials: { keys: makeKeyRing(ssh2, options), agentKeys: makeAgentLister(ssh2, warn) },
    hostKeys: makeHostKeyStore(warn),
  };
  const jumps: Jumps = makeJumps((target, through) => openLink({ ...base, jumps }, { target, through }));
  return { ...base, jumps };
}
