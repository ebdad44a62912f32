import { deeper, type Frame } from '../runtime/frame.ts';
import type { CallArgs, Runtime } from '../runtime/runtime.ts';
import { Callable, Fault, makeDict, type Py, Tuple, Undefined } from '../runtime/values.ts';
import type { Expression, MacroNode, Parameter } from '../syntax/ast.ts';
import { freeNames } from '../syntax/free-names.ts';
import { compileExpression, type Evaluate } from './expression.ts';
import { joined } from './output.ts';
import type { CompileBody, Run } from './run.ts';

interface CompiledParameter {
  readonly name: string;
  readonly otherwise: Evaluate | undefined;
}

/** Makes the function that a macro is, bound to the scope it stands in. */
export function compileMacro(node: MacroNode, compileBody: CompileBody): (frame: Frame) => Callable {
  const parameters = node.parameters.map(compileParameter);
  const body = compileBody(node.body);
  const used = freeNames(node.body);
  const accepts = { rest: used.has('varargs'), more: used.has('kwargs'), caller: used.has('caller') };
  return (frame) => {
    const { unit } = frame.runtime;
    const call = (runtime: Runtime, args: CallArgs): Py =>
      deeper(runtime, () => {
        const calledFrom = { unit: runtime.unit, offset: runtime.offset };
        const scope = frame.child();
        bindParameters(scope, { name: node.name, parameters, accepts }, args);
        const out: Py[] = [];
        runtime.unit = unit;
        body(scope, out);
        Object.assign(runtime, calledFrom);
        return joined(runtime, out);
      });
    return new Callable(node.name, call, (name) => macroFact(node, accepts, name));
  };
}

function compileParameter({ name, otherwise }: Parameter): CompiledParameter {
  return { name, otherwise: otherwise ? compileExpression(otherwise) : undefined };
}

interface Shape {
  readonly name: string;
  readonly parameters: readonly CompiledParameter[];
  readonly accepts: { readonly rest: boolean; readonly more: boolean; readonly caller: boolean };
}

function bindParameters(scope: Frame, shape: Shape, args: CallArgs): void {
  const named = new Map(args.named);
  const { parameters, accepts } = shape;
  for (const [index, { name, otherwise }] of parameters.entries()) {
    const given = index < args.positional.length ? args.positional[index] : named.get(name);
    if (index < args.positional.length && named.has(name))
      throw new Fault(`macro ${shape.name} got the argument ${name} twice`);
    named.delete(name);
    const missing = () => new Undefined(`parameter '${name}' was not provided`, name);
    scope.vars.set(name, given ?? otherwise?.(scope) ?? missing());
  }
  const caller = named.get('caller');
  if (accepts.caller) scope.vars.set('caller', caller ?? new Undefined('No caller defined', 'caller'));
  if (caller !== undefined && !accepts.caller)
    throw new Fault(`macro ${shape.name} uses no caller, but was called with call`);
  named.delete('caller');
  const rest = args.positional.slice(parameters.length);
  if (accepts.rest) scope.vars.set('varargs', new Tuple(rest));
  else if (rest.length > 0) throw new Fault(`macro ${shape.name} takes not more than ${parameters.length} argument(s)`);
  if (accepts.more) scope.vars.set('kwargs', makeDict(named));
  else if (named.size > 0) throw new Fault(`macro ${shape.name} takes no keyword argument '${[...named.keys()][0]}'`);
}

function macroFact(node: MacroNode, accepts: Shape['accepts'], name: string): Py {
  if (name === 'name') return node.name;
  if (name === 'arguments') return new Tuple(node.parameters.map((parameter) => parameter.name));
  if (name === 'catch_varargs') return accepts.rest;
  if (name === 'catch_kwargs') return accepts.more;
  return name === 'caller' ? accepts.caller : undefined;
}

/** `{% call %}`: the macro is given its body as `caller`. */
export function compileCallBlock(
  node: { readonly call: Expression; readonly caller: MacroNode },
  compileBody: CompileBody,
): Run {
  if (node.call.kind !== 'call') throw new Fault('call wants a call of a macro');
  const make = compileMacro(node.caller, compileBody);
  const named = [...node.call.args.named, ['caller', { kind: 'name', name: 'caller', at: node.call.at }] as const];
  const call = compileExpression({ ...node.call, args: { ...node.call.args, named } });
  return (frame, out) => {
    const scope = frame.child();
    scope.vars.set('caller', make(frame));
    out.push(call(scope));
  };
}
