import type { Branch, Expression, FilterNode, MacroNode, Parameter, Statement, Target } from './ast.ts';
import { ExpressionParser, type KnownNames } from './expressions.ts';
import { describe, SyntaxFault, type Token } from './token.ts';

type Parse = (parser: StatementParser, at: number) => Statement | readonly Statement[];

/**
 * The statements of a template.
 * @throws SyntaxFault
 */
export function parseTemplate(tokens: readonly Token[], known: KnownNames): readonly Statement[] {
  return new StatementParser(new ExpressionParser(tokens, known)).body([]);
}

/** A bare expression, which must be all there is. @throws SyntaxFault */
export function parseBareExpression(tokens: readonly Token[], known: KnownNames): Expression {
  const parser = new ExpressionParser(tokens, known);
  const value = parser.tuple();
  if (!parser.is('eof')) parser.fail(`unexpected ${describe(parser.current)}`);
  return value;
}

class StatementParser {
  readonly parser: ExpressionParser;
  readonly #open: string[] = [];

  constructor(parser: ExpressionParser) {
    this.parser = parser;
  }

  /** Statements up to one of the tags, which is then the current token. */
  body(ends: readonly string[]): readonly Statement[] {
    const out: Statement[] = [];
    while (!this.parser.is('eof')) {
      const token = this.parser.advance();
      if (token.type === 'data') out.push({ kind: 'text', text: token.value, at: token.offset });
      else if (token.type === 'variable_begin') out.push(this.#output());
      else if (this.parser.current.type === 'name' && ends.includes(this.parser.current.value)) return out;
      else out.push(...this.#statement(ends));
    }
    if (ends.length > 0) this.#unclosed(ends);
    return out;
  }

  #output(): Statement {
    const { offset: at } = this.parser.current;
    const of = this.parser.tuple();
    this.parser.expect('variable_end');
    return { kind: 'output', of, at };
  }

  #statement(ends: readonly string[]): readonly Statement[] {
    const token = this.parser.current;
    if (token.type !== 'name') this.parser.fail(`a tag name is expected, not ${describe(token)}`);
    const parse = Object.hasOwn(STATEMENTS, token.value) ? STATEMENTS[token.value] : undefined;
    if (!parse) throw new SyntaxFault(this.#unknownTag(token.value, ends), token.offset);
    this.parser.advance();
    this.#open.push(token.value);
    const made = parse(this, token.offset);
    this.#open.pop();
    this.parser.expect('block_end');
    return Array.isArray(made) ? made : [made as Statement];
  }

  #unknownTag(name: string, ends: readonly string[]): string {
    const inside = this.#open.at(-1);
    const wanted = ends.length > 0 ? `; ${ends.join(' or ')} is wanted to close '${inside}'` : '';
    return `unknown tag '${name}'${wanted}`;
  }

  #unclosed(ends: readonly string[]): never {
    return this.parser.fail(
      `the template ends, but '${this.#open.at(-1)}' is not closed: ${ends.join(' or ')} is missing`,
    );
  }

  /** The rest of a tag, its body, and the tag that ends it; which one is told. */
  block(ends: readonly string[]): { readonly body: readonly Statement[]; readonly end: string } {
    this.parser.skip('operator', ':');
    this.parser.expect('block_end');
    const body = this.body(ends);
    return { body, end: this.parser.advance().value };
  }

  target(options: { readonly members?: boolean; readonly ends?: readonly string[] } = {}): Target {
    const { parser } = this;
    if (options.members && parser.is('name') && parser.peek().type === 'operator' && parser.peek().value === '.') {
      const { value: name, offset: at } = parser.advance();
      parser.advance();
      return { kind: 'member', name, attribute: parser.expect('name').value, at };
    }
    const { offset: at } = parser.current;
    const items: Target[] = [];
    let commas = false;
    do {
      if (items.length > 0 && (parser.is('operator', '=') || parser.is('name', 'in') || parser.is('operator', ')')))
        break;
      items.push(this.#oneTarget());
      commas ||= parser.is('operator', ',');
    } while (parser.skip('operator', ','));
    const [only] = items;
    return !commas && only ? only : { kind: 'tuple', items, at };
  }

  #oneTarget(): Target {
    const { parser } = this;
    if (parser.skip('operator', '(')) {
      const target = this.target();
      parser.expect('operator', ')');
      return target;
    }
    return this.name();
  }

  name(): Target & { readonly kind: 'name' } {
    const token = this.parser.expect('name');
    if (/^(true|false|none)$/i.test(token.value))
      this.parser.fail(`'${token.value}' cannot be assigned to`, token.offset);
    return { kind: 'name', name: token.value, at: token.offset };
  }

  parameters(): readonly Parameter[] {
    const { parser } = this;
    const out: Parameter[] = [];
    parser.expect('operator', '(');
    while (!parser.skip('operator', ')')) {
      if (out.length > 0) parser.expect('operator', ',');
      if (parser.skip('operator', ')')) break;
      const { name } = this.name();
      const otherwise = parser.skip('operator', '=') ? parser.expression() : undefined;
      if (!otherwise && out.at(-1)?.otherwise) parser.fail('a parameter without a default follows one with a default');
      out.push({ name, otherwise });
    }
    return out;
  }

  /** `with context`, `without context`. */
  context(usual: boolean): boolean {
    const { parser } = this;
    const next = parser.peek();
    if ((!parser.is('name', 'with') && !parser.is('name', 'without')) || next.value !== 'context') return usual;
    const withContext = parser.advance().value === 'with';
    parser.advance();
    return withContext;
  }
}

function parseIf(from: StatementParser, at: number): Statement {
  const branches: Branch[] = [];
  for (;;) {
    const test = from.parser.tuple({ conditional: false });
    const { body, end } = from.block(['elif', 'else', 'endif']);
    branches.push({ test, body });
    if (end === 'elif') continue;
    const otherwise = end === 'else' ? from.block(['endif']).body : [];
    return { kind: 'if', branches, otherwise, at };
  }
}

function parseFor(from: StatementParser, at: number): Statement {
  const { parser } = from;
  const target = from.target();
  parser.expect('name', 'in');
  const over = parser.tuple({ conditional: false, ends: ['recursive'] });
  const test = parser.skip('name', 'if') ? parser.expression() : undefined;
  const recursive = parser.skip('name', 'recursive');
  const { body, end } = from.block(['endfor', 'else']);
  const otherwise = end === 'else' ? from.block(['endfor']).body : [];
  return { kind: 'for', target, over, test, recursive, body, otherwise, at };
}

function parseSet(from: StatementParser, at: number): Statement {
  const { parser } = from;
  const target = from.target({ members: true });
  if (parser.skip('operator', '=')) return { kind: 'set', target, value: parser.tuple(), at };
  const filter = filterChain(from);
  return { kind: 'setBlock', target, filter, body: from.block(['endset']).body, at };
}

function filterChain(from: StatementParser): FilterNode | undefined {
  let node: FilterNode | undefined;
  while (from.parser.skip('operator', '|')) node = from.parser.oneFilter(node);
  return node;
}

function parseWith(from: StatementParser, at: number): Statement {
  const { parser } = from;
  const bindings: [Target, Expression][] = [];
  while (!parser.is('block_end')) {
    if (bindings.length > 0) parser.expect('operator', ',');
    const target = from.name();
    parser.expect('operator', '=');
    bindings.push([target, parser.expression()]);
  }
  return { kind: 'with', bindings, body: from.block(['endwith']).body, at };
}

function parseMacro(from: StatementParser, at: number): MacroNode {
  const { name } = from.name();
  const parameters = from.parameters();
  return { kind: 'macro', name, parameters, body: from.block(['endmacro']).body, at };
}

function parseCall(from: StatementParser, at: number): Statement {
  const { parser } = from;
  const parameters = parser.is('operator', '(') ? from.parameters() : [];
  const call = parser.expression();
  if (call.kind !== 'call') parser.fail('call wants a call of a macro', at);
  const body = from.block(['endcall']).body;
  return { kind: 'callBlock', call, caller: { kind: 'macro', name: 'caller', parameters, body, at }, at };
}

function parseFilter(from: StatementParser, at: number): Statement {
  let filter = from.parser.oneFilter(undefined);
  while (from.parser.skip('operator', '|')) filter = from.parser.oneFilter(filter);
  return { kind: 'filterBlock', filter, body: from.block(['endfilter']).body, at };
}

function parseBlock(from: StatementParser, at: number): Statement {
  const { parser } = from;
  const name = parser.expect('name').value;
  parser.skip('name', 'scoped');
  const required = parser.skip('name', 'required');
  const { body } = from.block(['endblock']);
  parser.skip('name', name);
  if (required && body.some((node) => node.kind !== 'text' || node.text.trim() !== '')) {
    parser.fail('a required block can only hold comments or white space', at);
  }
  return { kind: 'block', name, required, body, at };
}

function parseInclude(from: StatementParser, at: number): Statement {
  const { parser } = from;
  const template = parser.expression();
  const ignoreMissing = parser.is('name', 'ignore') && parser.peek().value === 'missing';
  if (ignoreMissing) {
    parser.advance();
    parser.advance();
  }
  return { kind: 'include', template, ignoreMissing, withContext: from.context(true), at };
}

function parseImport(from: StatementParser, at: number): Statement {
  const template = from.parser.expression();
  from.parser.expect('name', 'as');
  const { name } = from.name();
  return { kind: 'import', template, as: name, withContext: from.context(false), at };
}

function parseFrom(from: StatementParser, at: number): Statement {
  const { parser } = from;
  const template = parser.expression();
  parser.expect('name', 'import');
  const names: [string, string][] = [];
  do {
    if (names.length > 0 && (parser.is('block_end') || parser.peek().value === 'context')) break;
    const { name } = from.name();
    if (name.startsWith('_')) parser.fail('names that begin with an underscore cannot be imported', at);
    names.push([name, parser.skip('name', 'as') ? from.name().name : name]);
  } while (parser.skip('operator', ','));
  return { kind: 'from', template, names, withContext: from.context(false), at };
}

function parsePrint(from: StatementParser): readonly Statement[] {
  const { parser } = from;
  const out: Statement[] = [];
  while (!parser.is('block_end')) {
    if (out.length > 0) parser.expect('operator', ',');
    out.push({ kind: 'output', at: parser.current.offset, of: parser.expression() });
  }
  return out;
}

/** Escaping is never on, so `autoescape` only groups. */
function parseAutoescape(from: StatementParser, at: number): Statement {
  from.parser.expression();
  return { kind: 'with', bindings: [], body: from.block(['endautoescape']).body, at };
}

const STATEMENTS: Readonly<Record<string, Parse>> = {
  autoescape: parseAutoescape,
  block: parseBlock,
  call: parseCall,
  extends: (from, at) => ({ kind: 'extends', template: from.parser.expression(), at }),
  filter: parseFilter,
  for: parseFor,
  from: parseFrom,
  if: parseIf,
  import: parseImport,
  include: parseInclude,
  macro: parseMacro,
  print: parsePrint,
  set: parseSet,
  with: parseWith,
};
