import { type Emitted, emit } from './emit.ts';
import { NO_FLAGS, type Pattern, PythonRegexError } from './node.ts';
import { parsePattern } from './parse.ts';
import { parseReplacement, type Replacement } from './replacement.ts';

export { PythonRegexError } from './node.ts';

/** Flags of the whole pattern, as `re.compile` takes them; those written in it (`(?i)`) come on top. */
export interface PythonRegexFlags {
  readonly multiline?: boolean;
  readonly ignoreCase?: boolean;
  readonly dotAll?: boolean;
  readonly verbose?: boolean;
}

/** One match. Offsets count UTF-16 units, as JavaScript's strings do. */
export interface PythonMatch {
  readonly index: number;
  readonly end: number;
  readonly text: string;
  /**
   * The text of a group by number (0 is the whole) or name; undefined: it took no part.
   * @throws PythonRegexError for a group that is not there, or whose text JavaScript cannot tell.
   */
  group(which: number | string): string | undefined;
  /** Groups 1, 2 … */
  groups(): readonly (string | undefined)[];
  /** A replacement with this match's groups in it, as `match.expand`. */
  expand(replacement: string): string;
}

/** A pattern of Python's `re` for text, matching as Python 3.11 matches. */
export interface PythonRegex {
  readonly pattern: string;
  /** Number of groups. */
  readonly groups: number;
  /** Numbers of named groups. */
  readonly names: ReadonlyMap<string, number>;
  /** The first match anywhere. */
  search(text: string): PythonMatch | undefined;
  /** A match at the beginning. */
  match(text: string): PythonMatch | undefined;
  /** A match of the whole text. */
  fullmatch(text: string): PythonMatch | undefined;
  /** All matches from left to right, empty ones too (Python 3.7 and later). */
  finditer(text: string): readonly PythonMatch[];
  /** As `re.findall`: texts of the matches; of one group, its texts; of several, lists of them. */
  findall(text: string): readonly (string | readonly string[])[];
  /** Every match (or the first `count`) replaced; with how many there were. */
  subn(
    replacement: string | ((match: PythonMatch) => string),
    text: string,
    count?: number,
  ): { readonly text: string; readonly count: number };
  sub(replacement: string | ((match: PythonMatch) => string), text: string, count?: number): string;
}

/**
 * Compiles a pattern of Python's `re`.
 * @throws PythonRegexError with plain words for what Python refuses, and for what cannot be matched exactly as Python does.
 */
export function compilePythonRegex(pattern: string, flags: PythonRegexFlags = {}): PythonRegex {
  const parsed = parsePattern(pattern, { ...NO_FLAGS, ...flags });
  return new Regex(pattern, parsed, emit(parsed));
}

/** Text in which no character means anything, as `re.escape` makes it. */
export function escapePythonRegex(text: string): string {
  return text.replace(/[()[\]{}?*+\-|^$\\.&~# \t\n\r\v\f]/g, '\\$&');
}

class Regex implements PythonRegex {
  readonly pattern: string;
  readonly #parsed: Pattern;
  readonly #emitted: Emitted;
  readonly #search: RegExp;

  constructor(pattern: string, parsed: Pattern, emitted: Emitted) {
    this.pattern = pattern;
    this.#parsed = parsed;
    this.#emitted = emitted;
    this.#search = compiled(emitted.source, `g${emitted.flags}`);
  }

  get groups(): number {
    return this.#parsed.groups;
  }

  get names(): ReadonlyMap<string, number> {
    return this.#parsed.names;
  }

  search(text: string): PythonMatch | undefined {
    return this.#run(this.#search, text, 0);
  }

  match(text: string): PythonMatch | undefined {
    return this.#run(compiled(this.#emitted.source, `y${this.#emitted.flags}`), text, 0);
  }

  fullmatch(text: string): PythonMatch | undefined {
    return this.#run(compiled(`(?:${this.#emitted.source})(?![\\s\\S])`, `y${this.#emitted.flags}`), text, 0);
  }

  finditer(text: string): readonly PythonMatch[] {
    const out: PythonMatch[] = [];
    let last: PythonMatch | undefined;
    for (;;) {
      const match = this.#next(text, last);
      if (!match) return out;
      out.push(match);
      last = match;
    }
  }

  findall(text: string): readonly (string | readonly string[])[] {
    return this.finditer(text).map((match) => {
      const groups = match.groups().map((group) => group ?? '');
      const [first] = groups;
      if (first === undefined) return match.text;
      return groups.length === 1 ? first : groups;
    });
  }

  subn(
    replacement: string | ((match: PythonMatch) => string),
    text: string,
    count = 0,
  ): { readonly text: string; readonly count: number } {
    const parts = typeof replacement === 'string' ? parseReplacement(replacement, this) : undefined;
    const put = typeof replacement === 'string' ? (match: PythonMatch) => filled(parts ?? [], match) : replacement;
    let out = '';
    let from = 0;
    let made = 0;
    let last: PythonMatch | undefined;
    while (count <= 0 || made < count) {
      const match = this.#next(text, last);
      if (!match) break;
      out += text.slice(from, match.index) + put(match);
      from = match.end;
      last = match;
      made++;
    }
    return { text: out + text.slice(from), count: made };
  }

  sub(replacement: string | ((match: PythonMatch) => string), text: string, count = 0): string {
    return this.subn(replacement, text, count).text;
  }

  /** After an empty match the next may begin at the same place, but must not be empty there. */
  #next(text: string, last: PythonMatch | undefined): PythonMatch | undefined {
    if (!last) return this.search(text);
    if (last.end > last.index) return this.#run(this.#search, text, last.end);
    return this.#advance(text, last.end) ?? this.#run(this.#search, text, last.end + stepAt(text, last.end));
  }

  /** The rest of the text is noted first; where it is still all there at the end, nothing was taken. */
  #advance(text: string, at: number): PythonMatch | undefined {
    const { source, flags } = this.#emitted;
    const shifted = source.replace(/\\(\d+)\(\?:\)/g, (_, index: string) => `\\${Number(index) + 1}(?:)`);
    const pattern = compiled(`(?=([\\s\\S]*))(?:${shifted})(?!\\1(?![\\s\\S]))`, `y${flags}`);
    return this.#run(pattern, text, at, 1);
  }

  #run(pattern: RegExp, text: string, from: number, shift = 0): PythonMatch | undefined {
    if (from > text.length) return undefined;
    pattern.lastIndex = from;
    const found = pattern.exec(text);
    return found ? new Match(found, { parsed: this.#parsed, emitted: this.#emitted, shift }) : undefined;
  }
}

/** The width of the character at an offset. */
function stepAt(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}

function compiled(source: string, flags: string): RegExp {
  try {
    return new RegExp(source, `u${flags}`);
  } catch (error) {
    throw new PythonRegexError(
      `the pattern is not understood: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function filled(parts: Replacement, match: PythonMatch): string {
  return parts.map((part) => (typeof part === 'number' ? (match.group(part) ?? '') : part)).join('');
}

class Match implements PythonMatch {
  readonly #found: RegExpExecArray;
  readonly #of: { readonly parsed: Pattern; readonly emitted: Emitted; readonly shift: number };

  constructor(
    found: RegExpExecArray,
    of: { readonly parsed: Pattern; readonly emitted: Emitted; readonly shift: number },
  ) {
    this.#found = found;
    this.#of = of;
  }

  get index(): number {
    return this.#found.index;
  }

  get end(): number {
    return this.#found.index + this.#found[0].length;
  }

  get text(): string {
    return this.#found[0];
  }

  group(which: number | string): string | undefined {
    const { parsed, emitted, shift } = this.#of;
    const index = typeof which === 'string' ? parsed.names.get(which) : which;
    if (index === undefined || index < 0 || index > parsed.groups)
      throw new PythonRegexError(`no such group: ${which}`);
    if (index === 0) return this.#found[0];
    if (emitted.uncertain.has(index)) {
      throw new PythonRegexError(`the text of group ${which} cannot be told: it is an optional part of a repeat`);
    }
    return this.#found[(emitted.groups[index] ?? 0) + shift];
  }

  groups(): readonly (string | undefined)[] {
    return Array.from({ length: this.#of.parsed.groups }, (_, index) => this.group(index + 1));
  }

  expand(replacement: string): string {
    return filled(parseReplacement(replacement, this.#of.parsed), this);
  }
}
