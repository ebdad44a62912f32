import type { YamlMapping, YamlNode, YamlScalar } from '../shared/yaml/node.ts';
import { resolvePlain } from '../shared/yaml/scalar.ts';

/**
 * Reads the plain YAML that large inventories are made of, five times as fast as the full reader: block mappings in ASCII, a
 * key a line, with words, quoted words or one-line `{k: v}` behind the colon. Undefined for everything else, right or wrong:
 * then the full reader decides. What both read gives the same nodes (test/unit/inventory/plain-yaml.test.ts).
 */
export function parsePlainYaml(text: string, file: string): YamlNode | undefined {
  if (!/^[\n -~]*$/.test(text)) return undefined;
  const reading: Reading = { file, line: 0, levels: [], pending: undefined };
  for (const line of text.split('\n')) {
    reading.line++;
    if (/^ *(?:#|$)/.test(line)) continue;
    if (!readLine(reading, line)) return undefined;
  }
  const [root] = reading.levels;
  return root && { kind: 'mapping', at: root.at, entries: root.entries };
}

type Entry = { readonly key: YamlScalar; value: YamlNode };

/** A mapping that is open, and how far its keys are indented. */
interface Level {
  readonly indent: number;
  readonly at: YamlNode['at'];
  readonly entries: Entry[];
  readonly names: Set<string>;
}

interface Reading {
  readonly file: string;
  line: number;
  readonly levels: Level[];
  /** The entry whose value may follow, indented. */
  pending: Entry | undefined;
}

const LINE = /^( *)(\w(?:[\w.[\]-]|:(?=\S))*):(?: +(\S.*?))? *$/;

function readLine(reading: Reading, line: string): boolean {
  const [, blanks = '', name = '', rest] = LINE.exec(line) ?? [];
  const level = name === '' ? undefined : levelOf(reading, blanks.length);
  if (!level || level.names.has(name)) return false;
  const key = plainScalar(name, { file: reading.file, line: reading.line, column: blanks.length + 1 });
  if (typeof key?.value !== 'string') return false;
  const start = rest === undefined ? line.length : line.indexOf(rest, blanks.length + name.length + 1);
  const at = { file: reading.file, line: reading.line, column: start + 1 };
  const value = rest === undefined ? nothing(at) : readValue(rest, at);
  if (!value) return false;
  const entry = { key, value };
  level.names.add(name);
  level.entries.push(entry);
  reading.pending = rest === undefined ? entry : undefined;
  return true;
}

/** The mapping that a key of this indentation belongs to; undefined where none does. */
function levelOf(reading: Reading, indent: number): Level | undefined {
  const { levels, pending } = reading;
  const top = levels.at(-1);
  if (!top || indent > top.indent) {
    if (top ? !pending : indent > 0) return undefined;
    const at = { file: reading.file, line: reading.line, column: indent + 1 };
    const level: Level = { indent, at, entries: [], names: new Set() };
    if (pending) pending.value = { kind: 'mapping', at, entries: level.entries };
    levels.push(level);
    return level;
  }
  while ((levels.at(-1)?.indent ?? 0) > indent) levels.pop();
  return levels.at(-1)?.indent === indent ? levels.at(-1) : undefined;
}

function nothing(at: YamlNode['at']): YamlScalar {
  return { kind: 'scalar', at, value: null, source: '', quoted: false };
}

const WORD = /^(?:[A-Za-z0-9_/.+]|-(?=\d))(?:[\w/.+@%=~-]|:(?=[\w/]))*$/;
const QUOTED = /^(?:"([^"\\]*)"|'([^']*)')$/;

function readValue(text: string, at: YamlNode['at']): YamlNode | undefined {
  if (text.startsWith('{')) return readFlow(text, at);
  const quoted = QUOTED.exec(text);
  if (quoted) {
    const value = quoted[1] ?? quoted[2] ?? '';
    return { kind: 'scalar', at, value, source: value, quoted: true };
  }
  return WORD.test(text) ? plainScalar(text, at) : undefined;
}

function plainScalar(source: string, at: YamlNode['at']): YamlScalar | undefined {
  const resolved = resolvePlain(source);
  return 'problem' in resolved ? undefined : { kind: 'scalar', at, value: resolved.value, source, quoted: false };
}

const PAIR = /([A-Za-z_]\w*): +([A-Za-z0-9_/.][\w/.-]*|"[^"\\,{}[\]]*"|'[^',{}[\]]*')(, +(?=[A-Za-z_])| *\}$)/y;

/** `{a: 1, b: "x"}` on one line. */
function readFlow(text: string, at: YamlNode['at']): YamlMapping | undefined {
  const entries = new Map<string, Entry>();
  let index = 1 + (/^\{( *)/.exec(text)?.[1]?.length ?? 0);
  while (index < text.length) {
    PAIR.lastIndex = index;
    const [whole = '', name = '', written = ''] = PAIR.exec(text) ?? [];
    const key = plainScalar(name, { ...at, column: at.column + index });
    const offset = whole.indexOf(written, name.length + 1);
    const value = readValue(written, { ...at, column: at.column + index + offset });
    if (whole === '' || entries.has(name) || typeof key?.value !== 'string' || !value) return undefined;
    entries.set(name, { key, value });
    index += whole.length;
  }
  return entries.size === 0 ? undefined : { kind: 'mapping', at, entries: [...entries.values()] };
}
