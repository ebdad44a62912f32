import { compare } from './compare.ts';
import { floatText } from './text.ts';
import {
  dictEntries,
  Fault,
  float,
  int,
  isDict,
  isFloat,
  type Py,
  Structure,
  sequenceItems,
  toNumber,
  typeName,
  Undefined,
} from './values.ts';

export interface JsonStyle {
  /** Text per level; undefined: all on one line. */
  readonly indent?: string | undefined;
  readonly itemSeparator: string;
  readonly keySeparator: string;
  readonly sortKeys: boolean;
  readonly ascii: boolean;
}

/** JSON as Python's `json.dumps` writes it. */
export function toJson(value: Py, style: JsonStyle, level = 0): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return jsonText(value, style.ascii);
  if (isFloat(value)) return floatJson(toNumber(value));
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (value instanceof Undefined) return value.fail();
  const items = sequenceItems(value);
  if (items)
    return bracketed(
      items.map((item) => toJson(item, style, level + 1)),
      { open: '[', close: ']', level },
      style,
    );
  if (isDict(value)) return dictJson(value, style, level);
  if (value instanceof Structure) return jsonText(value.text(), style.ascii);
  throw new Fault(`Object of type ${typeName(value)} is not JSON serializable`);
}

function dictJson(value: Py, style: JsonStyle, level: number): string {
  if (!isDict(value)) return '{}';
  const entries = dictEntries(value);
  if (style.sortKeys) entries.sort(([a], [b]) => compare(a, b));
  const parts = entries.map(
    ([key, item]) => `${jsonKey(key, style)}${style.keySeparator}${toJson(item, style, level + 1)}`,
  );
  return bracketed(parts, { open: '{', close: '}', level }, style);
}

function jsonKey(key: Py, style: JsonStyle): string {
  if (typeof key === 'string') return jsonText(key, style.ascii);
  return `"${toJson(key, style)}"`;
}

function bracketed(
  parts: readonly string[],
  around: { readonly open: string; readonly close: string; readonly level: number },
  style: JsonStyle,
): string {
  const { open, close, level } = around;
  if (parts.length === 0) return open + close;
  if (style.indent === undefined) return open + parts.join(style.itemSeparator) + close;
  const inner = `\n${style.indent.repeat(level + 1)}`;
  return `${open}${inner}${parts.join(style.itemSeparator.trimEnd() + inner)}\n${style.indent.repeat(level)}${close}`;
}

function floatJson(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  return floatText(value);
}

function jsonText(text: string, ascii: boolean): string {
  const escaped = JSON.stringify(text);
  return ascii
    ? escaped.replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
    : escaped;
}

const NUMBER = /^-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/;

/**
 * Reads JSON as Python's `json.loads`: ints keep all their digits, `1.0` stays a float, `NaN` and `Infinity` are known.
 * @throws Fault
 */
export function fromJson(text: string): Py {
  const reader = new JsonReader(text);
  return reader.whole();
}

class JsonReader {
  readonly #text: string;
  #at = 0;
  constructor(text: string) {
    this.#text = text;
  }

  whole(): Py {
    const value = this.#value();
    this.#space();
    if (this.#at < this.#text.length) throw this.#error('Extra data');
    return value;
  }

  #error(message: string): Fault {
    return new Fault(`${message}: char ${this.#at} of the JSON text`);
  }

  #space(): void {
    while (' \t\n\r'.includes(this.#text[this.#at] ?? 'x')) this.#at++;
  }

  #skip(token: string): boolean {
    this.#space();
    if (!this.#text.startsWith(token, this.#at)) return false;
    this.#at += token.length;
    return true;
  }

  #value(): Py {
    if (this.#skip('{')) return this.#object();
    if (this.#skip('[')) return this.#array();
    if (this.#text[this.#at] === '"') return this.#string();
    for (const [word, value] of WORDS) if (this.#skip(word)) return value;
    const match = NUMBER.exec(this.#text.slice(this.#at, this.#at + 5000));
    if (!match) throw this.#error('Expecting value');
    this.#at += match[0].length;
    return match[1] === undefined && match[2] === undefined ? int(BigInt(match[0])) : float(Number(match[0]));
  }

  #string(): string {
    const match = /"(?:[^"\\\x00-\x1f]|\\.)*"/y;
    match.lastIndex = this.#at;
    const found = match.exec(this.#text)?.[0];
    if (found === undefined) throw this.#error('Unterminated string');
    try {
      const value = JSON.parse(found) as string;
      this.#at += found.length;
      return value;
    } catch {
      throw this.#error('Invalid \\escape');
    }
  }

  #array(): Py[] {
    const items: Py[] = [];
    if (this.#skip(']')) return items;
    do items.push(this.#value());
    while (this.#skip(','));
    if (!this.#skip(']')) throw this.#error("Expecting ',' delimiter");
    return items;
  }

  #object(): Py {
    const entries: [string, Py][] = [];
    if (this.#skip('}')) return {};
    do {
      this.#space();
      if (this.#text[this.#at] !== '"') throw this.#error('Expecting property name enclosed in double quotes');
      const key = this.#string();
      if (!this.#skip(':')) throw this.#error("Expecting ':' delimiter");
      entries.push([key, this.#value()]);
    } while (this.#skip(','));
    if (!this.#skip('}')) throw this.#error("Expecting ',' delimiter");
    return Object.fromEntries(entries);
  }
}

const WORDS: readonly (readonly [string, Py])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
];
