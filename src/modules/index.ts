// Written by `npm run gen` from the files beside it; not edited by hand.
import type { AnyAction, AnyModule, Registry } from '../model/module.ts';
import { addHost } from './add-host.ts';
import { apt } from './apt.ts';
import { aptRepository } from './apt-repository.ts';
import { assert } from './assert.ts';
import { blockinfile } from './blockinfile.ts';
import { command } from './command.ts';
import { copy } from './copy.ts';
import { deb822Repository } from './deb822-repository.ts';
import { debug } from './debug.ts';
import { dnf } from './dnf.ts';
import { dpkgSelections } from './dpkg-selections.ts';
import { fail } from './fail.ts';
import { file } from './file.ts';
import { find } from './find.ts';
import { firewalld } from './firewalld.ts';
import { getUrl } from './get-url.ts';
import { groupBy } from './group-by.ts';
import { hostname } from './hostname.ts';
import { lineinfile } from './lineinfile.ts';
import { meta } from './meta.ts';
import { modprobe } from './modprobe.ts';
import { mount } from './mount.ts';
import { packageModule } from './package.ts';
import { pause } from './pause.ts';
import { ping } from './ping.ts';
import { raw } from './raw.ts';
import { replace } from './replace.ts';
import { rpmKey } from './rpm-key.ts';
import { script } from './script.ts';
import { selinux } from './selinux.ts';
import { service } from './service.ts';
import { setFact } from './set-fact.ts';
import { setup } from './setup.ts';
import { shell } from './shell.ts';
import { slurp } from './slurp.ts';
import { stat } from './stat.ts';
import { swap } from './swap.ts';
import { sysctl } from './sysctl.ts';
import { systemd } from './systemd.ts';
import { tempfile } from './tempfile.ts';
import { template } from './template.ts';
import { ufw } from './ufw.ts';
import { waitForConnection } from './wait-for-connection.ts';
import { yum } from './yum.ts';
import { yumRepository } from './yum-repository.ts';

/** Every module and action, in the order of their file names. */
export const modules: readonly (AnyModule | AnyAction)[] = [
  addHost,
  apt,
  aptRepository,
  assert,
  blockinfile,
  command,
  copy,
  deb822Repository,
  debug,
  dnf,
  dpkgSelections,
  fail,
  file,
  find,
  firewalld,
  getUrl,
  groupBy,
  hostname,
  lineinfile,
  meta,
  modprobe,
  mount,
  packageModule,
  pause,
  ping,
  raw,
  replace,
  rpmKey,
  script,
  selinux,
  service,
  setFact,
  setup,
  shell,
  slurp,
  stat,
  swap,
  sysctl,
  systemd,
  tempfile,
  template,
  ufw,
  waitForConnection,
  yum,
  yumRepository,
];

/** Modules and actions by short name and alias. */
export const registry: Registry = new Map(
  modules.flatMap((module) => [module.name, ...(module.aliases ?? [])].map((name) => [name, module] as const)),
);
