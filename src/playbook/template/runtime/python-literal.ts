import { unescapeString } from '../syntax/string-literal.ts';
import { repr } from './text.ts';
import { float, int, makeDict, type Py, Tuple, toNumber } from './values.ts';

/** What a text means as a Python literal (`ast.literal_eval`), or the text itself where it is none. A string keeps its quotes. */
export function literalValue(text: string): Py {
  const value = parseLiteral(text);
  if (value === undefined) return text;
  return typeof value === 'string' ? `${text[0]}${value}${text[0]}` : value;
}

/** The value of a Python literal; JS `undefined`: it is none. */
export function parseLiteral(text: string): Py {
  if (/^[ \t]/.test(text)) return undefined;
  const reader = new Reader(text);
  try {
    const value = reader.tuple();
    return reader.atEnd() ? value : undefined;
  } catch (error) {
    if (error instanceof NoLiteral) return undefined;
    throw error;
  }
}

class NoLiteral extends Error {}

const NUMBER =
  /^(?:0[xX](?:_?[\da-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:\d(?:_?\d)*\.?(?:\d(?:_?\d)*)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d+)?)/;
const STRING = /^(?:[uU]?)('(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*")/;
const WORDS: readonly (readonly [string, Py])[] = [
  ['True', true],
  ['False', false],
  ['None', null],
];

class Reader {
  #rest: string;
  constructor(text: string) {
    this.#rest = text;
  }

  atEnd(): boolean {
    return /^[\s]*(?:#.*)?$/.test(this.#rest);
  }

  tuple(): Py {
    const items = [this.#value()];
    let commas = false;
    while (this.#take(',')) {
      commas = true;
      if (this.atEnd()) break;
      items.push(this.#value());
    }
    return commas ? new Tuple(items) : items[0];
  }

  #take(token: string): boolean {
    const trimmed = this.#rest.replace(/^[ \t]+/, '');
    if (!trimmed.startsWith(token)) return false;
    this.#rest = trimmed.slice(token.length);
    return true;
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    const match = pattern.exec(this.#rest);
    if (match) this.#rest = this.#rest.slice(match[0].length);
    return match ?? undefined;
  }

  #value(): Py {
    this.#rest = this.#rest.replace(/^[ \t]+/, '');
    for (const [word, value] of WORDS) if (this.#match(new RegExp(`^${word}\\b`))) return value;
    if (this.#take('[')) return this.#items(']');
    if (this.#take('{')) return this.#dict();
    if (this.#take('(')) return this.#parentheses();
    if (this.#take('-')) return this.#signed(-1);
    if (this.#take('+')) return this.#signed(1);
    return this.#string() ?? this.#number();
  }

  #signed(sign: number): Py {
    const value = this.#number();
    if (typeof value === 'bigint') return sign < 0 ? -value : value;
    if (typeof value === 'number') return Number.isInteger(value) ? sign * value + 0 : sign * value;
    return float(sign * toNumber(value));
  }

  #number(): Py {
    const text = this.#match(NUMBER)?.[0].replaceAll('_', '');
    if (text === undefined || /^\w/.test(this.#rest)) throw new NoLiteral();
    if (/^0[xXoObB]/.test(text)) return int(BigInt(text));
    if (/[.eE]/.test(text)) return float(Number(text));
    if (/^0+[1-9]/.test(text)) throw new NoLiteral();
    return int(BigInt(text));
  }

  #string(): Py {
    let value: string | undefined;
    for (let match = this.#match(STRING); match; match = this.#match(STRING)) {
      value = (value ?? '') + unescaped((match[1] ?? '').slice(1, -1));
      this.#rest = this.#rest.replace(/^[ \t]+/, '');
    }
    return value;
  }

  #space(): void {
    this.#rest = this.#rest.replace(/^\s+/, '');
  }

  #items(end: string): Py[] {
    const items: Py[] = [];
    for (;;) {
      this.#space();
      if (this.#take(end)) return items;
      items.push(this.#value());
      this.#space();
      if (this.#take(',')) continue;
      if (this.#take(end)) return items;
      throw new NoLiteral();
    }
  }

  #parentheses(): Py {
    const before = this.#rest;
    const items = this.#items(')');
    const inside = before.slice(0, before.length - this.#rest.length - 1);
    const [only] = items;
    return items.length === 1 && !/,\s*$/.test(inside) ? only : new Tuple(items);
  }

  #dict(): Py {
    const entries: [Py, Py][] = [];
    for (;;) {
      this.#space();
      if (this.#take('}')) return makeDict(entries);
      const key = this.#value();
      this.#space();
      if (!this.#take(':')) throw new NoLiteral();
      this.#space();
      entries.push([key, this.#value()]);
      this.#space();
      if (!this.#take(',') && !this.#rest.startsWith('}')) throw new NoLiteral();
    }
  }
}

function unescaped(text: string): string {
  try {
    return unescapeString(text, 0);
  } catch {
    throw new NoLiteral(repr(text));
  }
}
