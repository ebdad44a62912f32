import type { Expression, Statement } from './ast.ts';
import { childrenOf, freeNames } from './free-names.ts';

/** What can be known of a template without running it. */
export interface Facts {
  readonly names: ReadonlySet<string>;
  /** It calls a lookup, `now()`, or a filter or test that chance, the clock or this machine's files decide. */
  readonly impure: boolean;
  /** It calls methods that change lists or dicts. */
  readonly mutates: boolean;
}

const FUNCTIONS: ReadonlySet<string> = new Set(['lookup', 'query', 'q', 'now', 'lipsum']);
const IMPURE: ReadonlySet<string> = new Set([
  ...['random', 'shuffle', 'password_hash', 'strftime', 'fileglob', 'realpath', 'expanduser', 'expandvars', 'relpath'],
  ...['file', 'is_file', 'directory', 'is_dir', 'link', 'is_link', 'exists', 'link_exists', 'mount', 'same_file'],
]);
const MUTATORS: ReadonlySet<string> = new Set([
  ...['append', 'clear', 'extend', 'insert', 'pop', 'popitem', 'remove', 'reverse', 'setdefault', 'sort', 'update'],
]);

export function facts(statements: readonly Statement[]): Facts {
  const names = freeNames(statements);
  let impure = [...names].some((name) => FUNCTIONS.has(name));
  let mutates = false;
  visit(statements, (node) => {
    if ((node.kind === 'filter' || node.kind === 'test') && IMPURE.has(node.name)) impure = true;
    if (node.kind === 'call' && node.callee.kind === 'attribute' && MUTATORS.has(node.callee.name)) mutates = true;
  });
  return { names, impure, mutates };
}

/** Calls for every expression below a value of the tree, however deep. */
function visit(value: unknown, see: (node: Expression) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, see);
  } else if (value !== null && typeof value === 'object' && 'kind' in value) {
    if (isExpression(value)) visitExpression(value, see);
    else visit(Object.values(value), see);
  } else if (value !== null && typeof value === 'object' && !(value instanceof Map)) {
    visit(Object.values(value), see);
  }
}

function visitExpression(node: Expression, see: (node: Expression) => void): void {
  see(node);
  for (const child of childrenOf(node)) visitExpression(child, see);
}

const EXPRESSIONS: ReadonlySet<string> = new Set([
  ...['constant', 'name', 'list', 'dict', 'attribute', 'item', 'slice', 'call', 'filter', 'test'],
  ...['unary', 'binary', 'concat', 'compare', 'conditional'],
]);

/** Targets of `set` are no expressions, though a tuple of them looks like one. */
function isExpression(value: object): value is Expression {
  const { kind } = value as { kind: string };
  return EXPRESSIONS.has(kind) || kind === 'tuple';
}
