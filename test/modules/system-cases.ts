import type { Change } from '../../src/model/change.ts';
import { type AnyModule, isRefusal, isSkip } from '../../src/model/module.ts';
import { apt } from '../../src/modules/apt.ts';
import { aptRepository } from '../../src/modules/apt-repository.ts';
import { dnf } from '../../src/modules/dnf.ts';
import { dpkgSelections } from '../../src/modules/dpkg-selections.ts';
import { firewalld } from '../../src/modules/firewalld.ts';
import { hostname } from '../../src/modules/hostname.ts';
import { modprobe } from '../../src/modules/modprobe.ts';
import { mount } from '../../src/modules/mount.ts';
import { packageModule } from '../../src/modules/package.ts';
import { rpmKey } from '../../src/modules/rpm-key.ts';
import { selinux } from '../../src/modules/selinux.ts';
import { service } from '../../src/modules/service.ts';
import { swap } from '../../src/modules/swap.ts';
import { sysctl } from '../../src/modules/sysctl.ts';
import { systemd } from '../../src/modules/systemd.ts';
import { ufw } from '../../src/modules/ufw.ts';
import { yum } from '../../src/modules/yum.ts';
import { yumRepository } from '../../src/modules/yum-repository.ts';
import { argsOf, contextOf, toOutput } from '../support/test-module.ts';
import { file, printed } from './printed.ts';

/** Tasks whose plans hold every script of the system modules. */
const CASES: readonly (readonly [AnyModule, Readonly<Record<string, unknown>>, string])[] = [
  [packageModule, { name: 'jq' }, printed({ manager: 'dnf' })],
  [
    apt,
    { name: 'jq,curl=7.*,a>=2' },
    printed({ manager: 'apt', missing: 'jq', status: '0', sim: 'Inst jq [1] (2 o [amd64])' }),
  ],
  [
    apt,
    { name: 'jq', policy_rc_d: 101, allow_change_held_packages: true },
    printed({ manager: 'apt', missing: 'jq', status: '0', sim: 'Inst jq (2 o [amd64])' }),
  ],
  [apt, { update_cache: true, clean: true, autoclean: true }, printed({ manager: 'apt', cached: '3' })],
  [apt, { deb: '/tmp/a b.deb' }, printed({ manager: 'apt', deb: 'a 1', status: '0', sim: 'Inst a (1 x [all])' })],
  [apt, { deb: 'https://x/y.deb' }, printed({ manager: 'apt' })],
  [apt, { name: 'jq', state: 'absent' }, printed({ manager: 'apt', installed: 'jq\tamd64\t1\tinstall\tinstalled' })],
  [apt, { name: '*', state: 'latest' }, printed({ manager: 'apt', status: '0', sim: 'Inst jq [1] (2 o [amd64])' })],
  [
    dnf,
    { name: 'kubelet-1.36.1,jq', state: 'latest', disable_excludes: 'kubernetes' },
    printed({ manager: 'dnf', answer1: 'jq\t\t1\t2\tx86_64' }),
  ],
  [dnf, { name: 'jq-1.0', allow_downgrade: true }, printed({ manager: 'dnf5', bare0: 'jq\t\t2\t2\tx86_64' })],
  [dnf, { name: 'jq', state: 'absent' }, printed({ manager: 'dnf5', answer0: 'jq\t\t1\t2\tx86_64' })],
  [yum, { name: 'jq', update_cache: true }, printed({ manager: 'yum' })],
  [yum, { name: 'jq', update_cache: true }, printed({ manager: 'yum', answer0: 'jq\t\t1\t2\tx86_64' })],
  [aptRepository, { repo: 'deb http://x y z' }, printed({ apt: 'yes' })],
  [yumRepository, { name: 'k', description: 'd', baseurl: 'x', owner: 'root' }, printed({ directory: 'yes' })],
  [rpmKey, { key: 'https://x/k', fingerprint: 'AA BB' }, printed({ rpm: 'yes' })],
  [dpkgSelections, { name: 'k', selection: 'hold' }, printed({ dpkg: 'yes', selection: 'k install' })],
  [
    sysctl,
    { name: 'vm.swappiness', value: '1', sysctl_set: true },
    printed({ exists: 'yes', live: '0', file: file('a.b=1\n') }),
  ],
  [modprobe, { name: 'br_netfilter', params: 'a=1', persistent: 'present' }, ''],
  [modprobe, { name: 'x', state: 'absent', persistent: 'absent' }, printed({ loaded: 'yes' })],
  [selinux, { state: 'permissive' }, printed({ enforce: '1', config: file('SELINUX=enforcing\n') })],
  [
    swap,
    {},
    printed({
      swaps: ['h', '/a\\040b file 1 0 5'],
      fstab: file('/a none swap\n'),
      systemd: 'yes',
      units: ['Id=a.swap', 'LoadState=loaded', 'FragmentPath=/x'],
      services: 'zramswap.service',
    }),
  ],
  [mount, { path: '/a b', src: '/dev/x', fstype: 'ext4', state: 'mounted' }, printed({ kind: 'absent' })],
  [mount, { path: '/a', state: 'absent' }, printed({ kind: 'directory', mounts: '1 2 3:4 / /a rw - ext4 /dev/x rw' })],
  [
    systemd,
    { name: 'x', state: 'started', enabled: true, daemon_reload: true, scope: 'user' },
    printed({ systemd: 'yes', show: ['LoadState=loaded', 'ActiveState=inactive'], enabled: 'disabled' }),
  ],
  [
    systemd,
    { name: 'x', state: 'restarted', no_block: true, masked: true },
    printed({ systemd: 'yes', show: ['LoadState=loaded', 'ActiveState=active'], enabled: 'enabled' }),
  ],
  [
    service,
    { name: 'x', state: 'restarted', enabled: true, sleep: 1 },
    printed({ init: 'sysv', exists: 'yes', running: 'yes' }),
  ],
  [service, { name: 'x', state: 'started', enabled: true }, printed({ init: 'openrc', exists: 'yes' })],
  [
    firewalld,
    { port: '1/tcp', zone: 'public', permanent: true, immediate: true, state: 'enabled' },
    printed({ installed: 'yes', running: 'yes' }),
  ],
  [
    firewalld,
    { rich_rule: "rule family='ipv4' accept", permanent: true, state: 'enabled' },
    printed({ installed: 'yes' }),
  ],
  [
    firewalld,
    { zone: 'x', permanent: true, state: 'present' },
    printed({ installed: 'yes', permanent: 'INVALID_ZONE' }),
  ],
  [
    ufw,
    { rule: 'allow', port: '1', proto: 'tcp', state: 'enabled', logging: 'full' },
    printed({ installed: 'yes', status: '0', dryrun: 'Rules updated' }),
  ],
  [hostname, { name: 'a' }, printed({ live: 'b' })],
];

export interface NamedScript {
  readonly name: string;
  readonly script: string;
}

/** Every read, change and undo script of the cases. */
export function systemScripts(): readonly NamedScript[] {
  return CASES.flatMap(([module, raw, host], index) => {
    const { args, problems } = argsOf(module, raw);
    if (problems.length > 0) throw new Error(`${module.name}: ${problems.join(', ')}`);
    const read = module.read(args);
    const decision = module.plan(args, read.parse(toOutput(host)).now, contextOf());
    if (isRefusal(decision) || isSkip(decision))
      throw new Error(`${module.name} (${index}): ${JSON.stringify(decision)}`);
    if (decision.length === 0) throw new Error(`${module.name} (${index}): no change`);
    const name = `${index} ${module.name}`;
    return [{ name: `${name}: read`, script: read.script }, ...decision.flatMap((change) => scriptsOf(change, name))];
  });
}

function scriptsOf(change: Change, name: string): readonly NamedScript[] {
  const mine = change.kind === 'run' ? [{ name: `${name}: ${change.summary}`, script: change.script }] : [];
  return change.undo === 'none' ? mine : [...mine, ...scriptsOf(change.undo, name)];
}
