import { describe, SyntaxFault, type Token, type TokenType } from './token.ts';

/** A place in a row of tokens. */
export class Cursor {
  readonly #tokens: readonly Token[];
  #index = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get current(): Token {
    return this.#tokens[this.#index] ?? { type: 'eof', value: '', offset: 0 };
  }

  peek(): Token {
    return this.#tokens[this.#index + 1] ?? this.current;
  }

  advance(): Token {
    const token = this.current;
    this.#index++;
    return token;
  }

  is(type: TokenType, value?: string): boolean {
    return this.current.type === type && (value === undefined || this.current.value === value);
  }

  skip(type: TokenType, value?: string): boolean {
    if (!this.is(type, value)) return false;
    this.#index++;
    return true;
  }

  /** @throws SyntaxFault where another token stands there. */
  expect(type: TokenType, value?: string): Token {
    if (this.is(type, value)) return this.advance();
    const wanted =
      value === undefined ? (type === 'name' ? 'a name' : describe({ type, value: '', offset: 0 })) : `'${value}'`;
    return this.fail(`expected ${wanted}, got ${describe(this.current)}`);
  }

  fail(message: string, at = this.current.offset): never {
    throw new SyntaxFault(message, at);
  }
}
