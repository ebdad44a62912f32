import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { inventory, knownHosts } from './files.js';
import { here } from './places.js';

/**
 * Makes every host of a fleet reachable on a port of 127.0.0.1, for clients that cannot enter the fleet's network.
 * Both ends see a plain TCP connection. Close it before the fleet goes down.
 */
export async function relay(fleet) {
  const enter = [`--net=/proc/${fleet.hub.pid}/ns/net`, process.execPath];
  const child = fork(join(here, 'run', 'relay.js'), { execPath: 'nsenter', execArgv: enter });
  const ports = new Map();
  for (const host of fleet.hosts) {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ports.set(host.name, server.address().port);
    const taken = once(child, 'message');
    child.send(host.address, server);
    await taken;
    server.close();
  }
  const port = (name) => ports.get(name);
  return {
    port,
    inventory: (knownHostsFile) =>
      inventory(fleet, { at: (host) => ({ address: '127.0.0.1', port: port(host.name) }), knownHostsFile }),
    knownHosts: () => knownHosts(fleet, (host) => [`[127.0.0.1]:${port(host.name)}`]),
    async close() {
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}
