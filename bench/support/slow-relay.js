#!/usr/bin/env node
// node slow-relay.js RTT_MS HOST PORT: listens on 127.0.0.1, prints its port, passes bytes on as a line with that round trip would.
import { connect, createServer } from 'node:net';

/** What to start: in a process of its own, since who waits for a contender passes no bytes on. */
export const program = import.meta.filename;

const [rtt, host, port] = [Number(process.argv[2]), process.argv[3], Number(process.argv[4])];

/** Calls `send` with each chunk, and once with none at the end, when it would arrive there; in order. */
function late(from, { notBefore, send }) {
  const queue = [];
  const pass = (chunk) => {
    queue.push(chunk);
    // Timers of unlike length may fire in any order; the queue keeps it.
    setTimeout(() => send(queue.shift()), Math.max(0, notBefore - Date.now()) + rtt / 2);
  };
  from.on('data', pass);
  from.on('end', () => pass());
  from.on('error', () => undefined);
}

const server = createServer({ noDelay: true, allowHalfOpen: true }, (near) => {
  // The kernel answers the SYN at once: what a client says before a round trip is over would really still be in it.
  const open = Date.now() + rtt;
  const far = connect({ host, port, noDelay: true, allowHalfOpen: true });
  const to = (socket) => (chunk) => (chunk ? socket.write(chunk) : socket.end());
  late(near, { notBefore: open, send: to(far) });
  late(far, { notBefore: open - rtt / 2, send: to(near) });
  for (const [one, other] of [
    [near, far],
    [far, near],
  ])
    one.on('close', () => setTimeout(() => other.destroy(), rtt));
});
if (process.argv[1] === program) {
  server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
  process.stdin.resume().on('end', () => process.exit());
}
