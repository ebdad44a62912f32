import type { Arg, ArgSpec, ConditionValue, ExpressionValue, LocalFile } from '../model/args.ts';
import { argNamed, coerceArgs, coerceValue, plain, textOf } from '../model/coerce.ts';
import type { AnyAction, AnyModule } from '../model/module.ts';
import type { Scope, TaskArgs } from '../model/plan.ts';
import type { Lookup } from '../model/template.ts';
import { isMapping, TemplateText, type Value, type Vars } from '../model/value.ts';
import { KprepError } from '../shared/errors.ts';
import type { ActionCall, RawArg } from './action.ts';
import { type Compiler, lookupOf } from './compiler.ts';
import { conditionOf, withoutDelimiters } from './conditions.ts';
import { splitArgs } from './kv.ts';
import { readLocal } from './local-files.ts';
import { renderTemplateFile } from './template-file.ts';
import { caught, checkTemplates, type Site } from './typed.ts';
import { asRunFailure, isTrue, OMIT } from './vars/evaluate.ts';

/** What the arguments of one task are made with. */
interface Making {
  readonly compiler: Compiler;
  readonly site: Site;
  readonly scope: Scope;
  readonly lookup: Lookup;
  readonly spec: ArgSpec;
  /** Arguments by parameter, evaluated, those with types that are made here excepted. */
  readonly plain: Readonly<Record<string, Value>>;
}

/** The arguments of a task as a function of the scope. `defaults`: of module_defaults, the weakest first. */
export function argsOf(
  compiler: Compiler,
  call: ActionCall,
  options: { readonly module: AnyModule | AnyAction; readonly defaults: readonly Value[]; readonly site: Site },
): (scope: Scope) => Promise<TaskArgs> {
  const { module, defaults, site } = options;
  const spec = module.args as ArgSpec;
  checkUses(compiler, call, spec, site);
  for (const value of defaults) checkTemplates(compiler, value, site.uses);
  return async (scope) => {
    const lookup = lookupOf(compiler, site.chain, scope);
    const all = evaluateAll(compiler, call, { spec, defaults, lookup });
    const making: Making = { compiler, site, scope, lookup, spec, plain: byParameter(spec, all) };
    const made: Record<string, unknown> = {};
    for (const [given, value] of Object.entries(all)) {
      const name = argNamed(spec, given);
      const declared = name === undefined ? undefined : spec[name];
      if (declared || !(module.kind === 'action' && module.anyArgs)) {
        made[given] = declared ? await make(making, declared, value, rawOf(call, given)) : value;
      }
    }
    return finish(compiler, module, made, all);
  };
}

function rawOf(call: ActionCall, given: string): RawArg | undefined {
  return call.args.find((arg) => arg.name === given);
}

/** Templates are compiled, and expressions too where they are literal. */
function checkUses(compiler: Compiler, call: ActionCall, spec: ArgSpec, site: Site): void {
  if (call.whole) checkTemplates(compiler, call.whole.value, site.uses);
  for (const arg of call.args) {
    const name = argNamed(spec, arg.name);
    const type = name === undefined ? undefined : spec[name]?.type;
    if (type === 'conditions') {
      for (const item of listOf(arg.value)) conditionOf(compiler, item, arg.at, site);
    } else if (type === 'expression') checkExpression(compiler, arg, site);
    else checkTemplates(compiler, arg.value, site.uses);
  }
}

function checkExpression(compiler: Compiler, arg: RawArg, site: Site): void {
  const text = expressionText(compiler, arg.value, arg);
  if (text === undefined) return;
  const template = caught(compiler, () => compiler.evaluator.expression(text, arg.at));
  // An undefined variable is shown as such by what takes an expression (debug), so it is no use that must be defined.
  if (template) site.uses.push({ template, text: `${text} is defined`, at: arg.at });
}

interface EvaluateOptions {
  readonly spec: ArgSpec;
  readonly defaults: readonly Value[];
  readonly lookup: Lookup;
}

/** Every argument evaluated, `omit` left out; expressions and conditions stay as they are written. */
function evaluateAll(compiler: Compiler, call: ActionCall, options: EvaluateOptions): Record<string, Value> {
  const { spec, lookup } = options;
  const all: Record<string, Value> = {};
  const put = (name: string, value: Value): void => {
    const known = argNamed(spec, name);
    for (const other of Object.keys(all)) if (known && argNamed(spec, other) === known) delete all[other];
    if (value !== OMIT) all[name] = value;
  };
  for (const value of options.defaults) putAll(compiler.evaluator.value(value, lookup), put);
  if (call.whole) putAll(compiler.evaluator.value(call.whole.value, lookup), put);
  for (const { name, value } of call.args) {
    const type = spec[argNamed(spec, name) ?? '']?.type;
    const raw = type === 'expression' || type === 'conditions';
    put(name, raw ? value : compiler.evaluator.value(value, lookup));
  }
  return all;
}

function putAll(value: Value, put: (name: string, value: Value) => void): void {
  if (!isMapping(value)) throw new KprepError('task', 'the arguments of a module are a mapping');
  for (const [name, item] of Object.entries(value)) put(name, item);
}

function byParameter(spec: ArgSpec, all: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(all).map(([given, value]) => [argNamed(spec, given) ?? given, value]));
}

/** The value of an argument whose type is made here; any other as it is. */
async function make(making: Making, declared: Arg, value: Value, raw: RawArg | undefined): Promise<unknown> {
  if (value === null) return value;
  switch (declared.type) {
    case 'localFile':
      return isHostPath(making, declared) ? textOf(value) : localFile(making, textOf(value));
    case 'templateFile':
      return renderTemplateFile(making.compiler, textOf(value), {
        chain: making.site.chain,
        lookup: making.lookup,
        args: making.plain,
      });
    case 'localCommand':
      return localCommand(making, textOf(value));
    case 'expression':
      return expressionValue(making, value, raw);
    case 'conditions':
      return listOf(value).flatMap((item) => conditionValue(making, item, raw));
    default:
      return value;
  }
}

function isHostPath(making: Making, { hostPathIf }: Arg): boolean {
  if (hostPathIf === undefined) return false;
  const value = making.plain[hostPathIf] ?? making.spec[hostPathIf]?.default;
  return value !== undefined && isYes(value);
}

async function localFile(making: Making, path: string): Promise<LocalFile> {
  return readLocal(making.compiler, path, { chain: making.site.chain, decrypt: isYes(making.plain.decrypt ?? true) });
}

function isYes(value: Value): boolean {
  const result = coerceValue({ type: 'bool', doc: '' }, value);
  return 'value' in result && result.value === true;
}

async function localCommand(making: Making, text: string): Promise<unknown> {
  const [program = '', ...rest] = splitArgs(text.trim());
  const path = program.replace(/^(["'])(.*)\1$/, '$2');
  return { ...(await localFile(making, path)), arguments: rest.join(' ') };
}

/** `{{ x }}` where a bare expression is wanted is x itself: its value is never evaluated as code. */
function expressionText(compiler: Compiler, value: Value, raw: RawArg | undefined): string | undefined {
  if (value instanceof TemplateText) return withoutDelimiters(compiler, value.text, value.at ?? raw?.at ?? NOWHERE);
  return textOf(value);
}

const NOWHERE = { file: '', line: 1, column: 1 };

function expressionValue(making: Making, value: Value, raw: RawArg | undefined): ExpressionValue {
  const { compiler } = making;
  const text = expressionText(compiler, value, raw);
  if (text === undefined) throw new KprepError('template', `${textOf(value)} is no expression`);
  try {
    const result = asRunFailure(() => compiler.evaluator.expression(text, raw?.at).evaluate(making.lookup));
    return { text, value: plain(result), defined: true };
  } catch (error) {
    if (!(error instanceof KprepError) || error.kind !== 'template') throw error;
    return { text, value: error.message, defined: false };
  }
}

function conditionValue(making: Making, value: Value, raw: RawArg | undefined): ConditionValue[] {
  if (typeof value === 'boolean') return [{ text: textOf(value), holds: value }];
  const silent: Site = { chain: making.site.chain, uses: [] };
  const condition = conditionOf(making.compiler, value, raw?.at ?? NOWHERE, silent);
  return condition ? [{ text: condition.text, holds: isTrue(condition.holds(making.scope)) }] : [];
}

function listOf(value: Value): readonly Value[] {
  return Array.isArray(value) ? value : [value];
}

function finish(
  compiler: Compiler,
  module: AnyModule | AnyAction,
  made: Readonly<Record<string, unknown>>,
  all: Vars,
): TaskArgs {
  const spec = module.args as ArgSpec;
  const { args, problems } = coerceArgs(spec, made);
  if (problems.length > 0) {
    const hint = problems.find((problem) => problem.hint)?.hint;
    throw new KprepError('task', problems.map(({ message }) => message).join('; '), hint ? { remedy: hint } : {});
  }
  for (const [name, arg] of Object.entries(spec)) if (arg.secret) hide(compiler, args[name]);
  const broken = module.kind === 'action' && module.anyArgs ? undefined : module.validate?.(args as never);
  if (broken !== undefined) throw new KprepError('task', broken);
  return { args, all };
}

function hide(compiler: Compiler, value: unknown): void {
  if (typeof value === 'string' && value !== '') compiler.settings.secrets.add(value);
  if (Array.isArray(value)) for (const item of value) hide(compiler, item);
}
