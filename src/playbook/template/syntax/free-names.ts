import type { Arguments, Expression, Statement, Target } from './ast.ts';

/** Names that a template reads from outside: not those of its loops, macros and sets. Rather one too many than too few. */
export function freeNames(statements: readonly Statement[]): Set<string> {
  const walk = new Walk();
  walk.body(statements, new Set());
  return walk.free;
}

type Bound = ReadonlySet<string>;

class Walk {
  readonly free = new Set<string>();

  /** Names that the statements bind are added to the set that is handed in. */
  body(statements: readonly Statement[], bound: Set<string>): void {
    for (const statement of statements) this.#statement(statement, bound);
  }

  #statement(node: Statement, bound: Set<string>): void {
    switch (node.kind) {
      case 'text':
        return;
      case 'output':
        this.expression(node.of, bound);
        return;
      case 'if':
        this.#if(node, bound);
        return;
      case 'for':
        this.#for(node, bound);
        return;
      case 'set':
        this.expression(node.value, bound);
        this.#bind(node.target, bound);
        return;
      case 'setBlock':
        this.body(node.body, new Set(bound));
        if (node.filter) this.expression(node.filter, bound);
        this.#bind(node.target, bound);
        return;
      default:
        this.#scoped(node, bound);
        return;
    }
  }

  #scoped(node: Statement, bound: Set<string>): void {
    switch (node.kind) {
      case 'with':
        this.#with(node, bound);
        return;
      case 'macro':
        bound.add(node.name);
        this.#macro(node, bound);
        return;
      case 'callBlock':
        this.expression(node.call, bound);
        this.#macro(node.caller, bound);
        return;
      case 'filterBlock':
        this.expression(node.filter, bound);
        this.body(node.body, new Set(bound));
        return;
      case 'block':
        this.body(node.body, new Set([...bound, 'super']));
        return;
      case 'import':
        this.expression(node.template, bound);
        bound.add(node.as);
        return;
      case 'from':
        this.expression(node.template, bound);
        for (const [, as] of node.names) bound.add(as);
        return;
      case 'include':
      case 'extends':
        this.expression(node.template, bound);
        return;
      default:
        return;
    }
  }

  /** What only a branch sets may still be read from outside afterwards. */
  #if(node: Extract<Statement, { kind: 'if' }>, bound: Bound): void {
    for (const { test, body } of node.branches) {
      this.expression(test, bound);
      this.body(body, new Set(bound));
    }
    this.body(node.otherwise, new Set(bound));
  }

  #for(node: Extract<Statement, { kind: 'for' }>, bound: Bound): void {
    this.expression(node.over, bound);
    const inside = new Set([...bound, 'loop']);
    this.#bind(node.target, inside);
    if (node.test) this.expression(node.test, inside);
    this.body(node.body, inside);
    this.body(node.otherwise, new Set(bound));
  }

  #with(node: Extract<Statement, { kind: 'with' }>, bound: Bound): void {
    const inside = new Set(bound);
    for (const [target, value] of node.bindings) {
      this.expression(value, bound);
      this.#bind(target, inside);
    }
    this.body(node.body, inside);
  }

  #macro(node: Extract<Statement, { kind: 'macro' }>, bound: Bound): void {
    const inside = new Set(bound);
    for (const { name, otherwise } of node.parameters) {
      inside.add(name);
      if (otherwise) this.expression(otherwise, inside);
    }
    this.body(node.body, inside);
  }

  #bind(target: Target, bound: Set<string>): void {
    if (target.kind === 'name') bound.add(target.name);
    else if (target.kind === 'tuple') for (const item of target.items) this.#bind(item, bound);
    else if (!bound.has(target.name)) this.free.add(target.name);
  }

  expression(node: Expression, bound: Bound): void {
    if (node.kind === 'name') {
      if (!bound.has(node.name)) this.free.add(node.name);
      return;
    }
    for (const child of childrenOf(node)) this.expression(child, bound);
  }
}

/** The expressions that an expression is made of. */
export function childrenOf(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case 'list':
    case 'tuple':
      return node.items;
    case 'dict':
      return node.entries.flat();
    case 'attribute':
    case 'unary':
      return [node.of];
    case 'item':
      return [node.of, node.key];
    case 'slice':
      return present(node.bounds);
    case 'call':
      return [node.callee, ...argumentsOf(node.args)];
    case 'filter':
    case 'test':
      return [...present([node.of]), ...argumentsOf(node.args)];
    case 'binary':
      return [node.left, node.right];
    case 'concat':
      return node.parts;
    case 'compare':
      return [node.first, ...node.rest.map(({ right }) => right)];
    case 'conditional':
      return present([node.test, node.yes, node.no]);
    default:
      return [];
  }
}

function argumentsOf(args: Arguments): readonly Expression[] {
  return [...args.positional, ...args.named.map(([, value]) => value), ...present([args.spread, args.spreadNamed])];
}

function present(nodes: readonly (Expression | undefined)[]): readonly Expression[] {
  return nodes.filter((node) => node !== undefined);
}
