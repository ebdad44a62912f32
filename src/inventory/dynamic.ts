import { toValue } from '../model/yaml-value.ts';
import type { YamlMapping, YamlNode } from '../shared/yaml/node.ts';
import { refuseHostName } from './address.ts';
import { addHost, declareGroup, type GroupDraft, type HostDraft, setGroupVariable, setVariable } from './draft.ts';
import type { SourceFile } from './ini.ts';

/** Asks the program for one host's variables; a program that has no `_meta` is asked for each host. */
export type AskHost = (host: string) => Promise<YamlNode | undefined>;

/**
 * Reads what an inventory program prints for `--list` (Ansible: "Developing dynamic inventory"). Names are taken as they are:
 * no ranges, no ports.
 */
export async function readDynamic(file: SourceFile, root: YamlNode, ask: AskHost): Promise<void> {
  if (root.kind !== 'mapping') {
    file.reporter.error(root.at, 'an inventory program must print a JSON object of groups');
    return;
  }
  const hosts = new Map<string, HostDraft>();
  for (const { key, value } of root.entries) {
    if (key.source !== '_meta') readGroup({ ...file, hosts }, { name: key.source, at: key.at, data: value });
  }
  const meta = entryOf(root, '_meta');
  const hostvars = meta && entryOf(meta, 'hostvars');
  if (hostvars) takeHostVars(file, hosts, hostvars);
  else await askEach(file, hosts, ask);
}

interface Reading extends SourceFile {
  /** The hosts that this source names. */
  readonly hosts: Map<string, HostDraft>;
}

interface GroupData {
  readonly name: string;
  readonly at: YamlNode['at'];
  readonly data: YamlNode;
}

function readGroup(file: Reading, { name, at, data }: GroupData): void {
  if (name === '') {
    file.reporter.error(at, 'a group needs a name');
    return;
  }
  const group = declareGroup(file.draft, name);
  if (data.kind !== 'mapping') {
    readHosts(file, group, data);
    return;
  }
  const [hosts, vars, children] = [entryOf(data, 'hosts'), entryOf(data, 'vars'), entryOf(data, 'children')];
  if (!hosts && !vars && !children) {
    // Ansible's short form: a host with its variables, which is its own group.
    readHost(file, group, { name, at });
    setGroupVars(file, group, data);
    return;
  }
  if (hosts) readHosts(file, group, hosts);
  if (vars) setGroupVars(file, group, vars);
  if (children) readChildren(file, group, children);
}

function readHosts(file: Reading, group: GroupDraft, node: YamlNode): void {
  if (node.kind !== 'sequence') {
    file.reporter.error(node.at, `the hosts of the group ${group.name} must be a list`);
    return;
  }
  for (const item of node.items) readHost(file, group, { name: nameOf(item), at: item.at });
}

function readHost(file: Reading, group: GroupDraft, { name, at }: { name: string; at: YamlNode['at'] }): void {
  const refusal = refuseHostName(name);
  if (refusal) file.reporter.error(at, refusal.problem, refusal.hint);
  else file.hosts.set(name, addHost(file.draft, name, { group: group.name, origin: file.origin }));
}

function readChildren(file: Reading, group: GroupDraft, node: YamlNode): void {
  if (node.kind !== 'sequence') {
    file.reporter.error(node.at, `the children of the group ${group.name} must be a list`);
    return;
  }
  for (const item of node.items) {
    const child = nameOf(item);
    if (child === '') file.reporter.error(item.at, 'a group needs a name');
    else if (!group.children.has(declareGroup(file.draft, child).name))
      group.children.set(child, file.reporter.place(item.at));
  }
}

/** Text only: a number in the list is a slip that gives an empty name, which is refused. */
function nameOf(node: YamlNode): string {
  return node.kind === 'scalar' && typeof node.value === 'string' ? node.value : '';
}

function setGroupVars(file: SourceFile, group: GroupDraft, node: YamlNode): void {
  if (node.kind !== 'mapping') {
    file.reporter.error(node.at, `the vars of the group ${group.name} must be an object`);
    return;
  }
  for (const { key, value } of node.entries) {
    setGroupVariable(group, { key: key.source, value: toValue(value), spot: key.at, reporter: file.reporter });
  }
}

function takeHostVars(file: SourceFile, hosts: ReadonlyMap<string, HostDraft>, node: YamlNode): void {
  if (node.kind !== 'mapping') {
    file.reporter.error(node.at, '_meta.hostvars must be an object');
    return;
  }
  const strays: string[] = [];
  for (const { key, value } of node.entries) {
    const host = hosts.get(key.source);
    if (host) setHostVars(file, host, value);
    else strays.push(key.source);
  }
  if (strays.length > 0) {
    const more = strays.length > 1 ? ` and ${strays.length - 1} more` : '';
    file.reporter.warning(node.at, `_meta.hostvars has ${strays[0]}${more}, but no group names it, so it is no host`);
  }
}

function setHostVars(file: SourceFile, host: HostDraft, node: YamlNode): void {
  if (node.kind !== 'mapping') {
    file.reporter.error(node.at, `the variables of ${host.name} must be an object`);
    return;
  }
  for (const { key, value } of node.entries) {
    setVariable(host, { key: key.source, value: toValue(value), spot: key.at, reporter: file.reporter });
  }
}

/** At most this many programs at a time. */
const AT_ONCE = 8;

async function askEach(file: SourceFile, hosts: ReadonlyMap<string, HostDraft>, ask: AskHost): Promise<void> {
  const waiting = [...hosts.values()].values();
  const worker = async (): Promise<void> => {
    for (const host of waiting) {
      const answer = await ask(host.name);
      if (answer) setHostVars(file, host, answer);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

function entryOf(node: YamlNode | YamlMapping, name: string): YamlNode | undefined {
  if (node.kind !== 'mapping') return undefined;
  return node.entries.find(({ key }) => key.source === name)?.value;
}
