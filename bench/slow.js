#!/usr/bin/env node
// The twelve steps over a line with a long round trip, next to one `ssh host true` over the same line.
// node bench/slow.js [--rtt 100] [--rounds 5]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loopbackHosts } from './support/loopback.js';
import { measure, median } from './support/measure.js';
import { program as relayProgram } from './support/slow-relay.js';
import { table } from './support/table.js';

const here = import.meta.dirname;
const { values: options } = parseArgs({
  options: { rtt: { type: 'string', default: '100' }, rounds: { type: 'string', default: '5' } },
});
const rtt = Number(options.rtt);
const directory = mkdtempSync(join(tmpdir(), 'kprep-bench-'));
const root = join(directory, 'root');
const kprep = [process.execPath, join(here, '..', 'dist', 'bin.js')];
const env = { XDG_STATE_HOME: join(directory, 'state') };

/** The first host of the fleet again, at the other end of the line: an inventory and an ssh_config of its own. */
async function slowHost(fleet) {
  const [host] = fleet.hosts;
  const config = readFileSync(fleet.sshConfig, 'utf8');
  const sshd = /^ {2}Port (\d+)$/m.exec(config)[1];
  const relay = spawn(process.execPath, [relayProgram, String(rtt), host.address, sshd], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = await once(relay.stdout, 'data');
  const port = String(line).trim();
  const move = (file, change) => writeFileSync(file, change(readFileSync(file, 'utf8')));
  move(fleet.inventory, (text) => text.replaceAll(`ansible_port=${sshd}`, `ansible_port=${port}`));
  move(fleet.sshConfig, (text) => text.replace(`  Port ${sshd}`, `  Port ${port}`));
  move(join(directory, 'known_hosts'), (text) => text.replaceAll(`:${sshd} `, `:${port} `));
  return relay;
}

function run(argv) {
  return measure(argv, { directory, env }).wall;
}

function prepare(state) {
  const words = ['run', join(here, 'prep.ansible.yml'), '-i', fleet.inventory, '-e', `bench_root=${root}`];
  const events = join(directory, 'events.jsonl');
  const wall = run([...kprep, ...words, '-o', `jsonl=${events}`]);
  const last = JSON.parse(readFileSync(events, 'utf8').trim().split('\n').at(-1));
  trips[state] = last.roundTrips;
  return wall;
}

const contenders = {
  'ssh host true': () => run(['ssh', '-F', fleet.sshConfig, 'host1', 'true']),
  'kprep exec true': () => run([...kprep, 'exec', 'all', '-i', fleet.inventory, '--', 'true']),
  'kprep run, converged': () => prepare('kprep run, converged'),
  'kprep run, fresh': () => {
    rmSync(root, { recursive: true, force: true });
    mkdirSync(root);
    return prepare('kprep run, fresh');
  },
};
const trips = {};

let fleet;
let relay;
try {
  fleet = await loopbackHosts(directory, 1);
  relay = await slowHost(fleet);
  const walls = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  // Fresh first: what it leaves is what the converged run finds.
  for (let round = 0; round < Number(options.rounds); round += 1) {
    for (const name of Object.keys(contenders).toReversed()) walls[name].push(contenders[name]());
  }
  const base = median(walls['ssh host true']);
  const rows = Object.entries(walls).map(([name, list]) => {
    const wall = median(list);
    return [name, wall.toFixed(2), (wall / base).toFixed(2), ((wall * 1000) / rtt).toFixed(1), trips[name] ?? ''];
  });
  process.stdout.write(`\none host, round trip ${rtt} ms, medians of ${options.rounds}\n`);
  process.stdout.write(table([['', 'wall s', 'x ssh true', 'wall / rtt', 'trips after login'], ...rows]));
} finally {
  relay?.stdin.end();
  await fleet?.stop();
  rmSync(directory, { recursive: true, force: true });
}
