import type { Condition, Evaluate, Include, Scope, Task } from '../model/plan.ts';
import { TemplateText, type Value } from '../model/value.ts';
import { toValue } from '../model/yaml-value.ts';
import { KprepError } from '../shared/errors.ts';
import { type Compiler, makeId, staticLookup } from './compiler.ts';
import { conditionsOf } from './conditions.ts';
import { type Context, chainOf } from './context.ts';
import type { Fields } from './fields.ts';
import { loopOf } from './loop.ts';
import type { Reach } from './needs.ts';
import { evaluate, type Site, textOf, typed } from './typed.ts';
import { isTrue } from './vars/evaluate.ts';

type Shared = Omit<Include, 'kind' | 'load' | 'barrier'>;

/** A task in the making: where it stands with its own keywords, and where its expressions are noted. */
export interface Making {
  readonly compiler: Compiler;
  readonly fields: Fields;
  /** With the task's own keywords. */
  readonly context: Context;
  readonly site: Site;
}

export function makeSite(context: Context): Site {
  return { chain: chainOf(context), uses: [] };
}

/** What tasks and includes have in common. `fallbackName`: shown where the task has no name. */
export function taskBase(making: Making, fallbackName: string): Shared {
  const { compiler, fields, context, site } = making;
  const when = conditionsIn(compiler, context, site);
  const loop = loopOf(compiler, fields, { site, when });
  const name = nameOf(making, fallbackName);
  const runOnce = staticBool(making, 'run_once');
  return {
    id: makeId(compiler, fields.at, name.text),
    at: fields.at,
    name: name.text,
    label: name.label,
    ...(context.role ? { role: context.role.name } : {}),
    tags: context.tags,
    when,
    ...(loop ? { loop } : {}),
    noLog: inheritedBool(making, 'no_log'),
    runOnce,
    ignoreErrors: inheritedBool(making, 'ignore_errors'),
    ignoreUnreachable: staticBool(making, 'ignore_unreachable'),
    anyErrorsFatal: staticBool(making, 'any_errors_fatal'),
  };
}

/** Whether a task may start only when all hosts are past the one before it. Asked for when all names of the run are known. */
export function isBarrier(making: Making, base: Shared, reach: () => Reach): boolean {
  return base.runOnce || making.context.keywords.has('delegate_to') || reach().otherHosts;
}

/** The conditions of a place, all of them with its own variables. */
function conditionsIn(compiler: Compiler, context: Context, site: Site): Condition[] {
  return context.when.flatMap((node) => conditionsOf(compiler, node, site));
}

function nameOf(making: Making, fallback: string): { readonly text: string; readonly label: Evaluate<string> } {
  const { compiler, fields, site } = making;
  const node = fields.get('name');
  const raw: Value = node ? toValue(node) : null;
  if (!(raw instanceof TemplateText)) {
    const text = raw === null || raw === '' ? fallback : textOf(raw);
    return { text, label: () => text };
  }
  // A name may use what is not defined yet, so its uses are not checked.
  const value = evaluate(compiler, raw, { chain: site.chain, uses: [] });
  return { text: raw.text, label: (scope) => labelFor(value, scope, raw.text) };
}

function labelFor(value: Evaluate<Value>, scope: Scope, text: string): string {
  try {
    return textOf(value(scope));
  } catch (error) {
    if (error instanceof KprepError) return text;
    throw error;
  }
}

/** An inherited boolean keyword as a function of the scope. */
export function inheritedBool(making: Making, keyword: string): Evaluate<boolean> {
  const node = making.context.keywords.get(keyword);
  if (!node) return () => false;
  const value = typed(making.compiler, node, { keyword, type: 'bool', fallback: false, site: making.site });
  return (scope) => value(scope);
}

/** One that is needed before the run; a template in it can only use what is known then. */
function staticBool(making: Making, keyword: string): boolean {
  const node = making.context.keywords.get(keyword);
  if (!node) return false;
  const value = staticValue(making.compiler, making.context, { keyword, raw: toValue(node), at: node.at });
  return typeof value === 'string' ? ['yes', 'true', 'on', '1', 'y', 't'].includes(value.toLowerCase()) : isTrue(value);
}

/** The value of something that is needed before the run; null and a problem where it uses what is only known later. */
export function staticValue(
  compiler: Compiler,
  context: Context,
  written: { readonly keyword: string; readonly raw: Value; readonly at: Task['at'] },
): Value {
  try {
    return compiler.evaluator.value(written.raw, staticLookup(compiler, chainOf(context)));
  } catch (error) {
    if (!(error instanceof KprepError)) throw error;
    compiler.problems.error(`${written.keyword} is needed before the run: ${error.message}`, written.at);
    return null;
  }
}
