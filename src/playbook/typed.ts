import type { ArgType } from '../model/args.ts';
import { coerceValue, textOf } from '../model/coerce.ts';
import type { Evaluate } from '../model/plan.ts';
import { TemplateSyntaxProblem } from '../model/template.ts';
import { isTemplate, TemplateText, type Value } from '../model/value.ts';
import { toValue } from '../model/yaml-value.ts';
import { KprepError } from '../shared/errors.ts';
import type { YamlNode } from '../shared/yaml/node.ts';
import { type Compiler, lookupOf } from './compiler.ts';
import type { Uses } from './names.ts';
import type { VarChain } from './vars/chain.ts';
import { isWritten } from './vars/evaluate.ts';

/** Where an expression stands: its variables, and who wants to know which names it uses. */
export interface Site {
  readonly chain: VarChain;
  readonly uses: Uses;
}

/** The value of a node for a scope. Its templates are compiled now, and what is wrong in them is a problem. */
export function nodeValue(compiler: Compiler, node: YamlNode, site: Site): Evaluate<Value> {
  return evaluate(compiler, toValue(node), site);
}

export function evaluate(compiler: Compiler, raw: Value, site: Site): Evaluate<Value> {
  if (!isWritten(raw)) return () => raw;
  checkTemplates(compiler, raw, site.uses);
  return (scope) => compiler.evaluator.value(raw, lookupOf(compiler, site.chain, scope));
}

/** Compiles every template in a value; notes the names it uses. */
export function checkTemplates(compiler: Compiler, raw: Value, uses: Uses): void {
  if (raw instanceof TemplateText) {
    const template = caught(compiler, () => compiler.evaluator.template(raw));
    if (template) uses.push({ template, text: raw.text, ...(raw.at ? { at: raw.at } : {}) });
    return;
  }
  if (!isWritten(raw) || raw === null || typeof raw !== 'object') return;
  for (const item of Array.isArray(raw) ? raw : Object.values(raw)) checkTemplates(compiler, item as Value, uses);
}

/** A syntax error of a template becomes a problem. */
export function caught<T>(compiler: Compiler, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof TemplateSyntaxProblem)) throw error;
    compiler.problems.error(error.message, error.at);
    return undefined;
  }
}

type Scalar<T extends ArgType> = T extends 'bool' ? boolean : T extends 'int' | 'float' ? number : string;

/**
 * A keyword's value of a type. A literal of the wrong type is a problem now; what a template gives is checked in the run.
 * An empty value counts as `fallback`, as in Ansible.
 */
export function typed<T extends 'bool' | 'int' | 'float' | 'str', F extends Scalar<T> | undefined>(
  compiler: Compiler,
  node: YamlNode,
  options: { readonly keyword: string; readonly type: T; readonly fallback: F; readonly site: Site },
): Evaluate<Scalar<T> | F> {
  const { keyword, type, fallback, site } = options;
  const read = (value: Value): { readonly value: Scalar<T> | F } | { readonly problem: string } => {
    if (value === null || value === '') return { value: fallback };
    const result = coerceValue({ type, doc: keyword }, value);
    return 'problem' in result ? result : { value: result.value as Scalar<T> };
  };
  const raw = toValue(node);
  if (!isWritten(raw)) {
    const result = read(raw);
    if ('value' in result) return () => result.value;
    compiler.problems.error(`${keyword}: ${result.problem}`, node.at);
    return () => fallback;
  }
  const value = evaluate(compiler, raw, site);
  return (scope) => {
    const result = read(value(scope));
    if ('value' in result) return result.value;
    throw new KprepError('task', `${keyword}: ${result.problem}`);
  };
}

/** The value if it is written literally. */
export function literal(node: YamlNode | undefined): Value | undefined {
  if (!node) return undefined;
  const value = toValue(node);
  return isWritten(value) ? undefined : value;
}

/** Text that may be a template, as a value that will be evaluated. */
export function written(text: string, at: YamlNode['at']): Value {
  return isTemplate(text) ? new TemplateText(text, at) : text;
}

export { textOf };
