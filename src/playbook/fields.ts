import type { Position } from '../shared/problem.ts';
import type { YamlMapping, YamlNode, YamlScalar } from '../shared/yaml/node.ts';

export interface Field {
  readonly key: YamlScalar;
  readonly value: YamlNode;
}

/** The entries of a mapping by key. */
export class Fields {
  readonly at: Position;
  readonly #entries: Map<string, Field>;

  constructor(node: YamlMapping) {
    this.at = node.at;
    this.#entries = new Map(node.entries.map((entry) => [String(entry.key.value), entry]));
  }

  get(key: string): YamlNode | undefined {
    return this.#entries.get(key)?.value;
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  /** Where the key stands. */
  keyAt(key: string): Position {
    return this.#entries.get(key)?.key.at ?? this.at;
  }

  /** The scalar's text, if it is one. */
  text(key: string): string | undefined {
    const node = this.get(key);
    return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
  }

  /** The same with one key under another name. */
  renamed(from: string, to: string): Fields {
    const entries = [...this.#entries].map(([key, { key: name, value }]) =>
      key === from ? { key: { ...name, value: to }, value } : { key: name, value },
    );
    return new Fields({ kind: 'mapping', at: this.at, entries });
  }

  [Symbol.iterator](): IterableIterator<[string, Field]> {
    return this.#entries.entries();
  }
}

/** The items of a list; one value alone is a list of it, nothing (or null) an empty one. */
export function itemsOf(node: YamlNode | undefined): readonly YamlNode[] {
  if (!node) return [];
  if (node.kind === 'sequence') return node.items;
  return node.kind === 'scalar' && node.value === null ? [] : [node];
}

/** Words of a list or of a comma-separated text (`tags`, `hosts`). */
export function wordsOf(node: YamlNode | undefined): { readonly text: string; readonly at: Position }[] {
  return itemsOf(node).flatMap((item) =>
    item.kind === 'scalar'
      ? scalarText(item)
          .split(',')
          .map((word) => ({ text: word.trim(), at: item.at }))
          .filter(({ text }) => text !== '')
      : [],
  );
}

/** A scalar as it was meant: numbers and booleans as written. */
export function scalarText(node: YamlScalar): string {
  return typeof node.value === 'string' ? node.value : node.source;
}
