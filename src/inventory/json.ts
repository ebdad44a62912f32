import type { YamlFile, YamlMapping, YamlNode, YamlScalar } from '../shared/yaml/node.ts';

/**
 * JSON as Python's `json` reads it (`NaN` and `Infinity` too), as the nodes that a YAML file gives. `{"__ansible_vault": …}`
 * and `{"__ansible_unsafe": …}` become tagged text, as Ansible's JSON decoder makes them. Linear, and many times as fast as
 * reading YAML.
 */
export function parseJson(text: string, file: string): YamlFile {
  const cursor: Cursor = { text, file, index: text.startsWith('\ufeff') ? 1 : 0, line: 1, lineStart: 0, depth: 0 };
  try {
    const root = readValue(cursor);
    skipBlanks(cursor);
    if (cursor.index < text.length) fail(cursor, 'the JSON value ends before this');
    return { root, problems: [] };
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    const at = { file, line: cursor.line, column: cursor.index - cursor.lineStart + 1 };
    const source = text.slice(cursor.lineStart, cursor.lineStart + 500).split(/\r?\n/, 1)[0] ?? '';
    return { problems: [{ message: `this is not JSON: ${error.message}`, at, source, level: 'error' }] };
  }
}

interface Cursor {
  readonly text: string;
  readonly file: string;
  index: number;
  line: number;
  lineStart: number;
  depth: number;
}

class JsonError extends Error {}

/** Deeper input would overflow the stack; Python gives up at about the same depth. */
const DEEPEST = 900;

function readValue(cursor: Cursor): YamlNode {
  skipBlanks(cursor);
  const character = cursor.text[cursor.index];
  if (character === '{') return readObject(cursor);
  if (character === '[') return readArray(cursor);
  return character === '"' ? readString(cursor) : readPlain(cursor);
}

function readObject(cursor: Cursor): YamlNode {
  const at = position(cursor);
  const entries = new Map<string, { key: YamlScalar; value: YamlNode }>();
  open(cursor);
  for (let first = true; !take(cursor, '}'); first = false) {
    if (!first) expect(cursor, ',');
    skipBlanks(cursor);
    if (cursor.text[cursor.index] !== '"') fail(cursor, 'a key in double quotes is wanted');
    const key = readString(cursor);
    expect(cursor, ':');
    entries.set(key.source, { key, value: readValue(cursor) });
  }
  cursor.depth--;
  return tagged({ kind: 'mapping', at, entries: [...entries.values()] });
}

function tagged(mapping: YamlMapping): YamlNode {
  const [only, second] = mapping.entries;
  if (!only || second || only.value.kind !== 'scalar') return mapping;
  if (only.key.source === '__ansible_vault') return { ...only.value, tag: 'vault' };
  return only.key.source === '__ansible_unsafe' ? { ...only.value, tag: 'unsafe' } : mapping;
}

function readArray(cursor: Cursor): YamlNode {
  const at = position(cursor);
  const items: YamlNode[] = [];
  open(cursor);
  while (!take(cursor, ']')) {
    if (items.length > 0) expect(cursor, ',');
    items.push(readValue(cursor));
  }
  cursor.depth--;
  return { kind: 'sequence', at, items };
}

const STRING = /"((?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*)"/y;

function readString(cursor: Cursor): YamlScalar {
  const at = position(cursor);
  STRING.lastIndex = cursor.index;
  const match = STRING.exec(cursor.text);
  if (!match) return fail(cursor, 'a string is not closed, or holds a control character or an unknown escape');
  cursor.index = STRING.lastIndex;
  const [whole, inner = ''] = match;
  const value = inner.includes('\\') ? (JSON.parse(whole) as string) : inner;
  return { kind: 'scalar', at, value, source: value, quoted: true };
}

const PLAIN = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?(?![\w.])|(?:true|false|null|NaN|-?Infinity)\b/y;
const WORDS: Readonly<Record<string, YamlScalar['value']>> = {
  true: true,
  false: false,
  null: null,
  NaN: { float: Number.NaN },
  Infinity: { float: Number.POSITIVE_INFINITY },
  '-Infinity': { float: Number.NEGATIVE_INFINITY },
};

function readPlain(cursor: Cursor): YamlScalar {
  const at = position(cursor);
  PLAIN.lastIndex = cursor.index;
  const match = PLAIN.exec(cursor.text);
  if (!match) return fail(cursor, cursor.index >= cursor.text.length ? 'it ends too early' : 'a value is wanted');
  cursor.index = PLAIN.lastIndex;
  const [source, fraction, exponent] = match;
  const word = WORDS[source];
  const value = word !== undefined ? word : fraction || exponent ? float(Number(source)) : whole(source);
  return { kind: 'scalar', at, value, source, quoted: false };
}

function float(value: number): number | { readonly float: number } {
  return Number.isInteger(value) || !Number.isFinite(value) ? { float: value } : value;
}

function whole(source: string): number | bigint {
  const value = Number(source);
  return Number.isSafeInteger(value) ? value : BigInt(source);
}

function open(cursor: Cursor): void {
  cursor.depth++;
  if (cursor.depth > DEEPEST) fail(cursor, 'it is nested too deeply');
  cursor.index++;
}

function expect(cursor: Cursor, character: string): void {
  if (!take(cursor, character)) fail(cursor, `${character} is wanted here`);
}

function take(cursor: Cursor, character: string): boolean {
  skipBlanks(cursor);
  if (cursor.text[cursor.index] !== character) return false;
  cursor.index++;
  return true;
}

function skipBlanks(cursor: Cursor): void {
  for (;;) {
    const character = cursor.text[cursor.index];
    if (character === '\n') {
      cursor.line++;
      cursor.lineStart = cursor.index + 1;
    } else if (character !== ' ' && character !== '\t' && character !== '\r') return;
    cursor.index++;
  }
}

function position(cursor: Cursor) {
  return { file: cursor.file, line: cursor.line, column: cursor.index - cursor.lineStart + 1 };
}

function fail(_cursor: Cursor, message: string): never {
  throw new JsonError(message);
}
