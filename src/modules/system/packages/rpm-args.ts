import type { ArgsOf } from '../../../model/args.ts';
import { NO_APT_OPTIONS, type PackageRequest } from './request.ts';

/** Parameters that Ansible's `dnf` and `yum` share. */
export const rpmArgs = {
  name: {
    type: 'list',
    elements: 'str',
    aliases: ['pkg'],
    doc: 'Packages: `curl`, `kubelet-1.36.1`, `kubelet >= 1.36`, a path or URL of an .rpm, `@group`; `*` with state latest for all.',
  },
  state: {
    type: 'str',
    choices: ['present', 'installed', 'latest', 'absent', 'removed'],
    doc: 'What is wanted; present, or absent with autoremove, where it is not said.',
  },
  update_cache: {
    type: 'bool',
    default: false,
    aliases: ['expire-cache'],
    doc: 'Fetch the metadata of the repositories anew.',
  },
  enablerepo: { type: 'list', elements: 'str', default: [], doc: 'Repositories to enable for this task.' },
  disablerepo: { type: 'list', elements: 'str', default: [], doc: 'Repositories to disable for this task.' },
  exclude: { type: 'list', elements: 'str', default: [], doc: 'Packages to leave alone.' },
  disable_excludes: { type: 'str', doc: 'Ignore exclude= of: all, main, or a repository.' },
  disable_gpg_check: { type: 'bool', default: false, doc: 'Do not check signatures.' },
  enable_plugin: { type: 'list', elements: 'str', default: [], doc: 'Plugins to enable for this task.' },
  disable_plugin: { type: 'list', elements: 'str', default: [], doc: 'Plugins to disable for this task.' },
  conf_file: { type: 'path', doc: 'Another configuration file.' },
  installroot: { type: 'path', default: '/', doc: 'Another root to install into.' },
  releasever: { type: 'str', doc: 'Another release to install from.' },
  allow_downgrade: {
    type: 'bool',
    default: false,
    doc: 'An older version may replace a newer one; without it the newer one will do.',
  },
  allowerasing: { type: 'bool', default: false, doc: 'Packages in the way may be removed (dnf).' },
  nobest: { type: 'bool', default: false, doc: 'Not only the newest versions (dnf).' },
  skip_broken: { type: 'bool', default: false, doc: 'Leave out packages that cannot be installed.' },
  security: { type: 'bool', default: false, doc: 'With state latest: only what security advisories name.' },
  bugfix: { type: 'bool', default: false, doc: 'With state latest: only what bug fix advisories name.' },
  update_only: { type: 'bool', default: false, doc: 'With state latest: only packages that are installed.' },
  install_weak_deps: { type: 'bool', default: true, doc: 'Install weak dependencies too.' },
  autoremove: { type: 'bool', default: false, doc: 'Remove what was installed for others and is needed no more.' },
  download_only: { type: 'bool', default: false, doc: 'Fetch packages and install none.' },
  download_dir: { type: 'path', doc: 'Where they go then.' },
  cacheonly: { type: 'bool', default: false, doc: 'Use the metadata that is there, even if it is old.' },
  validate_certs: {
    type: 'bool',
    default: true,
    doc: 'Check the certificates of https repositories.',
    differs: 'The same as sslverify.',
  },
  sslverify: { type: 'bool', default: true, doc: 'Check the certificates of https repositories.' },
  install_repoquery: { type: 'bool', default: true, doc: 'Accepted; repoquery is not needed.' },
  lock_timeout: {
    type: 'int',
    default: 30,
    doc: 'Seconds to wait for another package manager to end; it is named and never killed.',
  },
  list: { type: 'str', doc: 'Listing packages.', differs: 'Refused: use package_facts, or `command: dnf list`.' },
} as const;

type Args = Omit<ArgsOf<typeof rpmArgs>, 'state'> & { readonly state?: string };

/** What is wrong between the parameters, in words. */
export function rpmProblem(args: Args): string | undefined {
  if (args.list !== undefined) return 'list is not supported: use package_facts, or command: dnf list';
  if (args.autoremove && args.state !== undefined && args.state !== 'absent' && args.state !== 'removed') {
    return 'autoremove goes with state absent, or with no state';
  }
  if (!args.name?.length && !args.autoremove && !args.update_cache) return 'name is needed';
  return undefined;
}

export function rpmRequest(args: Args): PackageRequest {
  const state = args.state ?? (args.autoremove ? 'absent' : 'present');
  return {
    manager: 'rpm',
    names: args.name ?? [],
    state: state === 'removed' || state === 'absent' ? 'absent' : state === 'latest' ? 'latest' : 'present',
    updateCache: args.update_cache,
    cacheValidTime: 0,
    updateRetries: 0,
    updateDelay: 0,
    lockTimeout: args.lock_timeout,
    autoremove: args.autoremove,
    apt: NO_APT_OPTIONS,
    rpm: {
      enablerepo: args.enablerepo,
      disablerepo: args.disablerepo,
      exclude: args.exclude,
      enablePlugin: args.enable_plugin,
      disablePlugin: args.disable_plugin,
      installroot: args.installroot,
      gpgCheck: !args.disable_gpg_check,
      sslVerify: args.sslverify && args.validate_certs,
      skipBroken: args.skip_broken,
      security: args.security,
      bugfix: args.bugfix,
      updateOnly: args.update_only,
      allowDowngrade: args.allow_downgrade,
      allowErasing: args.allowerasing,
      nobest: args.nobest,
      weakDeps: args.install_weak_deps,
      downloadOnly: args.download_only,
      cacheOnly: args.cacheonly,
      ...(args.disable_excludes === undefined ? {} : { disableExcludes: args.disable_excludes }),
      ...(args.conf_file === undefined ? {} : { configFile: args.conf_file }),
      ...(args.releasever === undefined ? {} : { releasever: args.releasever }),
      ...(args.download_dir === undefined ? {} : { downloadDir: args.download_dir }),
    },
  };
}
