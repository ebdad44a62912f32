import { isIPv6 } from './address.ts';
import { addHost, declareGroup, type HostDraft, setVariable } from './draft.ts';
import { expandHosts, type HostEntry } from './host-entry.ts';
import type { SourceFile } from './ini.ts';
import type { Spot } from './problems.ts';

/**
 * Reads a hosts file of pssh (`[user@]host[:port] [user]`, `#` begins a comment; pssh(1), HOST FILE FORMAT). The hosts are the
 * group `group`. A host with several ports is several hosts, named `host:port`.
 */
export function readPssh(file: SourceFile, group: string): void {
  const entries = file.text.split(/\r\n|\n|\r/).flatMap((line, index) => readEntry(file, line, index + 1));
  const ports = new Map<string, number | undefined>();
  const several = new Set<string>();
  for (const { names, port } of entries) {
    for (const name of names) {
      if (ports.has(name) && ports.get(name) !== port) several.add(name);
      ports.set(name, port);
    }
  }
  declareGroup(file.draft, group);
  for (const entry of entries) {
    for (const name of entry.names) take(file, group, { entry, name, several: several.has(name) });
  }
  if (entries.length === 0) file.reporter.warning(undefined, 'this file names no host');
}

interface Entry extends HostEntry {
  readonly spot: Spot;
}

function readEntry(file: SourceFile, line: string, number: number): Entry[] {
  const text = line.replace(/#.*/, '');
  const [first, user, ...rest] = text.trim().split(/\s+/);
  if (!first) return [];
  const spot = { line: number, column: line.indexOf(first) + 1 };
  if (rest.length > 0) {
    file.reporter.error(spot, 'a line of a hosts file is [user@]host[:port] [user]', formatHint(text));
    return [];
  }
  const entry = expandHosts(first, { reporter: file.reporter, spot, users: true });
  if (!entry) return [];
  if (user !== undefined && entry.user !== undefined) {
    file.reporter.error(spot, `the user of ${entry.names[0]} is given twice, before the @ and behind the host`);
    return [];
  }
  return [{ ...entry, ...(user === undefined ? {} : { user }), spot }];
}

function formatHint(text: string): string | undefined {
  return text.includes(':') ? 'the name of a YAML inventory ends in .yaml or .yml' : undefined;
}

interface Taken {
  readonly entry: Entry;
  readonly name: string;
  readonly several: boolean;
}

function take(file: SourceFile, group: string, { entry, name, several }: Taken): void {
  const { spot, port, user } = entry;
  const full = several && port !== undefined ? `${isIPv6(name) ? `[${name}]` : name}:${port}` : name;
  const doubled = file.draft.groups.get(group)?.hosts.get(full) === file.origin.source;
  const host = addHost(file.draft, full, { group, origin: file.origin });
  const userBefore = host.vars.ansible_user;
  if (doubled && user !== userBefore) {
    const hint = `make it an INI inventory: two names with ansible_host=${name} and ansible_user`;
    file.reporter.error(spot, `${full} is here already with another user, and names are unique`, hint);
    return;
  }
  if (doubled) file.reporter.warning(spot, `${full} is in this file already`);
  const set = (key: string, value: string | number): void => assign(file, host, { key, value, spot });
  if (full !== name) set('ansible_host', name);
  if (port !== undefined) set('ansible_port', port);
  if (user !== undefined) set('ansible_user', user);
}

function assign(file: SourceFile, host: HostDraft, what: { key: string; value: string | number; spot: Spot }): void {
  setVariable(host, { ...what, reporter: file.reporter });
}
