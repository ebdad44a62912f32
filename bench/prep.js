#!/usr/bin/env node
// Twelve preparation steps on loopback hosts, fresh and converged: kprep, a hand-written script through bare ssh, ansible-playbook.
// node bench/prep.js [--hosts 20] [--rounds 5] [--only shell,ansible,kprep] [--json FILE]
import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { loopbackHosts } from './support/loopback.js';
import { measure, median } from './support/measure.js';

const here = import.meta.dirname;
const playbook = join(here, 'prep.ansible.yml');
const { values: options } = parseArgs({
  options: {
    hosts: { type: 'string', default: '20' },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string', default: 'shell,ansible,kprep' },
    json: { type: 'string' },
  },
});
const count = Number(options.hosts);
const directory = mkdtempSync(join(tmpdir(), 'kprep-bench-'));

/** Every contender in turn, round after round, so that a slow minute of the machine falls on all of them. */
function contest() {
  const names = options.only.split(',');
  const runs = Object.fromEntries(names.map((name) => [name, { fresh: [], converged: [] }]));
  const wanted = new Map();
  for (let round = 0; round < Number(options.rounds); round += 1) {
    for (const name of [...names.slice(round % names.length), ...names.slice(0, round % names.length)]) {
      const root = join(directory, 'root');
      rmSync(root, { recursive: true, force: true });
      mkdirSync(root);
      for (const state of ['fresh', 'converged']) {
        runs[name][state].push(contenders[name](root));
        wanted.set(`${name} ${state}`, digest(root));
      }
      contenders[name].end?.();
    }
  }
  if (new Set(wanted.values()).size > 1)
    throw new Error(`not the same work:\n${[...wanted].map((row) => row.join(' ')).join('\n')}`);
  return runs;
}

const contenders = {
  shell(root) {
    const one = `ssh -F '${fleet.sshConfig}' "$1" sh -s -- '${root}' "$1" <'${join(here, 'prep.sh')}'`;
    const names = fleet.hosts.map(({ name }) => name).join(' ');
    const all = `printf '%s\\n' ${names} | xargs -P ${count} -I % sh -c '${one.replaceAll("'", "'\\''")}' sh %`;
    return measure(['sh', '-c', all], { directory });
  },
  ansible: Object.assign(
    (root) =>
      measure(['ansible-playbook', '-i', fleet.inventory, '-e', `bench_root=${root}`, playbook], {
        directory,
        env: {
          ANSIBLE_CONFIG: join(directory, 'ansible.cfg'),
          ANSIBLE_FORKS: `${count}`,
          ANSIBLE_PIPELINING: '1',
          ANSIBLE_LOCAL_TEMP: join(directory, 'ansible'),
          ANSIBLE_SSH_ARGS: `-F ${fleet.sshConfig} -o ControlMaster=auto -o ControlPersist=60s`,
          ANSIBLE_SSH_CONTROL_PATH_DIR: join(directory, 'cp'),
          LC_ALL: 'C.UTF-8',
        },
      }),
    { end: closeMasters },
  ),
  kprep(root) {
    const events = join(directory, 'events.jsonl');
    rmSync(events, { force: true });
    const words = [
      'run',
      playbook,
      '-i',
      fleet.inventory,
      '-f',
      `${count}`,
      '-e',
      `bench_root=${root}`,
      '-o',
      `jsonl=${events}`,
    ];
    const env = { XDG_STATE_HOME: join(directory, 'state') };
    const timing = measure([process.execPath, join(here, '..', 'dist', 'bin.js'), ...words], { directory, env });
    const finished = readFileSync(events, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .find(({ type }) => type === 'run-finished');
    return { ...timing, roundTrips: finished.roundTrips, connections: finished.connections };
  },
};

/** Ends the connections that ansible's ssh keeps open, so that the next fresh run pays for its own. */
function closeMasters() {
  for (const socket of readdirSync(join(directory, 'cp'))) {
    measure(['ssh', '-F', fleet.sshConfig, '-o', `ControlPath=${join(directory, 'cp', socket)}`, '-O', 'exit', 'any'], {
      directory,
    });
  }
}

/** One hash over every file below the root, names and contents. */
function digest(root) {
  const hash = createHash('sha256');
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const file of files.map((entry) => join(entry.parentPath, entry.name)).sort()) {
    hash
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex').slice(0, 12);
}

function table(kex, runs) {
  const row = (cells) =>
    `${cells[0].padEnd(10)}${cells
      .slice(1)
      .map((cell) => cell.padStart(12))
      .join('')}\n`;
  const lines = [row(['', 'fresh s', 'x shell', 'cpu s', 'converged s', 'x shell', 'cpu s', 'trips'])];
  for (const [name, states] of Object.entries(runs)) {
    const cells = [name];
    for (const state of ['fresh', 'converged']) {
      const wall = middle(states[state], 'wall');
      const base = runs.shell ? middle(runs.shell[state], 'wall') : Number.NaN;
      cells.push(wall.toFixed(2), (wall / base).toFixed(2), middle(states[state], 'cpu').toFixed(2));
    }
    const trips = ['fresh', 'converged'].map((state) => states[state][0].roundTrips);
    lines.push(row([...cells, trips[0] === undefined ? '' : trips.join(' / ')]));
  }
  return `\n${count} hosts, 12 steps, medians of ${options.rounds}; key exchange of ssh: ${kex}; trips: fresh / converged, all hosts\n${lines.join('')}`;
}

function middle(runs, key) {
  return median(runs.map((run) => run[key]));
}

let fleet;
try {
  fleet = await loopbackHosts(directory, count);
  writeFileSync(join(directory, 'ansible.cfg'), '');
  const results = {};
  // Debian 12's ssh spends most of a connection's CPU on a post-quantum key exchange; the second pass takes that out.
  for (const kex of ['default', 'curve25519-sha256']) {
    if (kex !== 'default') appendFileSync(fleet.sshConfig, `  KexAlgorithms ${kex}\n`);
    results[kex] = contest();
    process.stdout.write(table(kex, results[kex]));
  }
  if (options.json) writeFileSync(options.json, `${JSON.stringify({ hosts: count, results }, undefined, 2)}\n`);
} finally {
  await fleet?.stop();
  rmSync(directory, { recursive: true, force: true });
}
