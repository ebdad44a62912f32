import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeClientFiles } from './files.js';
import { cgroupParents, removeCgroups, runs, startHub, stopHub } from './hub.js';
import { layers } from './images.js';
import { here, statePath } from './places.js';
import { planHosts } from './plan.js';
import { locked, must, run } from './run.js';

const NEEDED = {
  unshare: 'util-linux',
  nsenter: 'util-linux',
  flock: 'util-linux',
  setpriv: 'util-linux',
  ip: 'iproute2',
  'ssh-keygen': 'openssh-client',
  ssh: 'openssh-client',
  mmdebstrap: 'mmdebstrap',
  'dpkg-deb': 'dpkg',
  'apt-ftparchive': 'apt-utils',
  rpmbuild: 'rpm',
  createrepo_c: 'createrepo-c',
  gpg: 'gnupg',
  'systemd-nspawn': 'systemd-container',
};

/**
 * Brings a fleet up, or finds it up: the same call twice gives the same fleet.
 * @throws Error where it is not root's, a program is missing, a fleet of that name has another shape, or a host does not answer.
 */
export async function up({ name = 'default', kind = 'chroot', hosts, variants, keep = false, note = () => {} } = {}) {
  await checkMachine(name);
  const wanted = { kind, hosts: planHosts({ kind, hosts, variants }) };
  const images = await imagesOf(wanted.hosts, note);
  return await alone(async () => {
    const found = find(name);
    if (found && runs(found.hub)) return same(found, wanted);
    // What crashed tests have left: nothing of it runs, but directories and control groups stay.
    for (const dead of fleets().filter((fleet) => !fleet.up)) await clear(dead.name);
    try {
      return await start({ name, ...wanted }, { keep, images });
    } catch (error) {
      await clear(name);
      throw error;
    }
  });
}

/** Stops a fleet and removes all that it left, running or not. Nothing to do is fine. */
export async function down(name = 'default') {
  await alone(() => clear(name));
}

/** Fleets start and stop one at a time: under this lock one that does not run is dead, and not just being born. */
function alone(body) {
  return locked(statePath('lock'), body);
}

/** The fleet of that name, up or down, or nothing. */
export function find(name = 'default') {
  const file = statePath(name, 'fleet.json');
  return existsSync(file) ? withPaths(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
}

/** Every fleet that is up or has left something. */
export function fleets() {
  const names = readdirSync(statePath(), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return names.map((entry) => find(entry.name) ?? { name: entry.name, kind: 'broken', hosts: [] }).map(withState);
}

/** The argument vector that runs `argv` inside the fleet's network; files and processes stay the machine's. */
export function inHub(fleet, argv) {
  return ['nsenter', `--net=/proc/${fleet.hub.pid}/ns/net`, ...argv];
}

/** The argument vector of an `ssh` to a host; `ops` logs in where no user is named. */
export function sshArgv(fleet, host, { user = 'ops', options = [] } = {}) {
  return inHub(fleet, ['ssh', '-F', join(fleet.directory, 'ssh_config'), '-l', user, ...options, host]);
}

/** Runs a command line on a host through OpenSSH. */
export function ssh(fleet, host, command, { user, input } = {}) {
  return run([...sshArgv(fleet, host, { user, options: ['-o', 'BatchMode=yes'] }), command], { input });
}

/** Cuts a host off, silently: packets vanish, connections stay open. */
export async function cut(fleet, host) {
  await link(fleet, host, 'down');
}

/** Joins a host again that was cut off. */
export async function mend(fleet, host) {
  await link(fleet, host, 'up');
}

async function link(fleet, name, state) {
  const { index } = fleet.hosts.find((host) => host.name === name);
  await must(inHub(fleet, ['ip', 'link', 'set', `v${index}`, state]));
}

async function start(plan, { keep, images }) {
  const directory = statePath(plan.name);
  mkdirSync(directory, { mode: 0o700 });
  const cgroups = plan.kind === 'booted' ? cgroupParents(plan.name) : [];
  writeFileSync(join(directory, 'cgroups'), cgroups.map((group) => `${group}\n`).join(''));
  await must(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'kprep test', '-f', join(directory, 'id_ed25519')]);
  save({ ...plan, cgroups });
  const fleet = withPaths({ ...plan, cgroups, hub: await startHub(directory, keep) });
  save(fleet);
  const queue = [...fleet.hosts];
  await Promise.all(Array.from({ length: 8 }, () => startHosts(fleet, queue, images)));
  writeClientFiles(fleet);
  await answering(fleet);
  return fleet;
}

async function imagesOf(hosts, note) {
  const names = [...new Set(hosts.map((host) => host.image))];
  return new Map(await Promise.all(names.map(async (name) => [name, (await layers(name, note)).join(':')])));
}

async function startHosts(fleet, queue, images) {
  const spaces = [`--target=${fleet.hub.pid}`, '--mount', '--net', '--pid', '--ipc', '--uts'];
  for (let host = queue.shift(); host; host = queue.shift()) {
    const words = [fleet.kind, fleet.directory, host.name, host.address, images.get(host.image), `${host.index}`];
    await must(['nsenter', ...spaces, 'sh', join(here, 'run', 'host.sh'), ...words, ...host.variants]);
  }
}

async function answering(fleet) {
  const addresses = fleet.hosts.map((host) => host.address);
  const greeting = await run(inHub(fleet, [process.execPath, join(here, 'run', 'await-ssh.js'), '60', ...addresses]));
  const silent = fleet.hosts.filter((host) => greeting.stdout.split('\n').includes(host.address));
  if (silent.length > 0 || greeting.status !== 0)
    throw new Error(silent.map((host) => `${host.name} is silent: ${log(fleet, host)}`).join('\n') || greeting.stderr);
  if (fleet.kind === 'booted') await Promise.all(fleet.hosts.map((host) => booted(fleet, host)));
}

async function booted(fleet, { name }) {
  const command = 'systemctl is-system-running --wait || systemctl --failed --no-legend --plain';
  const { stdout, stderr } = await ssh(fleet, name, command, { user: 'root' });
  if (stdout.trim() !== 'running') throw new Error(`${name} did not boot well: ${stdout}${stderr}`);
}

function log(fleet, host) {
  return readFileSync(join(fleet.directory, `${host.name}.log`), 'utf8').slice(-2000);
}

async function clear(name) {
  const found = find(name);
  if (found) {
    await stopHub(found.hub);
    await removeCgroups(found.cgroups);
  }
  rmSync(statePath(name), { recursive: true, force: true });
}

function same(found, wanted) {
  const shape = ({ kind, hosts }) => JSON.stringify({ kind, hosts });
  if (shape(found) === shape(wanted)) return found;
  throw new Error(`the fleet ${found.name} is up with another shape; take it down first`);
}

function save({ name, kind, hosts, hub, cgroups }) {
  writeFileSync(statePath(name, 'fleet.json'), JSON.stringify({ name, kind, hosts, hub, cgroups }, undefined, 2));
}

function withPaths(fleet) {
  const directory = statePath(fleet.name);
  return {
    ...fleet,
    directory,
    key: join(directory, 'id_ed25519'),
    knownHosts: join(directory, 'known_hosts'),
    sshConfig: join(directory, 'ssh_config'),
    inventory: join(directory, 'inventory.ini'),
    /** The root directory of a host as this machine sees it. */
    root: (host) => join(`/proc/${fleet.hub.pid}/root`, directory, 'fs', host, 'root'),
  };
}

function withState(fleet) {
  return { ...fleet, up: runs(fleet.hub) };
}

async function checkMachine(name) {
  if (!/^[a-z0-9][a-z0-9-]{0,30}$/.test(name))
    throw new Error(`${name}: a fleet's name is lower-case letters, digits and hyphens`);
  if (process.getuid?.() !== 0) throw new Error('test hosts need root on Linux');
  const missing = [];
  for (const [program, source] of Object.entries(NEEDED)) {
    const { status } = await run(['sh', '-c', 'command -v "$1"', 'sh', program]);
    if (status !== 0) missing.push(source);
  }
  if (missing.length > 0)
    throw new Error(`test hosts need programs that are not here: apt-get install ${[...new Set(missing)].join(' ')}`);
}
