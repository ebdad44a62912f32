import { PythonRegexError } from './node.ts';

const REPEAT = /\*|\+|\?|\{(?!\})(\d*)(?:(,)(\d*))?\}/y;
const MOST = 4_294_967_295;

/** A pattern being read, character by character (code points). */
export class Source {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  peek(): string {
    const code = this.#text.codePointAt(this.#at);
    return code === undefined ? '' : String.fromCodePoint(code);
  }

  next(): string {
    const char = this.peek();
    this.#at += char.length;
    return char;
  }

  skip(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  /** What a sticky pattern matches here, and goes on behind it. */
  match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text) ?? undefined;
    if (match) this.#at += match[0].length;
    return match;
  }

  /** The text up to a terminator, which is taken too. */
  until(end: string): string {
    const to = this.#text.indexOf(end, this.#at);
    if (to < 0) throw this.error(`missing ${end}, unterminated name`);
    const text = this.#text.slice(this.#at, to);
    this.#at = to + end.length;
    if (text === '') throw this.error('missing group name');
    return text;
  }

  /** White space and comments, which mean nothing in verbose mode. */
  skipVerbose(): void {
    this.match(/(?:[ \t\n\r\v\f]+|#[^\n]*)*/y);
  }

  /** Whether the `{` that was just read (or, with `ahead`, comes next) begins a repeat; if not, it is a character. */
  isRepeat(ahead = false): boolean {
    REPEAT.lastIndex = ahead ? this.#at : this.#at - 1;
    return bounds(REPEAT.exec(this.#text)) !== undefined;
  }

  /** A repeat that stands here: `* + ? {2} {2,} {,3} {2,3}`. */
  repeat(): { readonly min: number; readonly max: number } | undefined {
    REPEAT.lastIndex = this.#at;
    const match = REPEAT.exec(this.#text);
    const found = bounds(match);
    if (!match || !found) return undefined;
    this.#at += match[0].length;
    if (found.min > found.max) throw this.error('min repeat greater than max repeat');
    if (found.min >= MOST) throw this.error('the repetition number is too large');
    return found;
  }

  error(message: string): PythonRegexError {
    return new PythonRegexError(`${message} at position ${[...this.#text.slice(0, this.#at)].length}`);
  }
}

function bounds(match: RegExpExecArray | null): { readonly min: number; readonly max: number } | undefined {
  if (!match) return undefined;
  const [text, low, comma, high] = match;
  if (text === '*') return { min: 0, max: Number.POSITIVE_INFINITY };
  if (text === '+') return { min: 1, max: Number.POSITIVE_INFINITY };
  if (text === '?') return { min: 0, max: 1 };
  if (comma === undefined) return { min: Number(low || 0), max: low === '' ? Number.POSITIVE_INFINITY : Number(low) };
  return { min: Number(low || 0), max: high ? Number(high) : Number.POSITIVE_INFINITY };
}
