export type TokenType =
  | 'data'
  | 'variable_begin'
  | 'variable_end'
  | 'block_begin'
  | 'block_end'
  | 'name'
  | 'string'
  | 'integer'
  | 'float'
  | 'operator'
  | 'eof';

/** A token; `offset` counts UTF-16 units in the normalized text. */
export interface Token {
  readonly type: TokenType;
  readonly value: string;
  readonly offset: number;
}

/** A syntax error, before it is known in which file. */
export class SyntaxFault extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** A token as messages name it. */
export function describe(token: Token): string {
  const named: Partial<Record<TokenType, string>> = {
    data: 'text',
    variable_begin: 'begin of print statement',
    variable_end: 'end of print statement',
    block_begin: 'begin of statement block',
    block_end: 'end of statement block',
    eof: 'end of template',
  };
  return named[token.type] ?? `'${token.value}'`;
}
