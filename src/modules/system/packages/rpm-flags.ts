import type { RpmManager, RpmOptions } from './request.ts';

/** The global options of dnf 5, dnf 4 or yum for what a task asks; each spells some of them its own way. */
export function rpmFlags(options: RpmOptions, manager: RpmManager): readonly string[] {
  const five = manager === 'dnf5';
  const each = (flag: string, values: readonly string[]) => values.map((value) => `${flag}=${value}`);
  const when = (flag: string, wanted: boolean) => (wanted ? [flag] : []);
  const some = (flag: string, value: string | undefined) => (value === undefined ? [] : [`${flag}=${value}`]);
  return [
    ...each(five ? '--disable-repo' : '--disablerepo', options.disablerepo),
    ...each(five ? '--enable-repo' : '--enablerepo', options.enablerepo),
    ...each('--exclude', options.exclude),
    ...each(five ? '--disable-plugin' : '--disableplugin', options.disablePlugin),
    ...each(five ? '--enable-plugin' : '--enableplugin', options.enablePlugin),
    // dnf 5 knows the setting and not the flag (kubernetes/website#52027).
    ...some(five ? '--setopt=disable_excludes' : '--disableexcludes', options.disableExcludes),
    ...some('--config', options.configFile),
    ...some('--installroot', options.installroot === '/' ? undefined : options.installroot),
    ...some('--releasever', options.releasever),
    ...when(five ? '--no-gpgchecks' : '--nogpgcheck', !options.gpgCheck),
    ...when('--setopt=sslverify=0', !options.sslVerify),
    ...when('--skip-broken', options.skipBroken),
    ...when('--security', options.security),
    ...when('--bugfix', options.bugfix),
    ...when('--allowerasing', options.allowErasing),
    ...when(five ? '--no-best' : '--nobest', options.nobest),
    ...when('--setopt=install_weak_deps=0', !options.weakDeps),
    ...when('--downloadonly', options.downloadOnly),
    ...some(five ? '--destdir' : '--downloaddir', options.downloadDir),
    ...when('-C', options.cacheOnly),
  ];
}
