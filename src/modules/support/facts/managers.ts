import type { JsonObject } from '../../../model/value.ts';
import type { Distribution } from './distribution.ts';
import { type FileLines, firstLine } from './files.ts';

/** Package managers by their program; a later one wins where several are there. */
const PACKAGE_MANAGERS: readonly (readonly [string, string])[] = [
  ['/usr/bin/rpm-ostree', 'atomic_container'],
  ['/usr/bin/yum', 'yum'],
  ['/usr/bin/dnf', 'dnf'],
  ['/usr/bin/dnf5', 'dnf5'],
  ['/usr/bin/apt-get', 'apt'],
  ['/usr/bin/zypper', 'zypper'],
  ['/usr/sbin/urpmi', 'urpmi'],
  ['/usr/bin/pacman', 'pacman'],
  ['/bin/opkg', 'opkg'],
  ['/sbin/apk', 'apk'],
  ['/usr/bin/emerge', 'portage'],
  ['/usr/bin/xbps-install', 'xbps'],
  ['/usr/bin/swupd', 'swupd'],
];

/** The package manager that the distribution means, whatever else is installed. */
export function packageManager(marks: ReadonlySet<string>, { os_family, ...about }: Distribution): string {
  const found = PACKAGE_MANAGERS.findLast(([path]) => marks.has(path))?.[1] ?? 'unknown';
  if (os_family === 'Debian') return 'apt';
  if (os_family !== 'RedHat') return found;
  if (marks.has('/run/ostree-booted')) return 'atomic_container';
  const major = Number(about.distribution_major_version);
  const firstDnf = about.distribution === 'Fedora' ? 23 : about.distribution === 'Amazon' ? 2022 : 8;
  if (major < firstDnf) return 'yum';
  const onlyDnf5 = marks.has('/usr/bin/dnf5') && !marks.has('/usr/bin/dnf-3');
  return onlyDnf5 && about.distribution === 'Fedora' && major >= 41 ? 'dnf5' : 'dnf';
}

const PROCESS_ONE: Readonly<Record<string, string>> = {
  procd: 'openwrt_init',
  'runit-init': 'runit',
  svscan: 'svc',
  'openrc-init': 'openrc',
};

/** What runs the services: the name of process 1, unless it is one that says nothing (`init`, a shell in a container). */
export function serviceManager(files: FileLines, marks: ReadonlySet<string>, init: readonly string[]): string {
  const link = init.find((line) => !/\/(systemctl|initctl)$/.test(line)) ?? '';
  const one = (firstLine(files, '/proc/1/comm') || link).replace(/.*\//, '');
  if (one !== '' && one !== 'init' && !one.endsWith('sh')) return PROCESS_ONE[one] ?? one;
  const systemctl = init.some((line) => line.endsWith('/systemctl'));
  const running = ['/run/systemd/system', '/dev/.run/systemd', '/dev/.systemd'].some((path) => marks.has(path));
  if (systemctl && running) return 'systemd';
  if (init.some((line) => line.endsWith('/initctl')) && marks.has('/etc/init')) return 'upstart';
  if (marks.has('/sbin/openrc')) return 'openrc';
  if (systemctl && link.endsWith('systemd')) return 'systemd';
  return marks.has('/etc/init.d') ? 'sysvinit' : 'service';
}

export function managerFacts(
  files: FileLines,
  marks: ReadonlySet<string>,
  about: { distribution: Distribution; init: readonly string[] },
): JsonObject {
  return {
    pkg_mgr: packageManager(marks, about.distribution),
    service_mgr: serviceManager(files, marks, about.init),
  };
}
