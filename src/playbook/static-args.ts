import type { Arg, ArgSpec } from '../model/args.ts';
import { argNamed, coerceArgs, coerceValue, unknownArg } from '../model/coerce.ts';
import type { AnyAction, AnyModule } from '../model/module.ts';
import type { ActionCall, RawArg } from './action.ts';
import type { Compiler } from './compiler.ts';
import { isWritten } from './vars/evaluate.ts';

/** Types whose value only the run makes. */
const MADE = new Set(['localFile', 'templateFile', 'localCommand', 'expression', 'conditions']);

/** What can be known to be wrong with a task's arguments before anything runs. `defaults`: names that module_defaults gives. */
export function checkArgs(
  compiler: Compiler,
  call: ActionCall,
  module: AnyModule | AnyAction,
  defaults: ReadonlySet<string>,
): void {
  if (call.whole) return;
  const spec = module.args as ArgSpec;
  const open = module.kind === 'action' && module.anyArgs === true;
  const literal = call.args.map((arg) => checkArg(compiler, spec, { arg, open })).every(Boolean);
  checkRequired(compiler, call, spec, defaults);
  if (literal && defaults.size === 0) checkRules(compiler, call, module);
}

/** Whether the argument is a literal that is known now. */
function checkArg(
  compiler: Compiler,
  spec: ArgSpec,
  { arg, open }: { readonly arg: RawArg; readonly open: boolean },
): boolean {
  const name = argNamed(spec, arg.name);
  const declared = name === undefined ? undefined : spec[name];
  if (!declared) {
    if (!open) refuseUnknown(compiler, spec, arg);
    return true;
  }
  if (isWritten(arg.value) || MADE.has(declared.type)) return false;
  checkLiteral(compiler, declared, arg);
  return true;
}

function refuseUnknown(compiler: Compiler, spec: ArgSpec, arg: RawArg): void {
  const { message, hint } = unknownArg(spec, arg.name);
  compiler.problems.error(message, arg.at, hint);
}

function checkLiteral(compiler: Compiler, declared: Arg, arg: RawArg): void {
  if (arg.value === null) return;
  if (declared.type === 'mode' && isDecimalMode(arg)) {
    const digits = arg.node?.kind === 'scalar' ? arg.node.source : '';
    compiler.problems.error(`${arg.name}: ${digits} is read as a decimal number`, arg.at, `'0${digits}'`);
    return;
  }
  const result = coerceValue(declared, arg.value);
  if ('problem' in result) compiler.problems.error(`${arg.name}: ${result.problem}`, arg.at);
}

/** `mode: 644` without a leading zero is 01204 for `chmod`, which nobody means. */
function isDecimalMode({ node }: RawArg): boolean {
  return node?.kind === 'scalar' && typeof node.value === 'number' && /^[1-9]\d*$/.test(node.source);
}

function checkRequired(compiler: Compiler, call: ActionCall, spec: ArgSpec, defaults: ReadonlySet<string>): void {
  const given = new Set(call.args.map((arg) => argNamed(spec, arg.name)));
  for (const [name, arg] of Object.entries(spec)) {
    if (!arg.required || arg.default !== undefined || given.has(name) || defaults.has(name)) continue;
    const names = [name, ...(arg.aliases ?? [])].filter((one) => !one.startsWith('_')).join(' or ');
    compiler.problems.error(`${call.written} needs ${names}`, call.at);
  }
}

function checkRules(compiler: Compiler, call: ActionCall, module: AnyModule | AnyAction): void {
  if (!module.validate || (module.kind === 'action' && module.anyArgs)) return;
  const raw = Object.fromEntries(call.args.map((arg) => [arg.name, arg.value]));
  const { args, problems } = coerceArgs(module.args as ArgSpec, raw);
  if (problems.length > 0) return;
  const message = module.validate(args as never);
  if (message !== undefined) compiler.problems.error(message, call.at);
}
