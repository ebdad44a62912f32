import { equal, iterate, truth } from '../runtime/compare.ts';
import { deeper, type Frame } from '../runtime/frame.ts';
import { Callable, Fault, type Py, Undefined } from '../runtime/values.ts';
import type { ForNode } from '../syntax/ast.ts';
import { compileExpression } from './expression.ts';
import { joined } from './output.ts';
import type { Assign, CompileBody, Run } from './run.ts';

/** A `for`, each turn in a scope of its own. */
export function compileFor(node: ForNode, compileBody: CompileBody, assign: Assign): Run {
  const over = compileExpression(node.over);
  const test = node.test ? compileExpression(node.test) : undefined;
  const body = compileBody(node.body);
  const otherwise = compileBody(node.otherwise);

  const wanted = (frame: Frame, item: Py): boolean => {
    if (!test) return true;
    const scope = frame.child();
    assign(scope, node.target, item);
    return truth(test(scope));
  };
  const turns = (frame: Frame, out: Py[], what: { readonly items: Py; readonly depth: number }): void => {
    const items = iterate(what.items).filter((item) => wanted(frame, item));
    const state: LoopState = { items, index: 0, depth: what.depth, changed: undefined };
    const loop = loopObject(state, (inner) => {
      if (!node.recursive) throw new Fault('the loop is not recursive: write {% for … recursive %}');
      const nested: Py[] = [];
      deeper(frame.runtime, () => turns(frame, nested, { items: inner, depth: what.depth + 1 }));
      return joined(frame.runtime, nested);
    });
    for (const [index, item] of items.entries()) {
      state.index = index;
      const scope = frame.child();
      scope.vars.set('loop', loop);
      assign(scope, node.target, item);
      body(scope, out);
    }
    if (items.length === 0) otherwise(frame.child(), out);
  };
  return (frame, out) => {
    const items = over(frame);
    frame.runtime.offset = node.at;
    turns(frame, out, { items, depth: 1 });
  };
}

interface LoopState {
  readonly items: readonly Py[];
  index: number;
  readonly depth: number;
  changed: readonly Py[] | undefined;
}

/** `loop`: facts about the turn, and in a recursive loop a function. */
function loopObject(state: LoopState, recurse: (items: Py) => Py): Callable {
  const call = new Map<string, Callable>([
    ['cycle', new Callable('cycle', (_runtime, { positional }) => cycled(state, positional))],
    ['changed', new Callable('changed', (_runtime, { positional }) => hasChanged(state, positional))],
  ]);
  const attribute = (name: string): Py => call.get(name) ?? loopFact(state, name);
  return new Callable('loop', (_runtime, { positional }) => recurse(positional[0]), attribute);
}

function cycled(state: LoopState, values: readonly Py[]): Py {
  if (values.length === 0) throw new Fault('no items for cycling given');
  return values[state.index % values.length];
}

function hasChanged(state: LoopState, values: readonly Py[]): boolean {
  const before = state.changed;
  state.changed = values;
  return before === undefined || !equal([...before], [...values]);
}

function loopFact(state: LoopState, name: string): Py {
  const { items, index, depth } = state;
  switch (name) {
    case 'index':
      return index + 1;
    case 'index0':
      return index;
    case 'revindex':
      return items.length - index;
    case 'revindex0':
      return items.length - index - 1;
    case 'first':
      return index === 0;
    case 'last':
      return index === items.length - 1;
    case 'length':
      return items.length;
    case 'depth':
      return depth;
    case 'depth0':
      return depth - 1;
    case 'previtem':
      return index > 0 ? items[index - 1] : new Undefined('there is no previous item');
    case 'nextitem':
      return index < items.length - 1 ? items[index + 1] : new Undefined('there is no next item');
    default:
      return undefined;
  }
}
