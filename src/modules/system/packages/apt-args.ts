import type { ArgsOf } from '../../../model/args.ts';
import { NO_RPM_OPTIONS, type PackageRequest } from './request.ts';

/** Parameters of Ansible's `apt`. */
export const aptArgs = {
  name: {
    type: 'list',
    elements: 'str',
    aliases: ['package', 'pkg'],
    doc: 'Packages: `curl`, `kubelet=1.36.1-1.1`, `kubelet=1.36.*`, `kubelet>=1.36`; `*` for all.',
  },
  state: {
    type: 'str',
    default: 'present',
    choices: ['present', 'absent', 'latest', 'build-dep', 'fixed'],
    doc: 'What is wanted.',
  },
  update_cache: {
    type: 'bool',
    aliases: ['update-cache'],
    doc: 'Fetch the package lists first.',
    differs: 'Check mode does not fetch them. A source that fails is a failure, which apt-get itself only warns of.',
  },
  update_cache_retries: { type: 'int', default: 5, doc: 'Tries after a fetch failed for a cause that may pass.' },
  update_cache_retry_max_delay: { type: 'int', default: 12, doc: 'Longest pause between two tries, in seconds.' },
  cache_valid_time: { type: 'int', default: 0, doc: 'Fetch only lists that are older than so many seconds.' },
  default_release: { type: 'str', aliases: ['default-release'], doc: 'As `apt-get -t`.' },
  install_recommends: {
    type: 'bool',
    aliases: ['install-recommends'],
    doc: 'Whether recommended packages come too; absent: as the host is configured.',
  },
  force: {
    type: 'bool',
    default: false,
    doc: 'Take unsigned packages, downgrades, changes of held and removal of essential packages.',
  },
  allow_unauthenticated: {
    type: 'bool',
    default: false,
    aliases: ['allow-unauthenticated'],
    doc: 'Take packages that are not signed.',
  },
  allow_downgrade: {
    type: 'bool',
    default: false,
    aliases: ['allow-downgrade', 'allow_downgrades', 'allow-downgrades'],
    doc: 'An older version may replace a newer one.',
  },
  allow_change_held_packages: { type: 'bool', default: false, doc: 'Packages on hold may change.' },
  upgrade: {
    type: 'str',
    default: 'no',
    choices: ['dist', 'full', 'no', 'safe', 'yes'],
    doc: 'Upgrade everything; dist and full may also remove.',
    differs: 'Always with apt-get, never with aptitude.',
  },
  dpkg_options: { type: 'str', default: 'force-confdef,force-confold', doc: 'Options for dpkg, separated by commas.' },
  deb: { type: 'path', doc: 'A .deb file on the host, or its URL.' },
  purge: { type: 'bool', default: false, doc: 'Remove configuration files too.' },
  autoremove: { type: 'bool', default: false, doc: 'Remove what was installed for others and is needed no more.' },
  autoclean: { type: 'bool', default: false, doc: 'Drop packages from the cache that cannot be fetched any more.' },
  clean: { type: 'bool', default: false, doc: 'Empty the package cache.' },
  policy_rc_d: {
    type: 'int',
    doc: 'Status that invoke-rc.d gets while packages are installed; 101: no service is started.',
  },
  only_upgrade: { type: 'bool', default: false, doc: 'Only packages that are installed.' },
  fail_on_autoremove: { type: 'bool', default: false, doc: 'Fail where anything would be removed.' },
  force_apt_get: { type: 'bool', default: false, doc: 'Accepted; apt-get is always used.' },
  lock_timeout: {
    type: 'int',
    default: 60,
    doc: 'Seconds to wait for another package manager to end; it is named and never killed.',
  },
} as const;

export function aptRequest(args: ArgsOf<typeof aptArgs>): PackageRequest {
  const { deb, policy_rc_d: policyRcD } = args;
  return {
    manager: 'apt',
    names: args.name ?? [],
    state: args.state,
    updateCache: args.update_cache === true || args.cache_valid_time > 0,
    cacheValidTime: args.cache_valid_time,
    updateRetries: args.update_cache_retries,
    updateDelay: args.update_cache_retry_max_delay,
    lockTimeout: args.lock_timeout,
    autoremove: args.autoremove,
    apt: {
      flags: flagsOf(args),
      upgrade: args.upgrade === 'no' ? 'no' : args.upgrade === 'dist' || args.upgrade === 'full' ? 'dist' : 'safe',
      purge: args.purge,
      onlyUpgrade: args.only_upgrade,
      autoclean: args.autoclean,
      clean: args.clean,
      ...(deb === undefined ? {} : { deb }),
      ...(policyRcD === undefined ? {} : { policyRcD }),
    },
    rpm: NO_RPM_OPTIONS,
  };
}

function flagsOf(args: ArgsOf<typeof aptArgs>): readonly string[] {
  const dpkg = args.dpkg_options
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean);
  const recommends = args.install_recommends;
  const when = (wanted: boolean, ...flags: readonly string[]) => (wanted ? flags : []);
  return [
    ...dpkg.flatMap((option) => ['-o', `Dpkg::Options::=--${option}`]),
    ...(recommends === undefined ? [] : ['-o', `APT::Install-Recommends=${recommends ? 'yes' : 'no'}`]),
    ...(args.default_release === undefined ? [] : ['-t', args.default_release]),
    ...when(args.allow_unauthenticated || args.force, '--allow-unauthenticated'),
    ...when(args.allow_downgrade || args.force, '--allow-downgrades'),
    ...when(args.allow_change_held_packages || args.force, '--allow-change-held-packages'),
    ...when(args.force, '--allow-remove-essential'),
    ...when(args.fail_on_autoremove, '--no-remove'),
    ...when(args.autoremove && args.state !== 'absent', '--auto-remove'),
  ];
}
