#!/usr/bin/env node
// How long kprep takes to start, next to bare `node -e 0`; and until `kprep exec` dials.
// node bench/start.js [--rounds 9]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measure, median } from './support/measure.js';
import { table } from './support/table.js';

const { values: options } = parseArgs({ options: { rounds: { type: 'string', default: '9' } } });
const directory = mkdtempSync(join(tmpdir(), 'kprep-bench-'));
const bin = join(import.meta.dirname, '..', 'dist', 'bin.js');
const inventory = join(directory, 'hosts.ini');

/** Seconds from the start of the program to its first connection, which gets no answer. */
async function dials() {
  const begun = process.hrtime.bigint();
  const words = ['exec', 'all', '-i', inventory, '-T', '1', '--', 'true'];
  const child = spawn(process.execPath, [bin, ...words], { stdio: 'ignore', env: { ...process.env, HOME: directory } });
  const gone = once(child, 'close');
  const [socket] = await once(server, 'connection');
  const wall = Number(process.hrtime.bigint() - begun) / 1e9;
  child.kill();
  socket.destroy();
  await gone;
  return { wall, cpu: Number.NaN };
}

const contenders = {
  'node -e 0': () => measure([process.execPath, '-e', '0'], { directory }),
  'kprep --version': () => measure([process.execPath, bin, '--version'], { directory }),
  'kprep hosts all': () => measure([process.execPath, bin, 'hosts', 'all', '-i', inventory], { directory }),
  'kprep exec, until it dials': dials,
};

const server = createServer().listen(0, '127.0.0.1');
try {
  await once(server, 'listening');

  writeFileSync(inventory, `host1 ansible_host=127.0.0.1 ansible_port=${server.address().port}\n`);
  const runs = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  for (let round = 0; round < Number(options.rounds); round += 1) {
    for (const [name, contender] of Object.entries(contenders)) runs[name].push(await contender());
  }
  const middle = (name, key) => median(runs[name].map((run) => run[key])) * 1000;
  const shown = (value) => (Number.isNaN(value) ? '' : value);
  const rows = Object.keys(contenders).map((name) => [
    name,
    ...['wall', 'cpu'].flatMap((key) => [
      shown(Math.round(middle(name, key))),
      shown(Number((middle(name, key) / middle('node -e 0', key)).toFixed(1))),
    ]),
  ]);
  process.stdout.write(`\nmedians of ${options.rounds}\n`);
  process.stdout.write(table([['', 'wall ms', 'x node', 'cpu ms', 'x node'], ...rows]));
} finally {
  server.close();
  rmSync(directory, { recursive: true, force: true });
}
