/** A pattern that Python would refuse, or that we cannot match exactly as Python does. */
export class PythonRegexError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PythonRegexError';
  }
}

/** The flags of Python's `re` that hold at a place of a pattern. */
export interface Flags {
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
  readonly verbose: boolean;
  readonly ascii: boolean;
}

export const NO_FLAGS: Flags = { ignoreCase: false, multiline: false, dotAll: false, verbose: false, ascii: false };

/** The letters of Python's classes: `\d \D \w \W \s \S`. */
export type ClassLetter = 'd' | 'D' | 'w' | 'W' | 's' | 'S';

export type ClassItem =
  | { readonly kind: 'range'; readonly from: number; readonly to: number }
  | { readonly kind: 'letter'; readonly letter: ClassLetter };

/** A piece of a pattern, with the flags that hold there where they matter. */
export type Node =
  | { readonly kind: 'char'; readonly code: number; readonly flags: Flags }
  | { readonly kind: 'any'; readonly flags: Flags }
  | { readonly kind: 'class'; readonly negated: boolean; readonly items: readonly ClassItem[]; readonly flags: Flags }
  | { readonly kind: 'anchor'; readonly which: '^' | '$' | 'A' | 'Z' | 'b' | 'B'; readonly flags: Flags }
  | { readonly kind: 'group'; readonly index: number | undefined; readonly body: Node }
  | { readonly kind: 'atomic'; readonly body: Node }
  | { readonly kind: 'look'; readonly ahead: boolean; readonly negated: boolean; readonly body: Node }
  | { readonly kind: 'back'; readonly index: number; readonly flags: Flags }
  | RepeatNode
  | { readonly kind: 'sequence'; readonly items: readonly Node[] }
  | { readonly kind: 'choice'; readonly branches: readonly Node[] };

export interface RepeatNode {
  readonly kind: 'repeat';
  readonly body: Node;
  readonly min: number;
  readonly max: number;
  readonly mode: 'greedy' | 'lazy' | 'possessive';
}

export interface Pattern {
  readonly root: Node;
  readonly groups: number;
  readonly names: ReadonlyMap<string, number>;
  /** Flags of the whole pattern, those in it (`(?i)`) included. */
  readonly flags: Flags;
}

/** The least and most characters that a node takes. `groups` holds the widths of groups that stand before it. */
export function widthOf(node: Node, groups: Map<number, Width> = new Map()): Width {
  switch (node.kind) {
    case 'char':
    case 'any':
    case 'class':
      return { min: 1, max: 1 };
    case 'anchor':
      return { min: 0, max: 0 };
    case 'look':
      widthOf(node.body, groups);
      return { min: 0, max: 0 };
    case 'back':
      return groups.get(node.index) ?? { min: 0, max: Number.POSITIVE_INFINITY };
    default:
      return compoundWidth(node, groups);
  }
}

export interface Width {
  readonly min: number;
  readonly max: number;
}

type Compound = Extract<Node, { kind: 'group' | 'atomic' | 'repeat' | 'sequence' | 'choice' }>;

function compoundWidth(node: Compound, groups: Map<number, Width>): Width {
  if (node.kind === 'sequence' || node.kind === 'choice') {
    const parts = (node.kind === 'sequence' ? node.items : node.branches).map((part) => widthOf(part, groups));
    return node.kind === 'sequence' ? total(parts) : widest(parts);
  }
  const width = widthOf(node.body, groups);
  if (node.kind === 'group' && node.index !== undefined) groups.set(node.index, width);
  if (node.kind !== 'repeat') return width;
  const max = node.max === 0 || width.max === 0 ? 0 : node.max * width.max;
  return { min: node.min * width.min, max };
}

function total(parts: readonly Width[]): Width {
  return {
    min: parts.reduce((sum, part) => sum + part.min, 0),
    max: parts.reduce((sum, part) => sum + part.max, 0),
  };
}

function widest(parts: readonly Width[]): Width {
  return { min: Math.min(...parts.map(({ min }) => min)), max: Math.max(...parts.map(({ max }) => max)) };
}
