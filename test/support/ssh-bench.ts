import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { Connect, Connection, ConnectionTarget } from '../../src/model/connection.ts';
import { makeConnect, type SshOptions } from '../../src/ssh/index.ts';
import type { LoopbackSshd } from './loopback-sshd.ts';

/** Connections to a test server, with a home directory of their own; `clean` after each test. */
export interface SshBench {
  readonly home: string;
  readonly warnings: string[];
  readonly knownHosts: string;
  options(more?: Partial<SshOptions>): SshOptions;
  target(more?: Partial<ConnectionTarget>): ConnectionTarget;
  connect(more?: Partial<ConnectionTarget>, options?: Partial<SshOptions>): Promise<Connection>;
  /** Several connections of one run. */
  run(options?: Partial<SshOptions>): Connect;
  clean(): Promise<void>;
}

export function makeSshBench(server: Pick<LoopbackSshd, 'port' | 'identityFile'>): SshBench {
  const home = mkdtempSync(join(tmpdir(), 'kprep-home-'));
  const warnings: string[] = [];
  const open: Connection[] = [];
  const knownHosts = join(home, '.ssh', 'known_hosts');
  const options = (more: Partial<SshOptions> = {}): SshOptions => ({
    env: () => undefined,
    home,
    user: userInfo().username,
    warn: (message) => warnings.push(message),
    configFile: 'none',
    knownHostsFiles: [knownHosts],
    ...more,
  });
  const target = (more: Partial<ConnectionTarget> = {}): ConnectionTarget => ({
    name: 'host',
    address: '127.0.0.1',
    port: server.port,
    privateKeyFiles: [server.identityFile],
    transport: 'ssh',
    ...more,
  });
  const run = (more?: Partial<SshOptions>): Connect => {
    const connect = makeConnect(options(more));
    return async (to, rest) => {
      const connection = await connect(to, rest);
      open.push(connection);
      return connection;
    };
  };
  return {
    home,
    warnings,
    knownHosts,
    options,
    target,
    run,
    connect: (more, rest) => run(rest)(target(more), {}),
    async clean() {
      await Promise.all(open.splice(0).map((connection) => connection.close()));
      rmSync(home, { recursive: true, force: true });
    },
  };
}
