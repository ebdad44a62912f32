import type { ParsedNode, Range, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import type { Problem } from '../problem.ts';
import { isAlias, isMap, isScalar, isSeq } from './library.ts';
import { mergeEntries } from './merge.ts';
import type { YamlFile, YamlMapping, YamlNode, YamlScalar } from './node.ts';
import { keyText, resolvePlain, resolveTagged } from './scalar.ts';
import type { Source } from './source.ts';

type Entry = YamlMapping['entries'][number];

/** More values than this through aliases is an attack or a mistake, never an inventory. */
const MOST_ALIASED = 1_000_000;
const CORE = 'tag:yaml.org,2002:';

interface Anchor {
  /** Undefined while its own content is being read: an alias to it there would be endless. */
  node?: YamlNode;
  size: number;
}

interface Build {
  readonly source: Source;
  readonly problems: Problem[];
  readonly anchors: Map<string, Anchor>;
  /** Values so far, those under aliases counted at each alias. */
  count: number;
  aliased: number;
  unsafe: boolean;
}

/** The parser's tree as our own: scalars resolved, aliases and merge keys followed, tags judged. */
export function buildTree(contents: ParsedNode, source: Source): YamlFile {
  const build: Build = { source, problems: [], anchors: new Map(), count: 0, aliased: 0, unsafe: false };
  const root = buildNode(contents, build);
  return { root, problems: build.problems };
}

function buildNode(node: ParsedNode, build: Build): YamlNode {
  if (isAlias(node)) return followAlias(node.source, node.range, build);
  if (!node.anchor) return buildTagged(node, build);
  const anchor: Anchor = { size: 0 };
  build.anchors.set(node.anchor, anchor);
  const before = build.count;
  const built = buildTagged(node, build);
  anchor.node = built;
  anchor.size = build.count - before;
  return built;
}

function followAlias(name: string, range: Range, build: Build): YamlNode {
  const anchor = build.anchors.get(name);
  const empty = nullAt(range[0], build);
  if (!anchor) return refuse(build, range[0], `there is no anchor &${name} before this alias`, empty);
  if (!anchor.node) return refuse(build, range[0], `the alias *${name} holds itself`, empty);
  build.count += anchor.size;
  build.aliased += anchor.size;
  if (build.aliased <= MOST_ALIASED) return anchor.node;
  build.aliased = 0;
  anchor.size = 0;
  return refuse(build, range[0], `aliases expand to more than ${MOST_ALIASED} values`, empty);
}

function refuse<T>(build: Build, offset: number, message: string, instead: T): T {
  build.problems.push(build.source.problemAt(offset, message));
  return instead;
}

function buildTagged(
  node: Exclude<ParsedNode, { source: string; range: Range; resolve: unknown }>,
  build: Build,
): YamlNode {
  build.count += 1;
  if (node.tag !== '!unsafe' || build.unsafe) return buildContent(node, build);
  const inside = { ...build, unsafe: true };
  const built = buildContent(node, inside);
  build.count = inside.count;
  build.aliased = inside.aliased;
  return built;
}

function buildContent(node: ParsedNode, build: Build): YamlNode {
  if (isScalar(node)) return buildScalar(node as Scalar.Parsed, build);
  if (isSeq(node)) return buildSequence(node as YAMLSeq.Parsed, build);
  if (isMap(node)) return buildMapping(node as YAMLMap.Parsed, build);
  return nullAt(node.range[0], build);
}

function buildSequence(node: YAMLSeq.Parsed, build: Build): YamlNode {
  const offset = node.range[0];
  checkCollectionTag(node.tag, 'seq', offset, build);
  const items = node.items.map((item) =>
    isPair(item) ? pairAsMapping(item, build) : item ? buildNode(item, build) : nullAt(offset, build),
  );
  return { kind: 'sequence', at: build.source.positionOf(offset), items };
}

type ParsedPair = YAMLMap.Parsed['items'][number];

function isPair(item: unknown): item is ParsedPair {
  return typeof item === 'object' && item !== null && 'key' in item;
}

/** `[a: 1]` is a list of one mapping. */
function pairAsMapping(pair: ParsedPair, build: Build): YamlNode {
  const entry = buildEntry(pair, build);
  return {
    kind: 'mapping',
    at: entry?.key.at ?? build.source.positionOf(pair.key?.range[0] ?? 0),
    entries: entry ? [entry] : [],
  };
}

function buildMapping(node: YAMLMap.Parsed, build: Build): YamlNode {
  const offset = node.range[0];
  checkCollectionTag(node.tag, 'map', offset, build);
  const merged: Entry[] = [];
  const own: Entry[] = [];
  for (const pair of node.items) {
    if (isMergeKey(pair.key)) {
      const value = pair.value ? buildNode(pair.value, build) : nullAt(pair.key.range[0], build);
      merged.push(...mergeEntries(value, (message) => refuse(build, pair.key.range[0], message, [])));
    } else {
      const entry = buildEntry(pair, build);
      if (entry) own.push(entry);
    }
  }
  warnOfDoubles(own, node, build);
  return { kind: 'mapping', at: build.source.positionOf(offset), entries: lastOfEach([...merged, ...own]) };
}

function isMergeKey(key: ParsedPair['key']): boolean {
  return isScalar(key) && key.type === 'PLAIN' && key.source === '<<' && !key.tag;
}

function buildEntry(pair: ParsedPair, build: Build): Entry | undefined {
  if (isEmptyKey(pair.key)) {
    return refuse(
      build,
      pair.value?.range[0] ?? pair.key?.range[0] ?? 0,
      'a key is missing before this colon',
      undefined,
    );
  }
  const key = buildKey(pair.key, build);
  const value = pair.value ? buildNode(pair.value, build) : nullAt(pair.key?.range[1] ?? 0, build);
  if (key.kind !== 'scalar') {
    const template = key.kind === 'mapping';
    build.problems.push(
      build.source.problemAt(
        pair.key.range[0],
        `a ${key.kind === 'mapping' ? 'mapping' : 'list'} cannot be a key`,
        template ? 'a value that begins with {{ is put in quotes: "{{ … }}"' : undefined,
      ),
    );
    return undefined;
  }
  return { key: typeof key.value === 'string' ? key : { ...key, value: keyText(key.value) }, value };
}

function isEmptyKey(key: ParsedPair['key'] | null | undefined): boolean {
  if (!key) return true;
  return isScalar(key) && key.type === 'PLAIN' && !key.source && !key.tag && !key.anchor;
}

/** A lone `=` is text as a key, and only there. */
function buildKey(key: NonNullable<ParsedPair['key']>, build: Build): YamlNode {
  const lone = isScalar(key) && key.type === 'PLAIN' && key.source === '=' && !key.tag;
  if (!lone) return buildNode(key, build);
  return { kind: 'scalar', at: build.source.positionOf(key.range[0]), value: '=', source: '=', quoted: false };
}

function warnOfDoubles(entries: readonly Entry[], node: YAMLMap.Parsed, build: Build): void {
  const lines = new Map<string, number>();
  for (const { key } of entries) {
    const name = String(key.value);
    const first = lines.get(name);
    if (first !== undefined) {
      const offset = offsetOfKey(node, key, build);
      build.problems.push(
        build.source.warningAt(
          offset,
          `the key ${name} is written twice (first in line ${first}); the last one counts`,
        ),
      );
    }
    lines.set(name, key.at.line);
  }
}

function offsetOfKey(node: YAMLMap.Parsed, key: YamlScalar, build: Build): number {
  const offsets = node.items.map((pair) => pair.key?.range[0] ?? node.range[0]);
  return (
    offsets.find((offset) => {
      const at = build.source.positionOf(offset);
      return at.line === key.at.line && at.column === key.at.column;
    }) ?? node.range[0]
  );
}

/** Python's dict: a key keeps the place of its first writing and the value of its last. */
function lastOfEach(entries: readonly Entry[]): readonly Entry[] {
  const byKey = new Map<string, Entry>();
  for (const entry of entries) byKey.set(String(entry.key.value), entry);
  return byKey.size === entries.length ? entries : [...byKey.values()];
}

function checkCollectionTag(tag: string | undefined, kind: 'seq' | 'map', offset: number, build: Build): void {
  if (!tag || tag === '!' || tag === '!unsafe' || tag === `${CORE}${kind}`) return;
  build.problems.push(unknownTag(tag, offset, build));
}

function unknownTag(tag: string, offset: number, build: Build): Problem {
  const shown = tag.startsWith(CORE) ? `!!${tag.slice(CORE.length)}` : tag;
  return build.source.problemAt(
    offset,
    `the tag ${shown} is not known here`,
    'known tags: !vault, !unsafe, !!str, !!int, !!float, !!bool, !!null',
  );
}

function buildScalar(node: Scalar.Parsed, build: Build): YamlScalar {
  const offset = node.range[0];
  const quoted = node.type !== 'PLAIN';
  const text = scalarText(node, build.source.text);
  const base = { kind: 'scalar' as const, at: build.source.positionOf(offset), source: text, quoted };
  if (build.unsafe) return { ...base, value: text, tag: 'unsafe' };
  if (node.tag === '!vault' || node.tag === '!vault-encrypted') return { ...base, value: text, tag: 'vault' };
  const resolved = resolveScalar(node.tag, text, quoted);
  if (!resolved) {
    build.problems.push(unknownTag(node.tag ?? '', offset, build));
    return { ...base, value: text };
  }
  if ('problem' in resolved) return refuse(build, offset, resolved.problem, { ...base, value: text });
  return { ...base, value: resolved.value };
}

/** A block scalar that the end of the file cuts off before its newline has none, in PyYAML; the parser adds it. */
function scalarText(node: Scalar.Parsed, text: string): string {
  const value = String(node.source ?? node.value ?? '');
  const block = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED';
  const cut = block && node.range[1] >= text.length && !text.endsWith('\n') && value.endsWith('\n');
  return cut ? value.slice(0, -1) : value;
}

/** Undefined: the tag is not known. */
function resolveScalar(
  tag: string | undefined,
  text: string,
  quoted: boolean,
): ReturnType<typeof resolvePlain> | undefined {
  if (!tag || tag === '!') return quoted ? { value: text } : resolvePlain(text);
  const core = tag.startsWith(CORE) ? tag.slice(CORE.length) : undefined;
  if (core === 'str' || core === 'timestamp') return { value: text };
  if (core === 'int' || core === 'float' || core === 'bool' || core === 'null') return resolveTagged(core, text);
  return undefined;
}

function nullAt(offset: number, build: Build): YamlScalar {
  return { kind: 'scalar', at: build.source.positionOf(offset), value: null, source: '', quoted: false };
}
