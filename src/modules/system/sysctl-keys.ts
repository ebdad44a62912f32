import { type Script, sh } from '../../shared/sh.ts';

/** The key with dots, as most files spell it (sysctl.d(5): the first separator decides what `.` and `/` mean). */
export function normalKey(name: string): string {
  const key = name.trim();
  return firstSeparator(key) === '/' ? swapSeparators(key) : key;
}

/** Its file under /proc/sys. */
export function keyPath(name: string): string {
  return `/proc/sys/${swapSeparators(normalKey(name))}`;
}

/** The kernel prints tabs where people write blanks. */
export function normalValue(value: string): string {
  return value.trim().split(/\s+/).join(' ');
}

/** The kernel module that brings the key, for those that people meet. */
export function moduleOfKey(name: string): string | undefined {
  const key = normalKey(name);
  return MODULES.find(([prefix]) => key.startsWith(prefix))?.[1];
}

const MODULES: readonly (readonly [string, string])[] = [
  ['net.bridge.', 'br_netfilter'],
  ['net.netfilter.', 'nf_conntrack'],
  ['net.nf_conntrack_', 'nf_conntrack'],
  ['net.ipv4.vs.', 'ip_vs'],
  ['sunrpc.', 'sunrpc'],
];

/** Section `boot`: `FILE<tab>LINE` for each assignment that may mean the key, from every directory that systemd-sysctl reads. */
export function bootValuesScript(name: string): Script {
  const last = normalKey(name).split('.').at(-1)?.split('/').at(-1) ?? name;
  return sh`for kp_f in /etc/sysctl.d/*.conf /run/sysctl.d/*.conf /usr/local/lib/sysctl.d/*.conf /usr/lib/sysctl.d/*.conf /lib/sysctl.d/*.conf /etc/sysctl.conf; do
  [ -f "$kp_f" ] || continue
  printf '%s\t\n' "$kp_f"
  grep -F -e ${last} -e '*' < "$kp_f" | while IFS= read -r kp_l; do printf '%s\t%s\n' "$kp_f" "$kp_l"; done
done | kp_text boot`;
}

const DIRECTORIES = ['/etc/sysctl.d', '/run/sysctl.d', '/usr/local/lib/sysctl.d', '/usr/lib/sysctl.d', '/lib/sysctl.d'];

/**
 * The value that the next boot sets, or undefined where no file names the key. sysctl.d(5): files in the order of their
 * names, a name in /etc hides the same name in /run and /usr; the last assignment wins; a plain key beats a glob.
 * /etc/sysctl.conf comes last, as procps and the usual link 99-sysctl.conf have it.
 */
export function bootValue(name: string, lines: readonly string[]): string | undefined {
  const files = new Map<string, string[]>();
  for (const line of lines) {
    const tab = line.indexOf('\t');
    const file = line.slice(0, tab);
    files.set(file, [...(files.get(file) ?? []), line.slice(tab + 1)]);
  }
  let exact: string | undefined;
  let globbed: string | undefined;
  for (const assignment of inOrder(files).flatMap((file) => files.get(file) ?? [])) {
    const match = /^\s*-?\s*([^#;=\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(assignment);
    const [, key = '', value = ''] = match ?? [];
    if (normalKey(key) === normalKey(name)) exact = value;
    else if (key.includes('*') && globMatches(normalKey(key), normalKey(name))) globbed = value;
  }
  const value = exact ?? globbed;
  return value === undefined ? undefined : normalValue(value);
}

function inOrder(files: ReadonlyMap<string, unknown>): string[] {
  const byName = new Map<string, string>();
  for (const directory of DIRECTORIES) {
    for (const file of files.keys()) {
      const base = file.slice(file.lastIndexOf('/') + 1);
      if (file.startsWith(`${directory}/`) && !byName.has(base)) byName.set(base, file);
    }
  }
  const ordered = [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, file]) => file);
  return files.has('/etc/sysctl.conf') ? [...ordered, '/etc/sysctl.conf'] : ordered;
}

function globMatches(glob: string, key: string): boolean {
  const pattern = glob.split('*').map(escapeRegExp).join('[^.]*');
  return new RegExp(`^${pattern}$`).test(key);
}

function firstSeparator(key: string): string | undefined {
  return /[./]/.exec(key)?.[0];
}

function swapSeparators(key: string): string {
  return key.replace(/[./]/g, (separator) => (separator === '.' ? '/' : '.'));
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
