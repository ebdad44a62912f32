import { numericEscape, simpleEscape } from './escape.ts';
import { type ClassLetter, type Flags, type Node, type Pattern, widthOf } from './node.ts';
import { parseClass } from './parse-class.ts';
import { Source } from './source.ts';

/**
 * A pattern taken apart as Python 3.11 takes it (Regular Expression Syntax, Python library reference).
 * @throws PythonRegexError
 */
export function parsePattern(text: string, given: Flags): Pattern {
  const source = new Source(text);
  const flags = leadingFlags(source, given);
  const parser = new Parser(source);
  const root = parser.choice(flags);
  if (!source.atEnd()) throw source.error('unbalanced parenthesis');
  return { root, groups: parser.groups, names: parser.names, flags };
}

/** `(?im)` at the very beginning holds for the whole pattern; elsewhere Python refuses it. */
function leadingFlags(source: Source, given: Flags): Flags {
  let flags = given;
  for (;;) {
    if (flags.verbose) source.skipVerbose();
    const match = source.match(/\(\?([aiLmsux]+)\)/y);
    if (!match) return flags;
    flags = withFlags(source, flags, { on: match[1] ?? '', off: '' });
  }
}

const FLAG_NAMES: Readonly<Record<string, keyof Flags>> = {
  i: 'ignoreCase',
  m: 'multiline',
  s: 'dotAll',
  x: 'verbose',
  a: 'ascii',
};

function withFlags(source: Source, flags: Flags, letters: { readonly on: string; readonly off: string }): Flags {
  const out: Record<keyof Flags, boolean> = { ...flags };
  for (const letter of letters.on) {
    if (letter === 'L') throw source.error("bad inline flags: cannot use 'L' flag with a str pattern");
    if (letter === 'u') out.ascii = false;
    const name = FLAG_NAMES[letter];
    if (name) out[name] = true;
  }
  for (const letter of letters.off) {
    const name = FLAG_NAMES[letter];
    if (!name || name === 'ascii') throw source.error(`bad inline flags: cannot turn off flag '${letter}'`);
    out[name] = false;
  }
  return out;
}

class Parser {
  readonly #source: Source;
  readonly names = new Map<string, number>();
  groups = 0;
  readonly #open = new Set<number>();
  #lookbehinds = 0;
  #depth = 0;

  constructor(source: Source) {
    this.#source = source;
  }

  choice(flags: Flags): Node {
    if (++this.#depth > 200) throw this.#source.error('the pattern is nested too deeply');
    const branches = [this.#sequence(flags)];
    while (this.#source.skip('|')) branches.push(this.#sequence(flags));
    this.#depth--;
    const [only] = branches;
    return branches.length === 1 && only ? only : { kind: 'choice', branches };
  }

  #sequence(flags: Flags): Node {
    const items: Node[] = [];
    for (;;) {
      if (flags.verbose) this.#source.skipVerbose();
      const char = this.#source.peek();
      if (char === '' || char === '|' || char === ')') break;
      const atom = this.#atom(flags, items.length === 0);
      // A comment is nothing: a repeat behind it belongs to what stands before it.
      const repeatable = atom ?? items.pop();
      if (repeatable) items.push(this.#repeated(repeatable, flags));
    }
    return { kind: 'sequence', items };
  }

  #atom(flags: Flags, first: boolean): Node | undefined {
    const source = this.#source;
    const char = source.next();
    if (char === '.') return { kind: 'any', flags };
    if (char === '^' || char === '$') return { kind: 'anchor', which: char, flags };
    if (char === '[') return parseClass(source, flags);
    if (char === '(') return this.#group(flags);
    if (char === '\\') return this.#escape(flags);
    if (char === '*' || char === '+' || char === '?' || (char === '{' && source.isRepeat())) {
      throw source.error(first ? 'nothing to repeat' : 'multiple repeat');
    }
    return { kind: 'char', code: char.codePointAt(0) ?? 0, flags };
  }

  #repeated(atom: Node, flags: Flags): Node {
    const source = this.#source;
    if (flags.verbose) source.skipVerbose();
    const bounds = source.repeat();
    if (!bounds) return atom;
    if (atom.kind === 'anchor') throw source.error('nothing to repeat');
    const mode = source.skip('?') ? 'lazy' : source.skip('+') ? 'possessive' : 'greedy';
    if (flags.verbose) source.skipVerbose();
    const again = source.peek();
    if (again === '*' || again === '+' || again === '?' || (again === '{' && source.isRepeat(true))) {
      throw source.error('multiple repeat');
    }
    return { kind: 'repeat', body: atom, ...bounds, mode };
  }

  #escape(flags: Flags): Node {
    const source = this.#source;
    const char = source.next();
    if (char === '') throw source.error('bad escape (end of pattern)');
    if ('AZbB'.includes(char)) return { kind: 'anchor', which: char as 'A', flags };
    if ('dDwWsS'.includes(char)) {
      return { kind: 'class', negated: false, items: [{ kind: 'letter', letter: char as ClassLetter }], flags };
    }
    if (/[1-9]/.test(char)) return this.#numbered(char, flags);
    return { kind: 'char', code: simpleEscape(source, char), flags };
  }

  /** `\1` is a group, `\101` a character in octal. */
  #numbered(first: string, flags: Flags): Node {
    const source = this.#source;
    const octal = numericEscape(source, first);
    if (octal !== undefined) return { kind: 'char', code: octal, flags };
    const second = source.match(/[0-9]/y)?.[0] ?? '';
    return this.#backReference(Number(first + second), flags);
  }

  #backReference(index: number, flags: Flags): Node {
    if (index > this.groups) throw this.#source.error(`invalid group reference ${index}`);
    if (this.#open.has(index)) throw this.#source.error('cannot refer to an open group');
    if (this.#lookbehinds > 0) throw this.#source.error('a group reference in a look-behind is not understood here');
    return { kind: 'back', index, flags };
  }

  #group(flags: Flags): Node | undefined {
    const source = this.#source;
    if (!source.skip('?')) return this.#capture(undefined, flags);
    const char = source.next();
    if (char === 'P') return this.#named(flags);
    if (char === ':') return { kind: 'group', index: undefined, body: this.#closed(flags) };
    if (char === '>') return { kind: 'atomic', body: this.#closed(flags) };
    if (char === '#') return this.#comment();
    if (char === '=' || char === '!') return this.#look(flags, { ahead: true, negated: char === '!' });
    if (char === '<') return this.#lookbehind(flags);
    if (char === '(') throw source.error('conditional groups (?(1)…|…) are not understood here');
    if (/[aiLmsux-]/.test(char)) return this.#flagged(char, flags);
    throw source.error(char === '' ? 'unexpected end of pattern' : `unknown extension ?${char}`);
  }

  #comment(): undefined {
    if (!this.#source.match(/[^)]*\)/y)) throw this.#source.error('missing ), unterminated comment');
    return undefined;
  }

  #lookbehind(flags: Flags): Node {
    const char = this.#source.next();
    if (char !== '=' && char !== '!') throw this.#source.error(`unknown extension ?<${char}`);
    this.#lookbehinds++;
    const node = this.#look(flags, { ahead: false, negated: char === '!' });
    this.#lookbehinds--;
    return node;
  }

  #look(flags: Flags, how: { readonly ahead: boolean; readonly negated: boolean }): Node {
    const body = this.#closed(flags);
    const { min, max } = widthOf(body);
    if (!how.ahead && min !== max) throw this.#source.error('look-behind requires fixed-width pattern');
    return { kind: 'look', ...how, body };
  }

  #named(flags: Flags): Node {
    const source = this.#source;
    if (source.skip('<')) return this.#capture(source.until('>'), flags);
    if (!source.skip('=')) throw source.error(`unknown extension ?P${source.peek()}`);
    const name = source.until(')');
    const index = this.names.get(name);
    if (index === undefined) throw source.error(`unknown group name '${name}'`);
    return this.#backReference(index, flags);
  }

  #capture(name: string | undefined, flags: Flags): Node {
    const index = ++this.groups;
    if (name !== undefined) {
      if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)) throw this.#source.error(`bad character in group name '${name}'`);
      if (this.names.has(name)) throw this.#source.error(`redefinition of group name '${name}'`);
      this.names.set(name, index);
    }
    this.#open.add(index);
    const body = this.#closed(flags);
    this.#open.delete(index);
    return { kind: 'group', index, body };
  }

  #closed(flags: Flags): Node {
    const body = this.choice(flags);
    if (!this.#source.skip(')')) throw this.#source.error('missing ), unterminated subpattern');
    return body;
  }

  /** `(?i-s:…)`. */
  #flagged(first: string, flags: Flags): Node {
    const source = this.#source;
    const letters = first + (source.match(/[a-zA-Z-]*/y)?.[0] ?? '');
    if (source.skip(')')) throw source.error('global flags not at the start of the expression');
    if (!source.skip(':')) throw source.error('unknown flag');
    const [on = '', off, ...rest] = letters.split('-');
    if (rest.length > 0 || off === '' || /[^aiLmsux]/.test(on + (off ?? ''))) throw source.error('unknown flag');
    return { kind: 'group', index: undefined, body: this.#closed(withFlags(source, flags, { on, off: off ?? '' })) };
  }
}
