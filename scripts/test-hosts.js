#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { down, find, fleets, inHub, sshArgv, up } from '../test/support/hosts/index.js';

const USAGE = `Test hosts: fleets of throw-away Linux hosts on this machine, for kprep's own tests. Needs root.

  npm run test:hosts -- up [--kind chroot|booted] [--hosts N | --hosts apt,dnf] [--variant HOST=NAME]
  npm run test:hosts -- inventory          an inventory in INI form; also the files beside it
  npm run test:hosts -- ssh HOST [-- COMMAND...]
  npm run test:hosts -- hub -- COMMAND...  runs COMMAND in the network of the fleet
  npm run test:hosts -- status
  npm run test:hosts -- down [--all]

  --fleet NAME   which fleet (default: default)      --user NAME   who logs in with ssh (default: ops)
See docs/testing.md for what is real on which kind of host.
`;

const verbs = {
  async up({ fleet: name, kind, hosts, variant = [] }) {
    const variants = {};
    for (const [host, word] of variant.map((text) => text.split('=')))
      variants[host] = [...(variants[host] ?? []), word];
    const fleet = await up({
      name,
      kind,
      hosts: shapeOf(hosts),
      variants,
      keep: true,
      note: (text) => say(`${text}\n`),
    });
    process.stdout.write(`${fleet.hosts.length} hosts are up: ${fleet.inventory}\n`);
  },
  async down({ fleet: name, all }) {
    for (const each of all ? fleets().map((fleet) => fleet.name) : [name]) await down(each);
  },
  inventory: ({ fleet }) => process.stdout.write(readFileSync(upNow(fleet).inventory, 'utf8')),
  status() {
    const lines = fleets().map(
      (fleet) => `${fleet.name}: ${fleet.kind}, ${fleet.hosts.length} hosts, ${fleet.up ? 'up' : 'not running'}\n`,
    );
    process.stdout.write(lines.join('') || 'no fleets\n');
  },
  ssh({ fleet: name, user }, [host, ...command]) {
    const fleet = upNow(name);
    if (!fleet.hosts.some((each) => each.name === host)) throw new Error(`no host ${host ?? ''} in the fleet ${name}`);
    return become([...sshArgv(fleet, host, { user }), ...command]);
  },
  hub: ({ fleet }, command) => become(inHub(upNow(fleet), command)),
};

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      fleet: { type: 'string', default: 'default' },
      kind: { type: 'string', default: 'chroot' },
      hosts: { type: 'string' },
      variant: { type: 'string', multiple: true },
      user: { type: 'string' },
      all: { type: 'boolean', default: false },
    },
  });
  const [verb, ...rest] = positionals;
  if (!Object.hasOwn(verbs, verb ?? '')) {
    say(USAGE);
    process.exitCode = 64;
  } else await verbs[verb](values, rest);
} catch (error) {
  say(`test-hosts: ${error.message}\n`);
  process.exitCode = error.code?.startsWith?.('ERR_PARSE_ARGS') ? 64 : 1;
}

function shapeOf(hosts) {
  if (hosts === undefined) return undefined;
  return /^\d+$/.test(hosts) ? Number(hosts) : hosts.split(',');
}

function upNow(name) {
  const fleet = find(name);
  if (fleet && fleets().some((each) => each.name === name && each.up)) return fleet;
  throw new Error(`the fleet ${name} is not up`);
}

/** Runs a program in this one's place, as far as anybody can see. */
function become([program, ...words]) {
  const child = spawn(program, words, { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => {
      process.exitCode = status ?? 1;
      if (signal) say(`${program}: ${signal}\n`);
      resolve();
    });
  });
}

function say(text) {
  process.stderr.write(text);
}
