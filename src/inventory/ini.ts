import type { Draft, GroupDraft, Origin } from './draft.ts';
import { addHost, declareGroup, mentionGroup, setGroupVariable, setVariable } from './draft.ts';
import { expandHosts } from './host-entry.ts';
import { iniValue } from './ini-value.ts';
import { makeHinter, type Reporter, type Spot } from './problems.ts';
import { splitWords, type Word } from './shlex.ts';

/** What a reader of one format is given. */
export interface SourceFile {
  readonly text: string;
  readonly origin: Origin;
  readonly draft: Draft;
  readonly reporter: Reporter;
}

/** Reads an INI inventory as Ansible's `ini` plugin does, and goes on after each problem. */
export function readIni(file: SourceFile): void {
  const state: State = { ...file, group: 'ungrouped', kind: 'hosts' };
  for (const [index, raw] of file.text.split(/\r\n|\n|\r/).entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    readLine(state, { line, spot: { line: index + 1, column: raw.indexOf(line) + 1 } });
  }
}

interface State extends SourceFile {
  group: string;
  kind: 'hosts' | 'children' | 'vars' | 'unknown';
}

interface Line {
  readonly line: string;
  readonly spot: Spot;
}

const SECTION = /^\[([^:\]\s]+)(?::(\w+))?\]\s*(?:#.*)?$/;
const KINDS = ['hosts', 'children', 'vars'] as const;

function readLine(state: State, place: Line): void {
  const { line, spot } = place;
  const section = SECTION.exec(line);
  if (section) openSection(state, spot, section);
  else if (/^\[.*\]$/.test(line)) {
    state.kind = 'unknown';
    state.reporter.error(
      spot,
      `${line} is no section`,
      'a section is written [group], [group:children] or [group:vars]',
    );
  } else if (state.kind === 'hosts') readHosts(state, place);
  else if (state.kind === 'vars') readVariable(state, place);
  else if (state.kind === 'children') readChild(state, place);
}

function openSection(state: State, spot: Spot, match: RegExpExecArray): void {
  const [, group = '', word = 'hosts'] = match;
  const kind = KINDS.find((known) => known === word);
  state.group = group;
  state.kind = kind ?? 'unknown';
  if (!kind) {
    const hint = makeHinter(() => KINDS)(word) ?? `sections are [${group}], [${group}:children] and [${group}:vars]`;
    state.reporter.error(
      { ...spot, column: spot.column + group.length + 2 },
      `a section of kind ${word} is not known`,
      hint,
    );
  } else if (kind === 'vars') {
    mentionGroup(state.draft, group).references.push({ place: state.reporter.place(spot), by: 'vars' });
  } else declareGroup(state.draft, group);
}

function readHosts(state: State, { line, spot }: Line): void {
  const words = splitWords(line);
  if (typeof words === 'string') {
    state.reporter.error(spot, words);
    return;
  }
  const [first, ...rest] = words;
  if (!first) return;
  const entry = expandHosts(first.text, { reporter: state.reporter, spot });
  if (!entry) return;
  const assignments = rest.flatMap((word) => readPair(state, spot, word));
  let doubled: string | undefined;
  for (const name of entry.names) {
    if (state.draft.groups.get(state.group)?.hosts.get(name) === state.origin.source) doubled ??= name;
    const isNew = !state.draft.hosts.has(name);
    const host = addHost(state.draft, name, { group: state.group, origin: state.origin });
    if (entry.port !== undefined && isNew) host.vars.ansible_port = entry.port;
    for (const assignment of assignments) setVariable(host, assignment);
  }
  if (doubled !== undefined) state.reporter.warning(spot, `${doubled} is in the group ${state.group} already`);
}

function readPair(state: State, start: Spot, word: Word) {
  const spot = { line: start.line, column: start.column + word.column - 1 };
  const index = word.text.indexOf('=');
  if (index < 1) {
    const hint = word.text === '=' || index === 0 ? 'write it without blanks: name=value' : undefined;
    state.reporter.error(spot, `name=value must follow a host, not ${word.text}`, hint);
    return [];
  }
  const value = iniValue(word.text.slice(index + 1), state.reporter.at(spot));
  return [{ key: word.text.slice(0, index), value, spot, reporter: state.reporter }];
}

function readVariable(state: State, { line, spot }: Line): void {
  const index = line.indexOf('=');
  const key = line.slice(0, Math.max(0, index)).trim();
  if (key === '') {
    state.reporter.error(spot, `name=value is wanted here, not ${line}`);
    return;
  }
  const text = line.slice(index + 1).trim();
  const value = iniValue(text, state.reporter.at({ ...spot, column: spot.column + line.indexOf(text, index + 1) }));
  if (value === text && /\s#/.test(text) && !/^['"]/.test(text)) {
    state.reporter.warning(spot, `the text after # is a part of ${key}: in :vars only a line of its own is a comment`);
  }
  setGroupVariable(groupOf(state), { key, value, spot, reporter: state.reporter });
}

function groupOf(state: State): GroupDraft {
  return mentionGroup(state.draft, state.group);
}

function readChild(state: State, { line, spot }: Line): void {
  const child = /^([^:\]\s]+)\s*(?:#.*)?$/.exec(line)?.[1];
  if (child === undefined) {
    state.reporter.error(spot, `the name of a group is wanted here, not ${line}`);
    return;
  }
  const place = state.reporter.place(spot);
  const children = groupOf(state).children;
  if (children.has(child)) state.reporter.warning(spot, `${child} is a child of ${state.group} already`);
  else children.set(child, place);
  mentionGroup(state.draft, child).references.push({ place, by: 'children' });
}
