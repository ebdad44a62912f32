import { getAttribute, getItem, Slice } from '../runtime/access.ts';
import { arithmetic, concatenated, type Operator, signed } from '../runtime/arithmetic.ts';
import { compare, contains, equal, iterate, truth } from '../runtime/compare.ts';
import { pairsOf } from '../runtime/dict-methods.ts';
import type { Frame } from '../runtime/frame.ts';
import type { BuiltinCall, CallArgs } from '../runtime/runtime.ts';
import { str } from '../runtime/text.ts';
import { Callable, Fault, makeDict, Nothing, type Py, Tuple, typeName, Undefined } from '../runtime/values.ts';
import type { Arguments, Comparison, Expression, FilterNode } from '../syntax/ast.ts';

/** A compiled expression. */
export type Evaluate = (frame: Frame) => Py;

type Node<K extends Expression['kind']> = Extract<Expression, { kind: K }>;

/** Makes a function of an expression. */
export function compileExpression(node: Expression): Evaluate {
  const compile = COMPILERS[node.kind] as (node: Expression) => Evaluate;
  return compile(node);
}

const COMPILERS: { readonly [K in Expression['kind']]: (node: Node<K>) => Evaluate } = {
  constant: (node) => () => node.value,
  name: compileName,
  list: (node) => {
    const items = node.items.map(compileExpression);
    return (frame) => items.map((item) => item(frame));
  },
  tuple: (node) => {
    const items = node.items.map(compileExpression);
    return (frame) => new Tuple(items.map((item) => item(frame)));
  },
  dict: (node) => {
    const entries = node.entries.map(([key, value]) => [compileExpression(key), compileExpression(value)] as const);
    return (frame) => makeDict(entries.map(([key, value]) => [key(frame), value(frame)]));
  },
  attribute: (node) => {
    const of = compileExpression(node.of);
    return (frame) => {
      const value = of(frame);
      frame.runtime.offset = node.at;
      return getAttribute(value, node.name);
    };
  },
  item: (node) => {
    const [of, key] = [compileExpression(node.of), compileExpression(node.key)];
    return (frame) => {
      const [value, index] = [of(frame), key(frame)];
      frame.runtime.offset = node.at;
      return getItem(value, index);
    };
  },
  slice: (node) => {
    const [start, stop, step] = node.bounds.map((bound) => (bound ? compileExpression(bound) : () => null));
    return (frame) => new Slice(start?.(frame), stop?.(frame), step?.(frame));
  },
  call: compileCall,
  filter: (node) => compileFilter(node, undefined),
  test: compileTest,
  unary: compileUnary,
  binary: compileBinary,
  concat: (node) => {
    const parts = node.parts.map(compileExpression);
    return (frame) => concatenated(parts.map((part) => part(frame)));
  },
  compare: compileComparison,
  conditional: compileConditional,
};

function compileName({ name, at }: Node<'name'>): Evaluate {
  return (frame) => {
    const { runtime } = frame;
    runtime.offset = at;
    return frame.resolve(name);
  };
}

function compileArguments(args: Arguments): (frame: Frame) => CallArgs {
  const positional = args.positional.map(compileExpression);
  const named = args.named.map(([name, value]) => [name, compileExpression(value)] as const);
  const spread = args.spread ? compileExpression(args.spread) : undefined;
  const spreadNamed = args.spreadNamed ? compileExpression(args.spreadNamed) : undefined;
  return (frame) => {
    const all = positional.map((value) => value(frame));
    if (spread) all.push(...iterate(spread(frame)));
    const byName = new Map(named.map(([name, value]) => [name, value(frame)]));
    if (spreadNamed) for (const [name, value] of pairsOf(spreadNamed(frame))) byName.set(str(name), value);
    return { positional: all, named: byName };
  };
}

function compileCall(node: Node<'call'>): Evaluate {
  const callee = compileExpression(node.callee);
  const args = compileArguments(node.args);
  return (frame) => {
    const target = callee(frame);
    const given = args(frame);
    frame.runtime.offset = node.at;
    if (target instanceof Callable) return target.call(frame.runtime, given);
    if (target instanceof Undefined) return target.fail();
    throw new Fault(`'${typeName(target)}' object is not callable`);
  };
}

/** A filter; `input` is what a filter block or `set` gives it. */
export function compileFilter(node: FilterNode, input: Evaluate | undefined): Evaluate {
  const inner = node.of;
  const of = inner?.kind === 'filter' ? compileFilter(inner, input) : inner ? compileExpression(inner) : input;
  const args = compileArguments(node.args);
  return (frame) => {
    const value = of?.(frame) ?? null;
    const given = args(frame);
    const { runtime } = frame;
    runtime.offset = node.at;
    const call = runtime.services.filters.get(node.name) as BuiltinCall;
    return call(runtime, { positional: [value, ...given.positional], named: given.named });
  };
}

function compileTest(node: Node<'test'>): Evaluate {
  const of = compileExpression(node.of);
  const args = compileArguments(node.args);
  return (frame) => {
    const value = of(frame);
    const given = args(frame);
    const { runtime } = frame;
    runtime.offset = node.at;
    const call = runtime.services.tests.get(node.name) as BuiltinCall;
    return call(runtime, { positional: [value, ...given.positional], named: given.named });
  };
}

function compileUnary({ operator, of, at }: Node<'unary'>): Evaluate {
  const value = compileExpression(of);
  if (operator === 'not') return (frame) => !truth(value(frame));
  return (frame) => {
    const operand = value(frame);
    frame.runtime.offset = at;
    return signed(operator, operand);
  };
}

function compileBinary(node: Node<'binary'>): Evaluate {
  const [left, right] = [compileExpression(node.left), compileExpression(node.right)];
  if (node.operator === 'and' || node.operator === 'or') {
    const stopAt = node.operator === 'or';
    return (frame) => {
      const value = left(frame);
      return truth(value) === stopAt ? value : right(frame);
    };
  }
  return (frame) => {
    const [a, b] = [left(frame), right(frame)];
    frame.runtime.offset = node.at;
    return arithmetic(node.operator as Operator, a, b);
  };
}

function compileComparison(node: Node<'compare'>): Evaluate {
  const first = compileExpression(node.first);
  const rest = node.rest.map(({ operator, right }: Comparison) => ({ operator, right: compileExpression(right) }));
  return (frame) => {
    let left = first(frame);
    for (const { operator, right } of rest) {
      const value = right(frame);
      frame.runtime.offset = node.at;
      if (!holds(operator, left, value)) return false;
      left = value;
    }
    return true;
  };
}

/** One comparison of Jinja's. */
function holds(operator: string, left: Py, right: Py): boolean {
  switch (operator) {
    case '==':
      return equal(left, right);
    case '!=':
      return !equal(left, right);
    case 'in':
      return contains(right, left);
    case 'not in':
      return !contains(right, left);
    case '<':
      return compare(left, right, operator) < 0;
    case '<=':
      return compare(left, right, operator) <= 0;
    case '>':
      return compare(left, right, operator) > 0;
    default:
      return compare(left, right, operator) >= 0;
  }
}

function compileConditional({ test, yes, no }: Node<'conditional'>): Evaluate {
  const [condition, then] = [compileExpression(test), compileExpression(yes)];
  const otherwise = no ? compileExpression(no) : () => new Nothing('the inline if is false and there is no else');
  return (frame) => (truth(condition(frame)) ? then(frame) : otherwise(frame));
}
