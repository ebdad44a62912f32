import { isPySpace, PY_SPACE } from './space.ts';
import { unescapeString } from './string-literal.ts';
import { SyntaxFault, type Token, type TokenType } from './token.ts';

/** The delimiters and white space rules of one text. */
export interface Delimiters {
  readonly blockStart: string;
  readonly blockEnd: string;
  readonly variableStart: string;
  readonly variableEnd: string;
  readonly commentStart: string;
  readonly commentEnd: string;
  readonly trimBlocks: boolean;
  readonly lstripBlocks: boolean;
  readonly newlineSequence: string;
  readonly keepTrailingNewline: boolean;
  /** In `{{ }}` a backslash in a string is only that: Ansible doubles them in playbooks before Jinja reads them. */
  readonly rawStrings: boolean;
}

/** Texts of playbooks. Ansible sets trim_blocks everywhere. */
export const USUAL: Delimiters = {
  blockStart: '{%',
  blockEnd: '%}',
  variableStart: '{{',
  variableEnd: '}}',
  commentStart: '{#',
  commentEnd: '#}',
  trimBlocks: true,
  lstripBlocks: false,
  newlineSequence: '\n',
  keepTrailingNewline: false,
  rawStrings: false,
};

/** The text as offsets of tokens count in it: line ends are `\n`, the last one is gone unless it is kept. */
export function normalize(text: string, delimiters: Delimiters): string {
  const lines = text.replace(/\r\n|\r/g, '\n');
  return !delimiters.keepTrailingNewline && lines.endsWith('\n') ? lines.slice(0, -1) : lines;
}

/**
 * Tokens of a template (Jinja 3.1, Template Designer Documentation: white space control, escaping, comments).
 * `source` is normalized.
 * @throws SyntaxFault
 */
export function tokenize(source: string, delimiters: Delimiters): Token[] {
  return new Lexer(source, delimiters).template();
}

/** Tokens of a bare expression. @throws SyntaxFault */
export function tokenizeExpression(source: string): Token[] {
  return new Lexer(source, USUAL).expression();
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');

const WHITE = new RegExp(`${PY_SPACE}+`, 'y');
const FLOAT = /(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/iy;
const INTEGER = /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy;
const NAME = /[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}_]*/uy;
const STRING = /'[^'\\]*(?:\\[\s\S][^'\\]*)*'|"[^"\\]*(?:\\[\s\S][^"\\]*)*"/y;
const RAW_STRING = /'[^']*'|"[^"]*"/y;
const OPERATOR = /\/\/|\*\*|==|!=|>=|<=|[-+/*%~[\](){}><=.:|,;]/y;
const CLOSERS: Readonly<Record<string, string>> = { '{': '}', '(': ')', '[': ']' };

class Lexer {
  readonly #source: string;
  readonly #delimiters: Delimiters;
  readonly #tokens: Token[] = [];
  #at = 0;
  /** Whether the text before is at the beginning of a line, for lstrip_blocks. */
  #lineStarts = true;

  constructor(source: string, delimiters: Delimiters) {
    this.#source = source;
    this.#delimiters = delimiters;
  }

  template(): Token[] {
    const starts = startPattern(this.#delimiters);
    while (this.#at < this.#source.length) {
      starts.lastIndex = this.#at;
      const match = starts.exec(this.#source);
      if (!match) {
        this.#data(this.#source.slice(this.#at), this.#at);
        break;
      }
      this.#tag(match);
    }
    this.#push('eof', '', this.#source.length);
    return this.#tokens;
  }

  expression(): Token[] {
    this.#inside(undefined, 'variable_end', false);
    this.#push('eof', '', this.#source.length);
    return this.#tokens;
  }

  #tag(match: RegExpExecArray): void {
    const groups = match.groups ?? {};
    const sign = groups.rawSign ?? groups.blockSign ?? groups.variableSign ?? groups.commentSign ?? '';
    const text = this.#source.slice(this.#at, match.index);
    this.#data(this.#stripLeft(text, sign, groups.variable !== undefined), this.#at);
    this.#moveTo(match.index + match[0].length);
    if (groups.comment !== undefined) this.#comment();
    else if (groups.raw !== undefined) this.#raw();
    else if (groups.variable !== undefined) this.#expressionTag('variable', match.index);
    else this.#expressionTag('block', match.index);
  }

  #stripLeft(text: string, sign: string, isVariable: boolean): string {
    if (sign === '-') return text.replace(new RegExp(`${PY_SPACE}+$`), '');
    if (sign === '+' || !this.#delimiters.lstripBlocks || isVariable) return text;
    const lineStart = text.lastIndexOf('\n') + 1;
    const blank = text.length > lineStart && isPySpace(text.slice(lineStart));
    return blank && (lineStart > 0 || this.#lineStarts) ? text.slice(0, lineStart) : text;
  }

  #comment(): void {
    const end = endPattern(this.#delimiters.commentEnd, this.#delimiters.trimBlocks, 'g');
    end.lastIndex = this.#at;
    const match = end.exec(this.#source);
    if (!match) throw new SyntaxFault('Missing end of comment tag', this.#at);
    this.#moveTo(match.index + match[0].length);
  }

  #raw(): void {
    const { blockStart, blockEnd, trimBlocks } = this.#delimiters;
    const pattern = `${escaped(blockStart)}([-+]?)${PY_SPACE}*endraw${PY_SPACE}*${endPattern(blockEnd, trimBlocks, '').source}`;
    const end = new RegExp(pattern, 'g');
    end.lastIndex = this.#at;
    const match = end.exec(this.#source);
    if (!match) throw new SyntaxFault('Missing end of raw directive', this.#at);
    this.#data(this.#stripLeft(this.#source.slice(this.#at, match.index), match[1] ?? '', false), this.#at);
    this.#moveTo(match.index + match[0].length);
  }

  #expressionTag(kind: 'variable' | 'block', from: number): void {
    const { blockEnd, variableEnd, trimBlocks, rawStrings } = this.#delimiters;
    this.#push(`${kind}_begin`, '', from);
    const end =
      kind === 'block'
        ? endPattern(blockEnd, trimBlocks, 'y')
        : new RegExp(`-${escaped(variableEnd)}${PY_SPACE}*|${escaped(variableEnd)}`, 'y');
    this.#inside(end, `${kind}_end`, kind === 'variable' && rawStrings);
  }

  /** Tokens up to the end delimiter, which counts only outside of brackets. */
  #inside(end: RegExp | undefined, endType: TokenType, rawStrings: boolean): void {
    const open: string[] = [];
    while (this.#at < this.#source.length) {
      const from = this.#at;
      const closing = end && open.length === 0 ? this.#match(end) : undefined;
      if (closing !== undefined) {
        this.#push(endType, '', from);
        this.#moveTo(from + closing.length);
        return;
      }
      this.#one(rawStrings, open);
    }
  }

  #one(rawStrings: boolean, open: string[]): void {
    const from = this.#at;
    const readers: readonly (readonly [RegExp, TokenType | 'white'])[] = [
      [WHITE, 'white'],
      [FLOAT, 'float'],
      [INTEGER, 'integer'],
      [NAME, 'name'],
      [rawStrings ? RAW_STRING : STRING, 'string'],
      [OPERATOR, 'operator'],
    ];
    for (const [pattern, type] of readers) {
      const text = type === 'float' && this.#source[from - 1] === '.' ? undefined : this.#match(pattern);
      if (text === undefined) continue;
      this.#moveTo(from + text.length);
      if (type === 'operator') balance(text, open, from);
      if (type !== 'white') this.#push(type, type === 'string' ? stringValue(text, from, rawStrings) : text, from);
      return;
    }
    throw new SyntaxFault(`unexpected char ${JSON.stringify(this.#source[from])}`, from);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#source)?.[0];
  }

  #data(text: string, from: number): void {
    const { newlineSequence } = this.#delimiters;
    if (text) this.#push('data', newlineSequence === '\n' ? text : text.replaceAll('\n', newlineSequence), from);
  }

  #push(type: TokenType, value: string, offset: number): void {
    this.#tokens.push({ type, value, offset });
  }

  #moveTo(at: number): void {
    this.#at = at;
    this.#lineStarts = this.#source[at - 1] === '\n';
  }
}

function stringValue(text: string, at: number, raw: boolean): string {
  const inner = text.slice(1, -1);
  return raw ? inner : unescapeString(inner, at);
}

function balance(operator: string, open: string[], at: number): void {
  const closer = CLOSERS[operator];
  if (closer !== undefined) open.push(closer);
  if (operator !== '}' && operator !== ')' && operator !== ']') return;
  const expected = open.pop();
  if (expected === undefined) throw new SyntaxFault(`unexpected '${operator}'`, at);
  if (expected !== operator) throw new SyntaxFault(`unexpected '${operator}', expected '${expected}'`, at);
}

/** The end of a block or comment: `-` eats the white space behind it, trim_blocks one line end, `+` nothing. */
function endPattern(end: string, trim: boolean, flags: string): RegExp {
  return new RegExp(`(?:\\+${escaped(end)}|-${escaped(end)}${PY_SPACE}*|${escaped(end)}${trim ? '\\n?' : ''})`, flags);
}

/** The next tag of any kind. Where one delimiter begins another, the longer wins. */
function startPattern(delimiters: Delimiters): RegExp {
  const { blockStart, blockEnd, variableStart, commentStart } = delimiters;
  const raw = `(?<raw>${escaped(blockStart)}(?<rawSign>[-+]?)${PY_SPACE}*raw${PY_SPACE}*(?:-${escaped(blockEnd)}${PY_SPACE}*|${escaped(blockEnd)}))`;
  const others = [
    { start: commentStart, name: 'comment' },
    { start: blockStart, name: 'block' },
    { start: variableStart, name: 'variable' },
  ].sort((a, b) => b.start.length - a.start.length);
  const tags = others.map(({ start, name }) => `(?<${name}>${escaped(start)}(?<${name}Sign>[-+]?))`);
  return new RegExp([raw, ...tags].join('|'), 'g');
}
