import type { Position, Problem } from '../problem.ts';

/** YAML with positions, resolved as PyYAML's SafeLoader resolves YAML 1.1 (`0644` octal, `yes` true, `y` text, `<<` merged). */
export type YamlNode = YamlScalar | YamlSequence | YamlMapping;

interface NodeBase {
  readonly at: Position;
}

export interface YamlScalar extends NodeBase {
  readonly kind: 'scalar';
  /** A float without fraction comes as `{ float: 1 }`, an int beyond 2^53 as bigint, a timestamp as its text. */
  readonly value: null | boolean | number | bigint | string | { readonly float: number };
  /** As written, without quotes. */
  readonly source: string;
  readonly quoted: boolean;
  /** Local tags: `!vault`, `!unsafe`. */
  readonly tag?: 'vault' | 'unsafe';
}

export interface YamlSequence extends NodeBase {
  readonly kind: 'sequence';
  readonly items: readonly YamlNode[];
}

export interface YamlMapping extends NodeBase {
  readonly kind: 'mapping';
  /** Merge keys are resolved; of a key written twice only the last is here. Keys that are no strings are turned into text as Python's `str` does. */
  readonly entries: readonly { readonly key: YamlScalar; readonly value: YamlNode }[];
}

export interface YamlFile {
  /** Undefined for an empty file, or where a problem made reading impossible. */
  readonly root?: YamlNode;
  readonly problems: readonly Problem[];
}
