import { PyFloat, type Value } from '../model/value.ts';
import { readNumber } from './python-number.ts';
import { readString } from './python-string.ts';

/**
 * What Python 3's `ast.literal_eval` makes of text; undefined where it raises (then Ansible keeps the text as it is).
 * Tuples and sets become lists. Complex numbers, which no playbook can use, and `\N{…}` escapes count as not literal.
 */
export function pythonLiteral(text: string): Value | undefined {
  if (!MAYBE_LITERAL.test(text)) return undefined;
  const cursor: Cursor = { text: text.replace(/^[ \t]+/, ''), index: 0, depth: 0, tuples: new Set() };
  try {
    const value = readTop(cursor);
    skipBlanks(cursor);
    const rest = cursor.text.slice(cursor.index);
    return rest === '' || rest.startsWith('#') ? value : undefined;
  } catch (error) {
    if (error === NOT_LITERAL) return undefined;
    throw error;
  }
}

/** Most values are words; no parser is started for them. */
const MAYBE_LITERAL = /^[ \t]*(?:[-+.\d'"([{]|True\b|False\b|None\b|set\b|[rRuUbB]{1,2}['"])/;

/** Python's tokenizer refuses more brackets than this inside each other. */
const MOST_BRACKETS = 200;

interface Cursor {
  readonly text: string;
  index: number;
  depth: number;
  /** Lists that were written as tuples: only they may be members of a set. */
  readonly tuples: Set<Value>;
}

/** One for all: making an error with its stack for each of 100,000 addresses takes a second. */
const NOT_LITERAL = new Error('not a literal');

/** `1, 2` without brackets is a tuple too, and so is `1,`. */
function readTop(cursor: Cursor): Value {
  const first = readValue(cursor);
  skipBlanks(cursor);
  if (peek(cursor) !== ',') return first;
  const items = [first];
  while (take(cursor, ',')) {
    if (atEnd(cursor)) break;
    items.push(readValue(cursor));
    skipBlanks(cursor);
  }
  return items;
}

function atEnd(cursor: Cursor): boolean {
  skipBlanks(cursor);
  return cursor.index >= cursor.text.length || peek(cursor) === '#';
}

function readValue(cursor: Cursor): Value {
  skipBlanks(cursor);
  const character = peek(cursor);
  if (character === '[') return readSequence(cursor, '[', ']').items;
  if (character === '(') return readParentheses(cursor);
  if (character === '{') return readBraces(cursor);
  if (character === '-' || character === '+') return readSigned(cursor);
  if (/[\d.]/.test(character)) return number(cursor);
  return readWord(cursor);
}

function readWord(cursor: Cursor): Value {
  const word = /^[A-Za-z_]\w*/.exec(cursor.text.slice(cursor.index, cursor.index + 8))?.[0] ?? '';
  const next = cursor.text[cursor.index + word.length] ?? '';
  if (next !== "'" && next !== '"' && word !== '') {
    cursor.index += word.length;
    if (/[^\x00-\x7f]/.test(next)) throw NOT_LITERAL;
    if (word === 'True') return true;
    if (word === 'False') return false;
    if (word === 'None') return null;
    if (word === 'set') return emptySet(cursor);
    throw NOT_LITERAL;
  }
  return readStrings(cursor);
}

function emptySet(cursor: Cursor): Value {
  if (!take(cursor, '(') || !take(cursor, ')')) throw NOT_LITERAL;
  return [];
}

/** Strings side by side are one string; bytes and text do not mix. */
function readStrings(cursor: Cursor): Value {
  let text = '';
  let bytes: boolean | undefined;
  for (;;) {
    skipBlanks(cursor);
    const part = readString(cursor.text, cursor.index);
    if (!part) break;
    if (bytes !== undefined && bytes !== part.bytes) throw NOT_LITERAL;
    bytes = part.bytes;
    text += part.value;
    cursor.index = part.end;
  }
  if (bytes === undefined) throw NOT_LITERAL;
  return text;
}

function number(cursor: Cursor): Value {
  const read = readNumber(cursor.text, cursor.index);
  if (!read) throw NOT_LITERAL;
  cursor.index = read.end;
  return read.value;
}

/** One sign, and only before a number: `--1` is an expression, which literal_eval refuses. */
function readSigned(cursor: Cursor): Value {
  const negative = peek(cursor) === '-';
  cursor.index++;
  skipBlanks(cursor);
  const value = /[\d.]/.test(peek(cursor)) ? number(cursor) : parenthesisedNumber(cursor);
  if (!negative) return value;
  if (value instanceof PyFloat) return new PyFloat(-value.value);
  return typeof value === 'bigint' ? -value : value === 0 ? 0 : -(value as number);
}

function parenthesisedNumber(cursor: Cursor): Value {
  if (!take(cursor, '(')) throw NOT_LITERAL;
  skipBlanks(cursor);
  const value = /[\d.]/.test(peek(cursor)) ? number(cursor) : parenthesisedNumber(cursor);
  if (!take(cursor, ')')) throw NOT_LITERAL;
  return value;
}

function readSequence(cursor: Cursor, open: string, close: string): { items: Value[]; comma: boolean } {
  enter(cursor, open);
  const items: Value[] = [];
  let comma = false;
  while (!take(cursor, close)) {
    if (items.length > 0 && !comma) throw NOT_LITERAL;
    items.push(readValue(cursor));
    comma = take(cursor, ',');
  }
  cursor.depth--;
  return { items, comma };
}

/** `(1)` is 1, `(1,)` and `()` are tuples. */
function readParentheses(cursor: Cursor): Value {
  const { items, comma } = readSequence(cursor, '(', ')');
  const [only] = items;
  if (items.length === 1 && !comma && only !== undefined) return only;
  cursor.tuples.add(items);
  return items;
}

function readBraces(cursor: Cursor): Value {
  const start = cursor.index;
  enter(cursor, '{');
  if (take(cursor, '}')) {
    cursor.depth--;
    return {};
  }
  readValue(cursor);
  const isMapping = take(cursor, ':');
  cursor.index = start;
  cursor.depth--;
  if (isMapping) return readMapping(cursor);
  const { items } = readSequence(cursor, '{', '}');
  return [...new Map(items.map((item) => [memberKey(cursor, item), item])).values()];
}

/** What tells members of a set apart. */
function memberKey(cursor: Cursor, item: Value): string {
  if (!Array.isArray(item) || !cursor.tuples.has(item)) return typeof item === 'string' ? `'${item}` : keyOf(item);
  return `(${item.map((inner: Value) => memberKey(cursor, inner)).join('\0')})`;
}

function readMapping(cursor: Cursor): Value {
  enter(cursor, '{');
  const entries = new Map<string, Value>();
  let comma = true;
  while (!take(cursor, '}')) {
    if (!comma) throw NOT_LITERAL;
    const key = keyOf(readValue(cursor));
    if (!take(cursor, ':')) throw NOT_LITERAL;
    entries.set(key, readValue(cursor));
    comma = take(cursor, ',');
  }
  cursor.depth--;
  return Object.fromEntries(entries);
}

/** A key as Python's `str` writes it: keys of playbook data are text. */
function keyOf(value: Value): string {
  if (value === null) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (value instanceof PyFloat) return Number.isFinite(value.value) ? `${value.value}.0` : 'inf';
  if (typeof value === 'object') throw NOT_LITERAL;
  return String(value);
}

function enter(cursor: Cursor, open: string): void {
  cursor.depth++;
  if (cursor.depth >= MOST_BRACKETS || !take(cursor, open)) throw NOT_LITERAL;
}

function take(cursor: Cursor, character: string): boolean {
  skipBlanks(cursor);
  if (peek(cursor) !== character) return false;
  cursor.index++;
  return true;
}

function skipBlanks(cursor: Cursor): void {
  while (peek(cursor) === ' ' || peek(cursor) === '\t' || peek(cursor) === '\f') cursor.index++;
}

function peek(cursor: Cursor): string {
  return cursor.text[cursor.index] ?? '';
}
