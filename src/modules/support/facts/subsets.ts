/** Groups of facts, under the names of `gather_subset`, and which of the larger subsets they belong to. */
export const GROUPS = {
  platform: 'min',
  distribution: 'min',
  user: 'min',
  env: 'min',
  date_time: 'min',
  lsb: 'min',
  dns: 'min',
  fips: 'min',
  selinux: 'min',
  apparmor: 'min',
  cmdline: 'min',
  pkg_mgr: 'min',
  service_mgr: 'min',
  ssh_pub_keys: 'min',
  local: 'min',
  loadavg: 'all',
  memory: 'hardware',
  processor: 'hardware',
  uptime: 'hardware',
  dmi: 'hardware',
  mounts: 'hardware',
  devices: 'hardware',
  interfaces: 'network',
  virtualization: 'virtual',
} as const;

export type FactGroup = keyof typeof GROUPS;

/** Names that Ansible takes too: of the same groups, or of what there is nothing to tell here. */
const ALIASES: Readonly<Record<string, readonly FactGroup[]>> = {
  default_ipv4: ['interfaces'],
  default_ipv6: ['interfaces'],
  all_ipv4_addresses: ['interfaces'],
  all_ipv6_addresses: ['interfaces'],
  architecture: ['platform'],
  kernel: ['platform'],
  kernel_version: ['platform'],
  machine: ['platform'],
  machine_id: ['platform'],
  system: ['platform'],
  os_family: ['distribution'],
  distribution_version: ['distribution'],
  distribution_release: ['distribution'],
  distribution_major_version: ['distribution'],
  user_id: ['user'],
  processor_cores: ['processor'],
  processor_count: ['processor'],
  virtualization_type: ['virtualization'],
  virtualization_role: ['virtualization'],
  ...Object.fromEntries(
    [
      ...[
        'facter',
        'ohai',
        'python',
        'python_version',
        'caps',
        'system_capabilities',
        'system_capabilities_enforced',
        'chroot',
      ],
      ...['is_chroot', 'iscsi', 'nvme', 'fibre_channel_wwn', 'lvm', 'sunos', 'bios', 'systemd'],
    ].map((name) => [name, []]),
  ),
};

const ALL = Object.keys(GROUPS) as readonly FactGroup[];

/** The groups that a `gather_subset` names, or the word that is none. The minimum is always in, unless `!min` says otherwise. */
export function chosenGroups(subset: readonly string[]): ReadonlySet<FactGroup> | { readonly unknown: string } {
  const unknown = subset.find((word) => groupsOf(word.replace(/^!/, ''), word.startsWith('!')) === undefined);
  if (unknown !== undefined) return { unknown };
  const wanted = subset.filter((word) => !word.startsWith('!'));
  const unwanted = new Set(
    subset.filter((word) => word.startsWith('!')).flatMap((word) => groupsOf(word.slice(1), true) ?? []),
  );
  // A group that is named itself stays, whatever larger one is left out.
  const named = new Set(wanted.filter((word) => word !== 'all').flatMap((word) => groupsOf(word, false) ?? []));
  const base = wanted.length === 0 || wanted.includes('all') ? ALL : (groupsOf('min', false) ?? []);
  return new Set(ALL.filter((group) => named.has(group) || (base.includes(group) && !unwanted.has(group))));
}

/** `!all` leaves the minimum. */
function groupsOf(name: string, exclude: boolean): readonly FactGroup[] | undefined {
  if (name === 'all') return exclude ? ALL.filter((group) => GROUPS[group] !== 'min') : ALL;
  if (name === 'min' || name === 'hardware' || name === 'network' || name === 'virtual') {
    return ALL.filter((group) => GROUPS[group] === name);
  }
  if (Object.hasOwn(GROUPS, name)) return [name as FactGroup];
  return Object.hasOwn(ALIASES, name) ? ALIASES[name] : undefined;
}

/** Every name that can be asked for, for messages. */
export function subsetNames(): readonly string[] {
  return ['all', 'min', 'hardware', 'network', 'virtual', ...ALL, ...Object.keys(ALIASES)];
}
