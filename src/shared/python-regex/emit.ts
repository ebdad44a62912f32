import {
  type ClassItem,
  type ClassLetter,
  type Flags,
  type Node,
  type Pattern,
  PythonRegexError,
  widthOf,
} from './node.ts';

/** A pattern as JavaScript understands it (flag `u`; V8 11.3 misses matches with `v`: `/(?:.?z+){1,2}/v` on `bzz`). */
export interface Emitted {
  readonly source: string;
  /** `i` or nothing. */
  readonly flags: string;
  /** For each group of Python's, from 1, the number of JavaScript's group. */
  readonly groups: readonly number[];
  /** Groups whose text JavaScript forgets where Python keeps it: they may be matched, but not be asked for. */
  readonly uncertain: ReadonlySet<number>;
}

/**
 * Python's meaning in JavaScript's words. No flag but `i` and `u` is used: dots, anchors and classes are spelt out, because
 * JavaScript's know other line ends, digits and blanks.
 * @throws PythonRegexError for what has no such words.
 */
export function emit(pattern: Pattern): Emitted {
  const emitter = new Emitter(pattern);
  const source = emitter.node(pattern.root, { certain: new Set(), repeated: false });
  return {
    source,
    flags: emitter.nativeCase && pattern.flags.ignoreCase ? 'i' : '',
    groups: emitter.groups,
    uncertain: emitter.uncertain,
  };
}

/** Groups that have taken part for certain, and whether a repeat of several turns is around. */
interface Around {
  readonly certain: Set<number>;
  readonly repeated: boolean;
}

const WORD = '\\p{L}\\p{N}_';
const SPACE = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const LETTERS: Readonly<Record<'d' | 'w' | 's', { readonly unicode: string; readonly ascii: string }>> = {
  d: { unicode: '\\p{Nd}', ascii: '0-9' },
  w: { unicode: WORD, ascii: 'A-Za-z0-9_' },
  s: { unicode: SPACE, ascii: '\\t-\\r\\x20' },
};

class Emitter {
  readonly groups: number[] = [];
  readonly uncertain = new Set<number>();
  /** JavaScript has no `(?i:…)`: where case matters in part of a pattern only, letters are spelt in both cases. */
  readonly nativeCase: boolean;
  #count = 0;

  constructor(pattern: Pattern) {
    this.nativeCase = !mixesCase(pattern.root, pattern.flags.ignoreCase);
  }

  node(node: Node, around: Around): string {
    switch (node.kind) {
      case 'char':
        return this.#char(node.code, node.flags);
      case 'any':
        return node.flags.dotAll ? '[\\s\\S]' : '[^\\n]';
      case 'class':
        return this.#class(node);
      case 'anchor':
        return anchor(node.which, node.flags);
      case 'back':
        return this.#back(node.index, node.flags, around);
      case 'sequence':
        return node.items.map((item) => this.node(item, around)).join('');
      case 'choice':
        return this.#choice(node.branches, around);
      case 'repeat':
        return this.#repeat(node, around);
      default:
        return this.#group(node, around);
    }
  }

  #group(node: Extract<Node, { kind: 'group' | 'atomic' | 'look' }>, around: Around): string {
    if (node.kind === 'look') return this.#look(node, around);
    if (node.kind === 'atomic') return this.#atomic(() => this.node(node.body, around));
    if (node.index === undefined) return `(?:${this.node(node.body, around)})`;
    this.groups[node.index] = ++this.#count;
    const body = this.node(node.body, around);
    around.certain.add(node.index);
    return `(${body})`;
  }

  #look(node: Extract<Node, { kind: 'look' }>, around: Around): string {
    const inside: Around = node.negated ? { ...around, certain: new Set(around.certain) } : around;
    const open = `(?${node.ahead ? '' : '<'}${node.negated ? '!' : '='}`;
    return `(?:${open}${this.node(node.body, inside)}))`;
  }

  /** A lookahead never goes back into what it matched; its text is then taken by a reference. */
  #atomic(body: () => string): string {
    const index = ++this.#count;
    return `(?:(?=(${body()}))\\${index}(?:))`;
  }

  #choice(branches: readonly Node[], around: Around): string {
    const before = new Set(around.certain);
    const after: Set<number>[] = [];
    const parts = branches.map((branch) => {
      const certain = new Set(before);
      const text = this.node(branch, { ...around, certain });
      after.push(certain);
      return text;
    });
    const [first = new Set<number>(), ...others] = after;
    for (const index of first) if (others.every((set) => set.has(index))) around.certain.add(index);
    if (around.repeated) this.#doubt(branches, (index) => !around.certain.has(index));
    return `(?:${parts.join('|')})`;
  }

  #repeat(node: Extract<Node, { kind: 'repeat' }>, around: Around): string {
    const text = () => this.#plainRepeat(node, around);
    return node.mode === 'possessive' ? this.#atomic(text) : text();
  }

  #plainRepeat(node: Extract<Node, { kind: 'repeat' }>, around: Around): string {
    const several = node.max > 1;
    const mayBeEmpty = widthOf(node.body).min === 0;
    if (several && mayBeEmpty && prefersEmpty(node.body)) {
      throw new PythonRegexError('a repeat of what may be empty, and would rather be, is not understood here');
    }
    const certain = new Set(around.certain);
    const body = this.node(node.body, { certain, repeated: around.repeated || several });
    if (node.min > 0) for (const index of certain) around.certain.add(index);
    // JavaScript drops a turn that takes nothing, and with it the groups in it.
    if (mayBeEmpty && several) this.#doubt([node.body], () => true);
    if (around.repeated && node.min === 0) this.#doubt([node.body], () => true);
    if (mayBeEmpty && node.min === 0 && node.max === 1) return node.mode === 'lazy' ? `(?:|${body})` : `(?:${body}|)`;
    return `(?:${body})${bounds(node.min, node.max)}${node.mode === 'lazy' ? '?' : ''}`;
  }

  #doubt(nodes: readonly Node[], when: (index: number) => boolean): void {
    for (const node of nodes) {
      if (node.kind === 'group' && node.index !== undefined && when(node.index)) this.uncertain.add(node.index);
      this.#doubt(childrenOf(node), when);
    }
  }

  /** A group that took no part matches nothing in Python and anything in JavaScript. */
  #back(index: number, flags: Flags, around: Around): string {
    if (!around.certain.has(index) || this.uncertain.has(index)) {
      throw new PythonRegexError(
        `\\${index} refers to a group that may not have taken part, which is not understood here`,
      );
    }
    if (flags.ignoreCase && !this.nativeCase) {
      throw new PythonRegexError(`\\${index} where only a part of the pattern ignores case is not understood here`);
    }
    return `\\${this.groups[index]}(?:)`;
  }

  #char(code: number, flags: Flags): string {
    const variants = flags.ignoreCase && !this.nativeCase ? casesOf(code) : [code];
    return variants.length === 1 ? literal(code) : `[${variants.map(literal).join('')}]`;
  }

  #class(node: Extract<Node, { kind: 'class' }>): string {
    const spelt = node.flags.ignoreCase && !this.nativeCase;
    const apart = node.items.filter(isComplement).map((item) => classItem(item, node.flags));
    const inside = node.items
      .filter((item) => !isComplement(item))
      .map((item) => classItem(item, node.flags) + (spelt ? otherCases(item) : ''));
    const negation = node.negated ? '^' : '';
    if (apart.length === 0) return `[${negation}${inside.join('')}]`;
    const sets = [...apart.map((set) => `[^${set}]`), ...(inside.length > 0 ? [`[${inside.join('')}]`] : [])];
    return node.negated ? `(?:(?!${sets.join('|')})[\\s\\S])` : `(?:${sets.join('|')})`;
  }
}

/** A complement cannot stand in a class beside others. */
function isComplement(item: ClassItem): boolean {
  return item.kind === 'letter' && item.letter !== item.letter.toLowerCase();
}

/** Whether a node may try the empty text before a longer one: JavaScript then goes on where Python stops repeating. */
function prefersEmpty(node: Node): boolean {
  if (node.kind === 'repeat' && node.mode === 'lazy' && node.min !== node.max) return true;
  if (node.kind === 'choice' && node.branches.slice(0, -1).some((branch) => widthOf(branch).min === 0)) return true;
  return childrenOf(node).some(prefersEmpty);
}

function childrenOf(node: Node): readonly Node[] {
  if (node.kind === 'sequence') return node.items;
  if (node.kind === 'choice') return node.branches;
  return 'body' in node ? [node.body] : [];
}

function mixesCase(node: Node, ignoreCase: boolean): boolean {
  if ('flags' in node && node.flags.ignoreCase !== ignoreCase) return true;
  return childrenOf(node).some((child) => mixesCase(child, ignoreCase));
}

function bounds(min: number, max: number): string {
  if (min === 0 && max === 1) return '?';
  if (max === Number.POSITIVE_INFINITY) return min === 0 ? '*' : min === 1 ? '+' : `{${min},}`;
  return min === max ? `{${min}}` : `{${min},${max}}`;
}

function literal(code: number): string {
  const char = String.fromCodePoint(code);
  return /[A-Za-z0-9]/.test(char) ? char : `\\u{${code.toString(16)}}`;
}

function classItem(item: ClassItem, flags: Flags): string {
  if (item.kind === 'letter') return letterClass(item.letter, flags);
  return item.from === item.to ? literal(item.from) : `${literal(item.from)}-${literal(item.to)}`;
}

/** The characters of a letter's class; of a capital those that are not in it. */
function letterClass(letter: ClassLetter, flags: Flags): string {
  return LETTERS[letter.toLowerCase() as 'd' | 'w' | 's'][flags.ascii ? 'ascii' : 'unicode'];
}

function casesOf(code: number): number[] {
  const char = String.fromCodePoint(code);
  const all = [char, char.toLowerCase(), char.toUpperCase()].filter((one) => [...one].length === 1);
  return [...new Set(all.map((one) => one.codePointAt(0) ?? code))];
}

/** More letters than this in one range are not spelt out one by one. */
const WIDEST = 2000;

function otherCases(item: ClassItem): string {
  if (item.kind === 'letter') return '';
  if (item.to - item.from > WIDEST)
    throw new PythonRegexError('a wide range where only a part of the pattern ignores case is not understood here');
  const codes = new Set<number>();
  for (let code = item.from; code <= item.to; code++) for (const other of casesOf(code)) codes.add(other);
  return [...codes]
    .filter((code) => code < item.from || code > item.to)
    .map(literal)
    .join('');
}

function anchor(which: string, flags: Flags): string {
  const end = '(?![\\s\\S])';
  const word = `[${LETTERS.w[flags.ascii ? 'ascii' : 'unicode']}]`;
  switch (which) {
    case '^':
      return flags.multiline ? '(?<![^\\n])' : '(?<![\\s\\S])';
    case '$':
      return flags.multiline ? '(?![^\\n])' : `(?=\\n?${end})`;
    case 'A':
      return '(?<![\\s\\S])';
    case 'Z':
      return end;
    case 'b':
      return `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`;
    default:
      // Before Python 3.14 an empty text has no place that is not a border.
      return `(?:(?<=${word})(?=${word})|(?<!${word})(?!${word})(?:(?<=[\\s\\S])|(?=[\\s\\S])))`;
  }
}
