/** Small files whose lines are wanted, by the part of the facts that needs them. Read in one `grep`. */
export const BASE_FILES: readonly string[] = [
  '/etc/os-release',
  '/usr/lib/os-release',
  '/etc/redhat-release',
  '/etc/centos-release',
  '/etc/oracle-release',
  '/etc/system-release',
  '/etc/debian_version',
  '/etc/alpine-release',
  '/etc/lsb-release',
  '/etc/hosts',
  '/etc/resolv.conf',
  '/etc/machine-id',
  '/var/lib/dbus/machine-id',
  '/etc/selinux/config',
  '/etc/ssh/ssh_host_*_key.pub',
  '/proc/sys/kernel/hostname',
  '/proc/sys/kernel/osrelease',
  '/proc/sys/kernel/version',
  '/proc/sys/kernel/ostype',
  '/proc/sys/crypto/fips_enabled',
  '/proc/cmdline',
  '/proc/loadavg',
  '/proc/1/comm',
  '/sys/fs/selinux/enforce',
  '/sys/fs/selinux/policyvers',
  '/sys/module/apparmor/parameters/enabled',
];

export const HARDWARE_FILES: readonly string[] = [
  '/proc/meminfo',
  '/proc/uptime',
  '/proc/mounts',
  '/etc/fstab',
  '/sys/class/dmi/id/*',
  '/sys/block/*/size',
  '/sys/block/*/removable',
  '/sys/block/*/ro',
  '/sys/block/*/queue/rotational',
  '/sys/block/*/queue/logical_block_size',
  '/sys/block/*/device/model',
  '/sys/block/*/device/vendor',
  '/sys/block/*/*/start',
  '/sys/block/*/*/size',
];

export const NETWORK_FILES: readonly string[] = [
  '/sys/class/net/*/address',
  '/sys/class/net/*/mtu',
  '/sys/class/net/*/operstate',
  '/sys/class/net/*/type',
  '/sys/class/net/*/flags',
  '/sys/class/net/*/speed',
  '/sys/class/net/*/bridge/bridge_id',
  '/sys/class/net/*/bonding/mode',
  '/sys/class/net/*/bonding/slaves',
  '/proc/net/route',
  '/proc/net/if_inet6',
];

export const VIRTUAL_FILES: readonly string[] = [
  '/proc/1/cgroup',
  '/proc/xen/capabilities',
  '/sys/hypervisor/type',
  '/sys/class/dmi/id/*',
];

/** Things that facts only ask the existence of. */
export const MARKS: readonly string[] = [
  '/run/ostree-booted',
  '/run/systemd/system',
  '/dev/.run/systemd',
  '/dev/.systemd',
  '/etc/init',
  '/etc/init.d',
  '/sbin/openrc',
  '/sbin/initctl',
  '/.dockerenv',
  '/.dockerinit',
  '/run/.containerenv',
  '/dev/kvm',
  '/sys/module/apparmor',
  '/sys/kernel/security/apparmor',
  '/usr/bin/rpm-ostree',
  '/usr/bin/yum',
  '/usr/bin/dnf',
  '/usr/bin/dnf-3',
  '/usr/bin/dnf5',
  '/usr/bin/apt-get',
  '/usr/bin/zypper',
  '/usr/sbin/urpmi',
  '/usr/bin/pacman',
  '/bin/opkg',
  '/sbin/apk',
  '/usr/bin/emerge',
  '/usr/bin/xbps-install',
  '/usr/bin/swupd',
];

/** Lines of each file by its path. */
export type FileLines = ReadonlyMap<string, readonly string[]>;

/** What `grep -H ''` printed. */
export function parseFiles(text: string): FileLines {
  const files = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const at = line.indexOf(':');
    if (at < 1 || !line.startsWith('/')) continue;
    const path = line.slice(0, at);
    const lines = files.get(path);
    if (lines) lines.push(line.slice(at + 1));
    else files.set(path, [line.slice(at + 1)]);
  }
  return files;
}

/** First line without blanks around; empty where there is no such file. */
export function firstLine(files: FileLines, path: string): string {
  return files.get(path)?.[0]?.trim() ?? '';
}

/** `KEY=value` lines of a shell-like file (os-release(5), lsb-release). */
export function assignments(lines: readonly string[] = []): ReadonlyMap<string, string> {
  const found = lines.flatMap((line) => {
    const [, key, value] = /^\s*([A-Za-z_][A-Za-z0-9_]*)=(.*?)\s*$/.exec(line) ?? [];
    return key === undefined ? [] : [[key, unquoted(value ?? '')] as const];
  });
  return new Map(found);
}

function unquoted(value: string): string {
  const [, quoted] = /^(?:"(.*)"|'(.*)')$/.exec(value) ?? [];
  return (quoted ?? value.replace(/^'(.*)'$/, '$1')).replace(/\\([\\"'$`])/g, '$1');
}
