import { float, int } from '../runtime/values.ts';
import type { Arguments, Comparison, Expression, FilterNode } from './ast.ts';
import { Cursor } from './cursor.ts';
import { describe, type Token } from './token.ts';

const COMPARISONS = new Set(['==', '!=', '<', '<=', '>', '>=']);
const NO_ARGUMENTS: Arguments = { positional: [], named: [], spread: undefined, spreadNamed: undefined };
const CONSTANTS = new Map<string, unknown>([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
]);

/** What a parser needs to know of the outside: which filters and tests there are. */
export interface KnownNames {
  filter(name: string, at: number): void;
  test(name: string, at: number): void;
}

/**
 * Expressions by recursive descent, with Jinja's precedence (weakest first): inline if, or, and, not, comparisons and in,
 * + and -, ~, * / // %, **, unary, then postfix, filters and tests.
 */
export class ExpressionParser extends Cursor {
  readonly #known: KnownNames;
  #depth = 0;

  constructor(tokens: readonly Token[], known: KnownNames) {
    super(tokens);
    this.#known = known;
  }

  expression(): Expression {
    if (++this.#depth > 200) this.fail('the expression is nested too deeply');
    let value = this.orExpression();
    while (this.is('name', 'if')) {
      const { offset: at } = this.advance();
      const test = this.orExpression();
      const no = this.skip('name', 'else') ? this.expression() : undefined;
      value = { kind: 'conditional', test, yes: value, no, at };
    }
    this.#depth--;
    return value;
  }

  /** An expression, or several with commas between: a tuple. */
  tuple(
    options: { readonly conditional?: boolean; readonly ends?: readonly string[]; readonly parentheses?: boolean } = {},
  ): Expression {
    const { offset: at } = this.current;
    const items: Expression[] = [];
    let commas = false;
    while (!this.#tupleEnds(options.ends ?? [])) {
      items.push(options.conditional === false ? this.orExpression() : this.expression());
      if (!this.skip('operator', ',')) break;
      commas = true;
    }
    const [only] = items;
    if (!commas && only) return only;
    if (!commas && !options.parentheses) this.fail(`an expression is missing before ${describe(this.current)}`);
    return { kind: 'tuple', items, at };
  }

  #tupleEnds(ends: readonly string[]): boolean {
    const { type, value } = this.current;
    if (type === 'variable_end' || type === 'block_end' || type === 'eof') return true;
    return (type === 'operator' && value === ')') || (type === 'name' && ends.includes(value));
  }

  orExpression(): Expression {
    return this.#logical('or', () => this.#logical('and', () => this.#not()));
  }

  #logical(word: string, operand: () => Expression): Expression {
    let left = operand();
    while (this.is('name', word)) {
      const { offset: at } = this.advance();
      left = { kind: 'binary', operator: word, left, right: operand(), at };
    }
    return left;
  }

  #not(): Expression {
    if (!this.is('name', 'not')) return this.#comparison();
    const { offset: at } = this.advance();
    return { kind: 'unary', operator: 'not', of: this.#not(), at };
  }

  #comparison(): Expression {
    const { offset: at } = this.current;
    const first = this.#sum();
    const rest: Comparison[] = [];
    for (let operator = this.#comparator(); operator !== undefined; operator = this.#comparator()) {
      rest.push({ operator, right: this.#sum() });
    }
    return rest.length > 0 ? { kind: 'compare', first, rest, at } : first;
  }

  #comparator(): string | undefined {
    if (this.current.type === 'operator' && COMPARISONS.has(this.current.value)) return this.advance().value;
    if (this.skip('name', 'in')) return 'in';
    if (!this.is('name', 'not') || this.peek().type !== 'name' || this.peek().value !== 'in') return undefined;
    this.advance();
    this.advance();
    return 'not in';
  }

  #sum(): Expression {
    return this.#operators(['+', '-'], () => this.#concatenation());
  }

  #concatenation(): Expression {
    const { offset: at } = this.current;
    const parts = [this.#product()];
    while (this.skip('operator', '~')) parts.push(this.#product());
    const [only] = parts;
    return parts.length === 1 && only ? only : { kind: 'concat', parts, at };
  }

  #product(): Expression {
    return this.#operators(['*', '/', '//', '%'], () => this.#operators(['**'], () => this.unary(true)));
  }

  #operators(operators: readonly string[], operand: () => Expression): Expression {
    let left = operand();
    while (this.current.type === 'operator' && operators.includes(this.current.value)) {
      const { offset: at, value: operator } = this.advance();
      left = { kind: 'binary', operator, left, right: operand(), at };
    }
    return left;
  }

  /** Unary minus binds tighter than filters and `**`: `-1|abs` is `(-1)|abs`. Jinja's `**` goes from left to right. */
  unary(withFilters: boolean): Expression {
    const { type, value, offset: at } = this.current;
    let node: Expression;
    if (type === 'operator' && (value === '-' || value === '+')) {
      this.advance();
      node = { kind: 'unary', operator: value, of: this.unary(false), at };
    } else {
      node = this.primary();
    }
    node = this.postfix(node);
    return withFilters ? this.#filtersAndTests(node) : node;
  }

  primary(): Expression {
    const token = this.current;
    if (token.type === 'name') {
      this.advance();
      if (CONSTANTS.has(token.value)) return { kind: 'constant', value: CONSTANTS.get(token.value), at: token.offset };
      return { kind: 'name', name: token.value, at: token.offset };
    }
    if (token.type === 'string') return this.#strings();
    if (token.type === 'integer' || token.type === 'float') {
      this.advance();
      return { kind: 'constant', value: numberOf(token), at: token.offset };
    }
    return this.#bracketed(token);
  }

  #bracketed(token: Token): Expression {
    if (token.type === 'operator' && token.value === '(') {
      this.advance();
      const node = this.tuple({ parentheses: true });
      this.expect('operator', ')');
      return node;
    }
    if (token.type === 'operator' && token.value === '[') return this.#list();
    if (token.type === 'operator' && token.value === '{') return this.#dict();
    return this.fail(`unexpected ${describe(token)}`);
  }

  #strings(): Expression {
    const { offset: at } = this.current;
    let value = '';
    while (this.current.type === 'string') value += this.advance().value;
    return { kind: 'constant', value, at };
  }

  #list(): Expression {
    const { offset: at } = this.expect('operator', '[');
    const items: Expression[] = [];
    while (!this.skip('operator', ']')) {
      if (items.length > 0) this.expect('operator', ',');
      if (this.skip('operator', ']')) break;
      items.push(this.expression());
    }
    return { kind: 'list', items, at };
  }

  #dict(): Expression {
    const { offset: at } = this.expect('operator', '{');
    const entries: [Expression, Expression][] = [];
    while (!this.skip('operator', '}')) {
      if (entries.length > 0) this.expect('operator', ',');
      if (this.skip('operator', '}')) break;
      const key = this.expression();
      this.expect('operator', ':');
      entries.push([key, this.expression()]);
    }
    return { kind: 'dict', entries, at };
  }

  postfix(start: Expression): Expression {
    let node = start;
    for (;;) {
      if (this.is('operator', '.')) node = this.#attribute(node);
      else if (this.is('operator', '[')) node = this.#item(node);
      else if (this.is('operator', '(')) node = this.#call(node);
      else return node;
    }
  }

  #attribute(of: Expression): Expression {
    const { offset: at } = this.advance();
    const token = this.advance();
    if (token.type === 'name') return { kind: 'attribute', of, name: token.value, at };
    if (token.type !== 'integer') this.fail('a name or number is expected after the point', token.offset);
    return { kind: 'item', of, key: { kind: 'constant', value: numberOf(token), at: token.offset }, at };
  }

  #item(of: Expression): Expression {
    const { offset: at } = this.advance();
    const keys: Expression[] = [];
    while (!this.is('operator', ']')) {
      if (keys.length > 0) this.expect('operator', ',');
      keys.push(this.#subscript());
    }
    this.advance();
    const [key] = keys;
    if (!key) this.fail('an index is missing', at);
    return { kind: 'item', of, key: keys.length === 1 ? key : { kind: 'tuple', items: keys, at }, at };
  }

  #subscript(): Expression {
    const { offset: at } = this.current;
    const ends = () => this.is('operator', ']') || this.is('operator', ',') || this.is('operator', ':');
    const start = ends() ? undefined : this.expression();
    if (!this.skip('operator', ':')) return start ?? this.fail('an index is missing');
    const stop = ends() ? undefined : this.expression();
    const step = this.skip('operator', ':') && !ends() ? this.expression() : undefined;
    return { kind: 'slice', bounds: [start, stop, step], at };
  }

  #call(callee: Expression): Expression {
    const { offset: at } = this.current;
    return { kind: 'call', callee, args: this.callArguments(), at };
  }

  callArguments(): Arguments {
    const { offset: at } = this.expect('operator', '(');
    const positional: Expression[] = [];
    const named: [string, Expression][] = [];
    let spread: Expression | undefined;
    let spreadNamed: Expression | undefined;
    const ensure = (holds: boolean) => holds || this.fail('invalid syntax in the arguments of a call', at);
    for (let first = true; !this.is('operator', ')'); first = false) {
      if (!first) this.expect('operator', ',');
      if (this.is('operator', ')')) break;
      if (this.skip('operator', '*')) {
        ensure(!spread && !spreadNamed);
        spread = this.expression();
      } else if (this.skip('operator', '**')) {
        ensure(!spreadNamed);
        spreadNamed = this.expression();
      } else if (this.current.type === 'name' && this.peek().type === 'operator' && this.peek().value === '=') {
        ensure(!spreadNamed);
        named.push(this.#namedArgument());
      } else {
        ensure(!spread && !spreadNamed && named.length === 0);
        positional.push(this.expression());
      }
    }
    this.advance();
    return { positional, named, spread, spreadNamed };
  }

  #namedArgument(): [string, Expression] {
    const name = this.advance().value;
    this.advance();
    return [name, this.expression()];
  }

  #filtersAndTests(start: Expression): Expression {
    let node = start;
    for (;;) {
      if (this.is('operator', '|')) node = this.filters(node);
      else if (this.is('name', 'is')) node = this.#test(node);
      else if (this.is('operator', '(')) node = this.#call(node);
      else return node;
    }
  }

  /** `| name(arguments)`, as often as it stands there. */
  filters(start: Expression): FilterNode {
    let node: Expression = start;
    while (this.skip('operator', '|')) node = this.oneFilter(node);
    return node as FilterNode;
  }

  oneFilter(of: Expression | undefined): FilterNode {
    const { offset: at } = this.current;
    const name = this.#dottedName();
    this.#known.filter(name, at);
    const args = this.is('operator', '(') ? this.callArguments() : NO_ARGUMENTS;
    return { kind: 'filter', of, name, args, at };
  }

  #dottedName(): string {
    let name = this.expect('name').value;
    while (this.skip('operator', '.')) name += `.${this.expect('name').value}`;
    return name.replace(/^ansible\.(builtin|legacy)\./, '');
  }

  #test(of: Expression): Expression {
    this.advance();
    const negated = this.skip('name', 'not');
    const { offset: at } = this.current;
    const name = this.#dottedName();
    this.#known.test(name, at);
    const node: Expression = { kind: 'test', of, name, args: this.#testArguments(), at };
    return negated ? { kind: 'unary', operator: 'not', of: node, at } : node;
  }

  /** A test takes its one argument without parentheses too: `x is divisibleby 3`. */
  #testArguments(): Arguments {
    const { type, value } = this.current;
    if (this.is('operator', '(')) return this.callArguments();
    const begins =
      type === 'string' ||
      type === 'integer' ||
      type === 'float' ||
      (type === 'operator' && (value === '[' || value === '{'));
    const named = type === 'name' && value !== 'else' && value !== 'or' && value !== 'and';
    if (!begins && !named) return NO_ARGUMENTS;
    if (this.is('name', 'is')) this.fail('tests cannot be chained with is');
    return { ...NO_ARGUMENTS, positional: [this.postfix(this.primary())] };
  }
}

function numberOf(token: Token): unknown {
  const text = token.value.replaceAll('_', '');
  return token.type === 'float' ? float(Number(text)) : int(BigInt(text));
}
