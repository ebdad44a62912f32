import { iterate, truth } from '../runtime/compare.ts';
import type { Frame } from '../runtime/frame.ts';
import { Fault, Namespace, Nothing, type Py, Undefined, View } from '../runtime/values.ts';
import type { Statement, Target } from '../syntax/ast.ts';
import { compileExpression, compileFilter } from './expression.ts';
import { compileBlock, compileExtends, compileFrom, compileImport, compileInclude } from './inheritance.ts';
import { compileFor } from './loop.ts';
import { compileCallBlock, compileMacro } from './macro.ts';
import { filtered, joined } from './output.ts';
import type { CompileBody, Run } from './run.ts';

type Node<K extends Statement['kind']> = Extract<Statement, { kind: K }>;

/** Makes a function of statements, run one after the other. */
export const compileBody: CompileBody = (statements) => {
  const runs = statements.map(compileStatement);
  return (frame, out) => {
    for (const run of runs) run(frame, out);
  };
};

function compileStatement(node: Statement): Run {
  const compile = COMPILERS[node.kind] as (node: Statement) => Run;
  return compile(node);
}

const COMPILERS: { readonly [K in Statement['kind']]: (node: Node<K>) => Run } = {
  text: (node) => (_frame, out) => {
    out.push(node.text);
  },
  output: (node) => {
    const value = compileExpression(node.of);
    const filter = node.of.kind === 'filter' ? node.of.name : undefined;
    return (frame, out) => {
      const made = value(frame);
      if (made instanceof Undefined && !(made instanceof Nothing)) made.fail();
      out.push(filtered(frame.runtime, filter, made instanceof View ? [...made.items] : made));
    };
  },
  if: compileIf,
  for: (node) => compileFor(node, compileBody, assign),
  set: (node) => {
    const value = compileExpression(node.value);
    return (frame) => assign(frame, node.target, value(frame));
  },
  setBlock: compileSetBlock,
  with: compileWith,
  macro: (node) => {
    const make = compileMacro(node, compileBody);
    return (frame) => {
      frame.vars.set(node.name, make(frame));
    };
  },
  callBlock: (node) => compileCallBlock(node, compileBody),
  filterBlock: (node) => {
    const body = compileBody(node.body);
    return (frame, out) => {
      const inner: Py[] = [];
      body(frame.child(), inner);
      out.push(compileFilter(node.filter, () => joined(frame.runtime, inner))(frame));
    };
  },
  block: (node) => compileBlock(node, compileBody),
  extends: compileExtends,
  include: compileInclude,
  import: compileImport,
  from: compileFrom,
};

function compileIf(node: Node<'if'>): Run {
  const branches = node.branches.map(({ test, body }) => ({ test: compileExpression(test), body: compileBody(body) }));
  const otherwise = compileBody(node.otherwise);
  return (frame, out) => {
    const branch = branches.find(({ test }) => truth(test(frame)));
    (branch?.body ?? otherwise)(frame, out);
  };
}

function compileSetBlock(node: Node<'setBlock'>): Run {
  const body = compileBody(node.body);
  return (frame) => {
    const inner: Py[] = [];
    body(frame.child(), inner);
    const value = joined(frame.runtime, inner);
    assign(frame, node.target, node.filter ? compileFilter(node.filter, () => value)(frame) : value);
  };
}

function compileWith(node: Node<'with'>): Run {
  const bindings = node.bindings.map(([target, value]) => [target, compileExpression(value)] as const);
  const body = compileBody(node.body);
  return (frame, out) => {
    const inner = frame.child();
    for (const [target, value] of bindings) assign(inner, target, value(frame));
    body(inner, out);
  };
}

/** Binds names of a scope to a value, taken apart where there are several. */
function assign(frame: Frame, target: Target, value: Py): void {
  if (target.kind === 'name') {
    frame.vars.set(target.name, value);
    return;
  }
  if (target.kind === 'member') {
    const owner = frame.resolve(target.name);
    if (owner instanceof Undefined) owner.fail();
    if (!(owner instanceof Namespace)) throw new Fault('attributes of a namespace() can be set, no others');
    owner.values.set(target.attribute, value);
    return;
  }
  const items = iterate(value);
  if (items.length !== target.items.length) {
    throw new Fault(`${target.items.length} values are wanted here, not ${items.length}`);
  }
  for (const [index, item] of target.items.entries()) assign(frame, item, items[index]);
}
