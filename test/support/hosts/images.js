import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { cachePath, here } from './places.js';
import { locked, must } from './run.js';

const PEOPLE = 'openssh-server,sudo,procps,iproute2,iputils-ping,kmod,nftables,netbase,fish,csh,opendoas,rsync,curl';
const BOOT = 'systemd,systemd-sysv,dbus,firewalld,python3,python3-apt,cron,ca-certificates,locales,git,unzip,xz-utils';

/** What is in an image: Debian packages, the hooks that finish it inside of mmdebstrap, and what comes after. */
const RECIPES = {
  chroot: { packages: `${PEOPLE},busybox,mksh`, hooks: ['users.sh', 'chroot.sh'] },
  apt: { packages: `${PEOPLE},${BOOT},ufw,gnupg`, hooks: ['users.sh', 'booted.sh', 'apt.sh'] },
  dnf: { packages: `${PEOPLE},${BOOT},dnf,rpm`, hooks: ['users.sh', 'booted.sh', 'dnf.sh'], after: ['dnf-only.sh'] },
};
const SUITE = 'bookworm';

/**
 * The layers of a host's root, top first, made where the cache has none: needs root, mmdebstrap and Debian's mirror once.
 * `image` is `chroot`, `apt` or `dnf`.
 */
export async function layers(image, note = () => {}) {
  const repository = await repositoryLayer(note);
  if (image === 'chroot') return [await imageLayer(image, '', note)];
  return [repository, await imageLayer(image, join(repository, 'srv', 'repo'), note)];
}

function repositoryLayer(note) {
  const folder = join(here, 'repo');
  const parts = readdirSync(folder).map((name) => readFileSync(join(folder, name)));
  return cached('repo', parts, async (target) => {
    note('building the package repositories');
    mkdirSync(join(target, 'srv'), { recursive: true });
    await must(['sh', join(folder, 'build.sh'), join(target, 'srv', 'repo')]);
  });
}

function imageLayer(image, repository, note) {
  const { packages, hooks, after = [] } = RECIPES[image];
  const script = (file) => join(here, 'image', file);
  const texts = [...hooks, ...after].map((file) => readFileSync(script(file)));
  // A booted image knows the kernel that it was made for, by name.
  const parts = [SUITE, packages, repository, release(), ...texts];
  return cached(image, parts, async (target) => {
    note(`building the image ${image} (half a minute)`);
    const custom = hooks.map((file) => `--customize-hook=sh '${script(file)}' "$1" '${repository}'`);
    await must(['mmdebstrap', '--variant=minbase', `--include=${packages}`, ...custom, SUITE, target]);
    for (const file of after) await must(['sh', script(file), target]);
  });
}

/** A directory of the cache whose name holds the hash of what it is made of. Only whole ones ever have that name. */
async function cached(name, parts, build) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  const target = cachePath(`${name}-${hash.digest('hex').slice(0, 16)}`);
  if (existsSync(target)) return target;
  mkdirSync(cachePath(), { recursive: true });
  await locked(`${target}.lock`, async () => {
    if (existsSync(target)) return;
    const part = `${target}.part`;
    rmSync(part, { recursive: true, force: true });
    await build(part);
    renameSync(part, target);
  });
  return target;
}
