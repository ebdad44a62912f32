import { deeper, Frame } from '../runtime/frame.ts';
import type { LoadedUnit } from '../runtime/runtime.ts';
import { str } from '../runtime/text.ts';
import { Callable, Fault, type Py, Structure, sequenceItems, Undefined } from '../runtime/values.ts';
import type { Statement } from '../syntax/ast.ts';
import { compileExpression, type Evaluate } from './expression.ts';
import { joined } from './output.ts';
import type { CompileBody, Run } from './run.ts';

type Node<K extends Statement['kind']> = Extract<Statement, { kind: K }>;

/** Where a template notes that it extends another: the run of the parent, and where its own text begins to be dropped. */
const PARENT = ' parent';

interface Parent {
  readonly unit: LoadedUnit;
  readonly keep: number;
}

/** A whole template: its body, or the body of what it extends with its own blocks in place. */
export function compileWhole(body: Run, blocks: ReadonlyMap<string, Run>): Run {
  return (frame, out) => {
    for (const [name, run] of blocks) {
      const known = frame.runtime.blocks.get(name);
      if (known) known.push(run);
      else frame.runtime.blocks.set(name, [run]);
    }
    body(frame, out);
    const parent = frame.vars.get(PARENT) as Parent | undefined;
    if (!parent) return;
    frame.vars.delete(PARENT);
    out.splice(parent.keep);
    runUnit(frame, parent.unit, out);
  };
}

export function compileBlock(node: Node<'block'>, _compileBody: CompileBody): Run {
  return (frame, out) => {
    if (frame.vars.has(PARENT)) return;
    runBlock({ frame, name: node.name, index: 0 }, out);
  };
}

function runBlock(what: { readonly frame: Frame; readonly name: string; readonly index: number }, out: Py[]): void {
  const { frame, name, index } = what;
  const run = frame.runtime.blocks.get(name)?.[index] as Run | undefined;
  if (!run) throw new Fault(`there is no parent block called '${name}'`);
  const scope = frame.child();
  const parent = new Callable('super', () => {
    const inner: Py[] = [];
    runBlock({ frame, name, index: index + 1 }, inner);
    return joined(frame.runtime, inner);
  });
  scope.vars.set('super', parent);
  deeper(frame.runtime, () => run(scope, out));
}

export function compileExtends(node: Node<'extends'>): Run {
  const name = compileExpression(node.template);
  return (frame, out) => {
    const parent: Parent = { unit: load(frame, name, false) as LoadedUnit, keep: out.length };
    frame.vars.set(PARENT, parent);
  };
}

export function compileInclude(node: Node<'include'>): Run {
  const name = compileExpression(node.template);
  return (frame, out) => {
    const unit = load(frame, name, node.ignoreMissing);
    if (!unit) return;
    const scope = node.withContext ? frame.child() : new Frame(frame.runtime, undefined, true);
    scope.vars.set('loop', new Undefined("'loop' is undefined", 'loop'));
    runUnit(scope, unit, out);
  };
}

export function compileImport(node: Node<'import'>): Run {
  const name = compileExpression(node.template);
  return (frame) => {
    frame.vars.set(node.as, moduleOf(frame, name, node.withContext));
  };
}

export function compileFrom(node: Node<'from'>): Run {
  const name = compileExpression(node.template);
  return (frame) => {
    const module = moduleOf(frame, name, node.withContext);
    for (const [exported, as] of node.names) {
      const value = module.get(exported);
      frame.vars.set(as, value ?? new Undefined(`the template does not export '${exported}'`, exported));
    }
  };
}

/** What an imported template exports: its macros and the names it sets. */
function moduleOf(frame: Frame, name: Evaluate, withContext: boolean): Structure {
  const unit = load(frame, name, false) as LoadedUnit;
  const scope = withContext ? frame.child() : new Frame(frame.runtime, undefined, true);
  const out: Py[] = [];
  runUnit(scope, unit, out);
  const text = str(joined(frame.runtime, out) ?? '');
  return new Structure(
    'TemplateModule',
    (key) => (key.startsWith('_') ? undefined : scope.vars.get(key)),
    () => text,
  );
}

/** The first template of the name or names that exists. */
function load(frame: Frame, name: Evaluate, ignoreMissing: boolean): LoadedUnit | undefined {
  const { runtime } = frame;
  const wanted = name(frame);
  if (wanted instanceof Undefined) wanted.fail();
  const { load: loader } = runtime.services;
  if (!loader) throw new Fault('include, import and extends are not possible here: there is no folder to look in');
  const names = (sequenceItems(wanted) ?? [wanted]).map(str);
  for (const one of names) {
    const unit = loader(one, runtime.unit.at);
    if (unit) return unit;
  }
  if (ignoreMissing) return undefined;
  throw new Fault(`the template ${names.join(', ')} was not found`);
}

function runUnit(frame: Frame, unit: LoadedUnit, out: Py[]): void {
  const { runtime } = frame;
  const calledFrom = { unit: runtime.unit, offset: runtime.offset };
  deeper(runtime, () => {
    runtime.unit = unit;
    (unit.run as Run)(frame, out);
    Object.assign(runtime, calledFrom);
  });
}
