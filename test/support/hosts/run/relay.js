import { connect } from 'node:net';

// Runs in a fleet's network. Is sent listening sockets of the machine's network, and joins each connection to its host's sshd.
process.on('message', (address, server) => {
  server.on('connection', (near) => {
    const far = connect({ host: address, port: 22, noDelay: true });
    near.setNoDelay(true);
    near.pipe(far).pipe(near);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ]) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  process.send(address);
});
process.on('disconnect', () => process.exit());
