import { assignments, type FileLines, firstLine } from './files.ts';

export interface Distribution {
  readonly distribution: string;
  readonly distribution_version: string;
  readonly distribution_major_version: string;
  readonly distribution_minor_version?: string;
  readonly distribution_release: string;
  readonly os_family: string;
  readonly distribution_file_path?: string;
  readonly distribution_file_variety?: string;
  readonly distribution_file_parsed?: boolean;
}

/** Ansible's name for an os-release ID (ansible/module_utils/facts/system/distribution.py, by its results). */
const NAMES: Readonly<Record<string, string>> = {
  debian: 'Debian',
  ubuntu: 'Ubuntu',
  raspbian: 'Debian',
  linuxmint: 'Linux Mint',
  kali: 'Kali',
  devuan: 'Devuan',
  parrot: 'Parrot',
  pop: 'Pop!_OS',
  neon: 'KDE neon',
  deepin: 'Deepin',
  uos: 'Uos',
  rhel: 'RedHat',
  centos: 'CentOS',
  fedora: 'Fedora',
  rocky: 'Rocky',
  almalinux: 'AlmaLinux',
  ol: 'OracleLinux',
  amzn: 'Amazon',
  scientific: 'Scientific',
  cloudlinux: 'CloudLinux',
  eurolinux: 'EuroLinux',
  virtuozzo: 'Virtuozzo',
  openeuler: 'openEuler',
  euleros: 'EulerOS',
  tencentos: 'TencentOS',
  kylin: 'Kylin Linux Advanced Server',
  xenserver: 'XenServer',
  alinux: 'Alibaba',
  sles: 'SLES',
  sled: 'SLED',
  sles_sap: 'SLES_SAP',
  opensuse: 'openSUSE',
  'opensuse-leap': 'openSUSE Leap',
  'opensuse-tumbleweed': 'openSUSE Tumbleweed',
  arch: 'Archlinux',
  archarm: 'Archlinux',
  manjaro: 'Manjaro',
  antergos: 'Antergos',
  alpine: 'Alpine',
  gentoo: 'Gentoo',
  funtoo: 'Funtoo',
  slackware: 'Slackware',
  altlinux: 'Altlinux',
  flatcar: 'Flatcar',
  coreos: 'Coreos',
  'clear-linux-os': 'Clear Linux OS',
  openwrt: 'OpenWrt',
};

const FAMILIES: Readonly<Record<string, readonly string[]>> = {
  RedHat: [
    ...[
      'RedHat',
      'Fedora',
      'CentOS',
      'Scientific',
      'SLC',
      'CloudLinux',
      'OracleLinux',
      'Amazon',
      'Virtuozzo',
      'XenServer',
    ],
    ...[
      'Alibaba',
      'EulerOS',
      'openEuler',
      'AlmaLinux',
      'Rocky',
      'TencentOS',
      'EuroLinux',
      'Kylin Linux Advanced Server',
    ],
  ],
  Debian: [
    ...['Debian', 'Ubuntu', 'Raspbian', 'Neon', 'KDE neon', 'Linux Mint', 'SteamOS', 'Devuan', 'Kali', 'Cumulus Linux'],
    ...['Pop!_OS', 'Parrot', 'Pardus GNU/Linux', 'Uos', 'Deepin', 'OSMC'],
  ],
  Suse: ['SuSE', 'SLES', 'SLED', 'openSUSE', 'openSUSE Tumbleweed', 'SLES_SAP', 'SUSE_LINUX', 'openSUSE Leap'],
  Archlinux: ['Archlinux', 'Antergos', 'Manjaro'],
  Gentoo: ['Gentoo', 'Funtoo'],
  ClearLinux: ['Clear Linux OS', 'Clear Linux Mix'],
};

/** Distribution facts from os-release(5) and the older files beside it. */
export function distributionFacts(files: FileLines): Distribution {
  const path = files.has('/etc/os-release') ? '/etc/os-release' : '/usr/lib/os-release';
  const release = assignments(files.get(path));
  const id = release.get('ID')?.toLowerCase() ?? '';
  if (id === '') return oldSystem(files);
  const distribution = NAMES[id] ?? release.get('NAME') ?? id;
  const version = versionOf(id, release, files);
  const [major = 'NA', minor] = version.split('.');
  return {
    distribution,
    distribution_version: version,
    distribution_major_version: major,
    ...(minor === undefined ? {} : { distribution_minor_version: minor }),
    distribution_release: codename(id, release, files),
    os_family: familyOf(distribution, release.get('ID_LIKE') ?? ''),
    distribution_file_path: path,
    distribution_file_variety: familyOf(distribution, ''),
    distribution_file_parsed: true,
  };
}

/** Debian and CentOS keep the point release elsewhere. */
function versionOf(id: string, release: ReadonlyMap<string, string>, files: FileLines): string {
  const version = release.get('VERSION_ID') ?? '';
  const point = id === 'debian' || id === 'raspbian' ? firstLine(files, '/etc/debian_version') : '';
  if (/^\d/.test(point)) return point;
  if (id === 'alpine') return firstLine(files, '/etc/alpine-release') || version;
  if (id === 'centos') return /\d+(?:\.\d+)?/.exec(firstLine(files, '/etc/centos-release'))?.[0] ?? version;
  return version === '' ? (id === 'arch' ? 'rolling' : 'NA') : version;
}

function codename(id: string, release: ReadonlyMap<string, string>, files: FileLines): string {
  const given = release.get('VERSION_CODENAME') || release.get('UBUNTU_CODENAME');
  if (id === 'centos' && /stream/i.test(release.get('NAME') ?? '')) return 'Stream';
  if (given) return given;
  const inBrackets = (text: string) => /\(([^)]+)\)/.exec(text)?.[1];
  if (id === 'debian')
    return inBrackets(release.get('PRETTY_NAME') ?? '') ?? release.get('PRETTY_NAME')?.split('/').pop() ?? 'NA';
  if (id === 'sles' || id.startsWith('opensuse')) return (release.get('VERSION_ID') ?? '').split('.')[1] ?? '0';
  return inBrackets(firstLine(files, '/etc/redhat-release')) ?? inBrackets(release.get('VERSION') ?? '') ?? 'NA';
}

function familyOf(distribution: string, like: string): string {
  const known = Object.entries(FAMILIES).find(([, names]) => names.includes(distribution));
  if (known) return known[0];
  if (Object.values(NAMES).includes(distribution)) return distribution;
  // Ansible calls a distribution that it does not know its own family; what it is like is nearer to the truth.
  if (/\b(debian|ubuntu)\b/.test(like)) return 'Debian';
  if (/\b(rhel|fedora|centos)\b/.test(like)) return 'RedHat';
  if (/\bsuse\b/.test(like)) return 'Suse';
  return distribution;
}

/** Before os-release: CentOS 6 and the like. */
function oldSystem(files: FileLines): Distribution {
  const line = firstLine(files, '/etc/redhat-release') || firstLine(files, '/etc/system-release');
  const [, name = '', version = 'NA', release = 'NA'] =
    /^(.*?)(?: Linux)?(?: Server)? release ([\d.]+)(?: \(([^)]*)\))?/.exec(line) ?? [];
  const distribution = name.startsWith('Red Hat') ? 'RedHat' : name.split(' ')[0] || 'Linux';
  const [major = 'NA', minor] = version.split('.');
  return {
    distribution,
    distribution_version: version,
    distribution_major_version: major,
    ...(minor === undefined ? {} : { distribution_minor_version: minor }),
    distribution_release: release,
    os_family: familyOf(distribution, ''),
  };
}
