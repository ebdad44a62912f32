import type { Json, JsonObject } from '../../../model/value.ts';
import type { Distribution } from './distribution.ts';
import { assignments, type FileLines, firstLine } from './files.ts';
import type { FactTexts, LocalFact } from './read.ts';

/** Kernel, machine, names. */
export function platformFacts(files: FileLines, texts: FactTexts): JsonObject {
  const [machine = '', bits = ''] = texts.machine.text.split('\n');
  const nodename = firstLine(files, '/proc/sys/kernel/hostname');
  const wide = bits === '' ? (/64|s390x|ppc64/.test(machine) ? '64' : '32') : bits;
  const fqdn = fqdnOf(nodename, files, texts.fqdn.text);
  return {
    system: firstLine(files, '/proc/sys/kernel/ostype') || 'Linux',
    kernel: firstLine(files, '/proc/sys/kernel/osrelease'),
    kernel_version: firstLine(files, '/proc/sys/kernel/version'),
    machine,
    architecture: /^i[3-6]86$/.test(machine) ? 'i386' : machine,
    userspace_bits: wide,
    userspace_architecture: machine === 'x86_64' && wide === '32' ? 'i386' : machine,
    nodename,
    hostname: nodename.split('.')[0] ?? nodename,
    fqdn,
    domain: fqdn.split('.').slice(1).join('.'),
    machine_id: firstLine(files, '/var/lib/dbus/machine-id') || firstLine(files, '/etc/machine-id'),
  };
}

/** The first name of the line in /etc/hosts that holds the host's name, as a resolver gives it. */
function fqdnOf(nodename: string, files: FileLines, asked: string): string {
  if (nodename.includes('.')) return nodename;
  for (const line of files.get('/etc/hosts') ?? []) {
    const names = line.replace(/#.*/, '').trim().split(/\s+/).slice(1);
    if (names.includes(nodename)) return names[0] ?? nodename;
  }
  return asked.trim().split('\n')[0] || nodename;
}

/** Who is logged in, from `id` and passwd(5). */
export function userFacts({ identity }: FactTexts): JsonObject {
  const [ids = '', entry = ''] = identity.text.split('\n');
  const uid = Number(/uid=(\d+)/.exec(ids)?.[1] ?? 0);
  const gid = Number(/gid=(\d+)/.exec(ids)?.[1] ?? 0);
  const [name = /uid=\d+\(([^)]*)\)/.exec(ids)?.[1] ?? '', , , , gecos = '', dir = '', shell = ''] = entry.split(':');
  return {
    user_id: name,
    user_uid: uid,
    user_gid: gid,
    user_gecos: gecos,
    user_dir: dir,
    user_shell: shell,
    real_user_id: uid,
    effective_user_id: uid,
    real_group_id: gid,
    effective_group_id: gid,
  };
}

export function envFacts({ env }: FactTexts): JsonObject {
  const pairs = env.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const);
  return { env: Object.fromEntries(pairs.filter(([name]) => name !== '')) };
}

/** The host's clock. Without microseconds: `date` of busybox does not know them. */
export function dateFacts({ date }: FactTexts): JsonObject {
  const [day = '', clock = '', epoch = '0', offset = '', tz = '', weekday = '', number = '', week = ''] =
    date.text.split(' ');
  const [year = '', month = '', dayOfMonth = ''] = day.split('-');
  const [hour = '', minute = '', second = ''] = clock.split(':');
  const utc = new Date(Number(epoch) * 1000).toISOString();
  const basic = `${year}${month}${dayOfMonth}T${hour}${minute}${second}`;
  return {
    date_time: {
      ...{ year, month, weekday, weekday_number: number, weeknumber: week, day: dayOfMonth, hour, minute, second },
      ...{ epoch, epoch_int: epoch, date: day, time: clock, tz, tz_dst: tz, tz_offset: offset },
      iso8601: utc.replace('.000Z', 'Z'),
      iso8601_micro: utc.replace('.000Z', '.000000Z'),
      iso8601_basic: `${basic}000000`,
      iso8601_basic_short: basic,
    },
  };
}

/** resolv.conf(5). */
export function dnsFacts(files: FileLines): JsonObject {
  const dns: Record<string, Json> = {};
  for (const line of files.get('/etc/resolv.conf') ?? []) {
    const [key, ...words] = line
      .replace(/[#;].*/, '')
      .trim()
      .split(/\s+/);
    if (key === 'nameserver') dns.nameservers = [...((dns.nameservers as string[]) ?? []), ...words];
    else if (key === 'domain' && words[0]) dns.domain = words[0];
    else if (key === 'search' || key === 'sortlist') dns[key] = words;
    else if (key === 'options') dns.options = Object.fromEntries(words.map(option));
  }
  return { dns };
}

function option(word: string): [string, Json] {
  const [name = '', value] = word.split(':');
  return [name, value ?? true];
}

/** `cmdline` keeps the last of a repeated name, `proc_cmdline` all. */
export function cmdlineFacts(files: FileLines): JsonObject {
  const last: Record<string, Json> = {};
  const all: Record<string, Json> = {};
  for (const word of (files.get('/proc/cmdline')?.join(' ') ?? '').split(/\s+/).filter(Boolean)) {
    const at = word.indexOf('=');
    const name = at < 0 ? word : word.slice(0, at);
    const value: Json = at < 0 ? true : word.slice(at + 1);
    const old = all[name];
    last[name] = value;
    all[name] = old === undefined ? value : [...(Array.isArray(old) ? old : [old]), value];
  }
  return { cmdline: last, proc_cmdline: all };
}

export function securityFacts(files: FileLines, marks: ReadonlySet<string>): JsonObject {
  return {
    selinux: selinuxFacts(files),
    apparmor: { status: marks.has('/sys/kernel/security/apparmor') ? 'enabled' : 'disabled' },
    fips: firstLine(files, '/proc/sys/crypto/fips_enabled') === '1',
  };
}

function selinuxFacts(files: FileLines): JsonObject {
  const enforce = firstLine(files, '/sys/fs/selinux/enforce');
  if (enforce === '') return { status: 'disabled' };
  const config = assignments(files.get('/etc/selinux/config'));
  return {
    status: 'enabled',
    mode: enforce === '1' ? 'enforcing' : 'permissive',
    config_mode: config.get('SELINUX') ?? 'unknown',
    type: config.get('SELINUXTYPE') ?? 'unknown',
    policyvers: Number(firstLine(files, '/sys/fs/selinux/policyvers')) || 'unknown',
  };
}

export function sshKeyFacts(files: FileLines): JsonObject {
  const facts: Record<string, string> = {};
  for (const [path, lines] of files) {
    const [, name] = /^\/etc\/ssh\/ssh_host_(\w+)_key\.pub$/.exec(path) ?? [];
    const [type, key] = (lines[0] ?? '').split(' ');
    if (name === undefined || !type || !key) continue;
    facts[`ssh_host_key_${name}_public`] = key;
    facts[`ssh_host_key_${name}_public_keytype`] = type;
  }
  return facts;
}

/** From /etc/lsb-release, else from os-release, whose values `lsb_release` prints too. */
export function lsbFacts(files: FileLines, { distribution }: Distribution): JsonObject {
  const lsb = assignments(files.get('/etc/lsb-release'));
  const os = assignments(files.get('/etc/os-release'));
  const release = lsb.get('DISTRIB_RELEASE') ?? os.get('VERSION_ID') ?? '';
  if (lsb.size === 0 && distribution !== 'Debian') return { lsb: {} };
  return {
    lsb: {
      id: lsb.get('DISTRIB_ID') ?? distribution,
      description: lsb.get('DISTRIB_DESCRIPTION') ?? os.get('PRETTY_NAME') ?? '',
      codename: lsb.get('DISTRIB_CODENAME') ?? os.get('VERSION_CODENAME') ?? '',
      release,
      major_release: release.split('.')[0] ?? '',
    },
  };
}

/** Facts of the operator's own, from `*.fact`: JSON, else sections of an INI file. */
export function localFacts(local: readonly LocalFact[]): JsonObject {
  const facts: Record<string, Json> = {};
  for (const { path, status, text } of local) {
    const name = path.replace(/.*\//, '').replace(/\.fact$/, '');
    facts[name] =
      status === 0 ? parseFact(text, path) : `Failure executing fact script (${path}), rc: ${status}, err: ${text}`;
  }
  return { local: facts };
}

function parseFact(text: string, path: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return iniFact(text) ?? `error loading facts as JSON or ini - please check content: ${path}`;
  }
}

/** Keys are lower case, as Python's configparser makes them. */
function iniFact(text: string): Json | undefined {
  const sections: Record<string, Record<string, string>> = {};
  let current: Record<string, string> | undefined;
  for (const line of text.split('\n').map((one) => one.trim())) {
    const [, section] = /^\[(.+)\]$/.exec(line) ?? [];
    const [, key, value] = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(line) ?? [];
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    if (section !== undefined) {
      current = {};
      sections[section] = current;
    } else if (key !== undefined && current) current[key.toLowerCase()] = value ?? '';
    else return undefined;
  }
  return sections;
}
