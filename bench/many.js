#!/usr/bin/env node
// `true` on many loopback hosts: kprep exec, parallel-ssh, ssh through xargs.
// node bench/many.js [--hosts 200] [--parallel 32] [--rounds 3] [--only xargs,pssh,kprep]
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loopbackHosts } from './support/loopback.js';
import { measure, median } from './support/measure.js';
import { table } from './support/table.js';

const { values: options } = parseArgs({
  options: {
    hosts: { type: 'string', default: '200' },
    parallel: { type: 'string', default: '32' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string', default: 'pssh,xargs,kprep' },
  },
});
const { parallel } = options;
const directory = mkdtempSync(join(tmpdir(), 'kprep-bench-'));
const list = join(directory, 'hosts');
const env = { XDG_STATE_HOME: join(directory, 'state') };

const contenders = {
  pssh: () =>
    measure(['parallel-ssh', '-h', list, '-p', parallel, '-t', '120', '-x', `-F ${fleet.sshConfig}`, 'true'], {
      directory,
    }),
  xargs: () =>
    measure(['xargs', '-a', list, '-P', parallel, '-I', '%', 'ssh', '-F', fleet.sshConfig, '%', 'true'], { directory }),
  kprep: () => {
    const bin = join(import.meta.dirname, '..', 'dist', 'bin.js');
    const words = ['exec', 'all', '-i', fleet.inventory, '-f', parallel, '--', 'true'];
    return measure([process.execPath, bin, ...words], { directory, env });
  },
};

let fleet;
try {
  fleet = await loopbackHosts(directory, Number(options.hosts));
  writeFileSync(list, `${fleet.hosts.map(({ name }) => name).join('\n')}\n`);
  const names = options.only.split(',');
  // Debian 12's ssh spends most of a connection's CPU on a post-quantum key exchange; the second pass takes that out.
  for (const kex of ['default', 'curve25519-sha256']) {
    if (kex !== 'default') {
      writeFileSync(fleet.sshConfig, `${readFileSync(fleet.sshConfig, 'utf8')}  KexAlgorithms ${kex}\n`);
    }
    const runs = Object.fromEntries(names.map((name) => [name, []]));
    for (let round = 0; round < Number(options.rounds); round += 1) {
      for (const name of round % 2 ? names : names.toReversed()) runs[name].push(contenders[name]());
    }
    const middle = (name, key) => median(runs[name].map((run) => run[key]));
    const [first] = names;
    const rows = names.map((name) => [
      name,
      ...['wall', 'cpu'].flatMap((key) => [
        middle(name, key).toFixed(2),
        (middle(name, key) / middle(first, key)).toFixed(2),
      ]),
    ]);
    process.stdout.write(
      `\n${options.hosts} hosts, ${parallel} at once, medians of ${options.rounds}; key exchange of ssh: ${kex}\n`,
    );
    process.stdout.write(table([['', 'wall s', `x ${first}`, 'cpu s', `x ${first}`], ...rows]));
  }
} finally {
  await fleet?.stop();
  rmSync(directory, { recursive: true, force: true });
}
