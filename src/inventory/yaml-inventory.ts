import { toValue } from '../model/yaml-value.ts';
import type { YamlMapping, YamlNode, YamlScalar } from '../shared/yaml/node.ts';
import { addHost, declareGroup, type GroupDraft, setGroupVariable, setVariable } from './draft.ts';
import { expandHosts } from './host-entry.ts';
import type { SourceFile } from './ini.ts';
import { makeHinter } from './problems.ts';

const KEYS = ['hosts', 'vars', 'children'] as const;

/** Reads the tree of a YAML inventory as Ansible's `yaml` plugin does; keys that Ansible skips with a warning are problems. */
export function readYamlInventory(file: SourceFile, root: YamlNode): void {
  if (root.kind !== 'mapping') {
    file.reporter.error(root.at, 'a YAML inventory is a mapping of groups', 'it begins with all:');
    return;
  }
  const plugin = root.entries.find(({ key }) => key.value === 'plugin');
  if (plugin) {
    const hint = 'put a script in its place that runs: ansible-inventory -i FILE --list';
    file.reporter.error(plugin.key.at, 'configurations of inventory plugins are not read', hint);
    return;
  }
  for (const { key, value } of root.entries) readGroup(file, key, value);
}

function readGroup(file: SourceFile, name: YamlScalar, node: YamlNode): GroupDraft | undefined {
  const groupName = String(name.value);
  if (groupName === '') {
    file.reporter.error(name.at, 'a group needs a name');
    return undefined;
  }
  const group = declareGroup(file.draft, groupName);
  if (isEmpty(node)) return group;
  if (node.kind !== 'mapping') {
    file.reporter.error(node.at, `the group ${groupName} must hold hosts:, vars: or children:`);
    return group;
  }
  for (const { key, value } of node.entries) readKey(file, group, { key, value });
  return group;
}

interface Entry {
  readonly key: YamlScalar;
  readonly value: YamlNode;
}

function readKey(file: SourceFile, group: GroupDraft, { key, value }: Entry): void {
  const known = KEYS.find((name) => name === key.value);
  if (!known) {
    const hint = makeHinter(() => KEYS)(String(key.value)) ?? `a group holds ${KEYS.join(', ')}`;
    file.reporter.error(key.at, `${String(key.value)} is no key of a group`, hint);
    return;
  }
  const mapping = asMapping(file, known, value);
  if (known === 'vars') setAll(file, group, mapping);
  else if (known === 'hosts') for (const entry of mapping.entries) readHost(file, group, entry);
  else for (const entry of mapping.entries) readChild(file, group, entry);
}

/** Ansible takes one name in place of a mapping (`hosts: web01`). */
function asMapping(file: SourceFile, name: string, node: YamlNode): YamlMapping {
  if (node.kind === 'mapping') return node;
  const none: YamlMapping = { kind: 'mapping', at: node.at, entries: [] };
  if (isEmpty(node)) return none;
  if (node.kind === 'scalar' && typeof node.value === 'string' && name !== 'vars') {
    const value: YamlScalar = { kind: 'scalar', at: node.at, value: null, source: '', quoted: false };
    return { ...none, entries: [{ key: node, value }] };
  }
  const hint = node.kind === 'sequence' ? 'write each name with a colon after it, without the dash' : undefined;
  file.reporter.error(node.at, `${name} must be a mapping`, hint);
  return none;
}

function isEmpty(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.value === null && node.tag === undefined;
}

function readChild(file: SourceFile, group: GroupDraft, { key, value }: Entry): void {
  const child = readGroup(file, key, value);
  if (child && !group.children.has(child.name)) group.children.set(child.name, file.reporter.place(key.at));
}

function readHost(file: SourceFile, group: GroupDraft, { key, value }: Entry): void {
  const entry = expandHosts(String(key.value), { reporter: file.reporter, spot: key.at });
  if (!entry) return;
  if (!isEmpty(value) && value.kind !== 'mapping') {
    file.reporter.error(value.at, `the variables of ${String(key.value)} must be a mapping`);
    return;
  }
  for (const name of entry.names) {
    const isNew = !file.draft.hosts.has(name);
    const host = addHost(file.draft, name, { group: group.name, origin: file.origin });
    if (entry.port !== undefined && isNew) host.vars.ansible_port = entry.port;
    if (value.kind === 'mapping') setAll(file, host, value);
  }
}

function setAll(file: SourceFile, owner: Parameters<typeof setVariable>[0], mapping: YamlMapping): void {
  for (const { key, value } of mapping.entries) {
    const assignment = { key: String(key.value), value: toValue(value), spot: key.at, reporter: file.reporter };
    if ('children' in owner) setGroupVariable(owner, assignment);
    else setVariable(owner, assignment);
  }
}
