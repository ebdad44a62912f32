import type { Lookup, Template, TemplateEngine, TemplateFileOptions } from '../../model/template.ts';
import { TemplateSyntaxProblem } from '../../model/template.ts';
import { isMapping, PyFloat, TemplateText, type Value, VaultText } from '../../model/value.ts';
import { KprepError } from '../../shared/errors.ts';
import type { Position } from '../../shared/problem.ts';
import type { Secrets } from '../../shared/secrets.ts';
import { VaultError } from '../../shared/vault.ts';

/** What `omit` is: an argument with this value is left out. */
export const OMIT = '__omit_place_holder__8a6b1f0e2d7c4953';

/** Turns what an operator wrote into values. */
export interface Evaluator {
  /** Templates evaluated, vault texts decrypted, at any depth. @throws KprepError `template`. */
  value(raw: Value, lookup: Lookup): Value;
  /** @throws TemplateSyntaxProblem */
  template(text: TemplateText): Template;
  /** A bare expression. @throws TemplateSyntaxProblem */
  expression(text: string, at?: Position): Template;
  /** A file of the `template` module. @throws TemplateSyntaxProblem */
  file(text: string, at: Position, options: TemplateFileOptions): Template;
}

export function makeEvaluator(
  engine: TemplateEngine,
  decrypt: (ciphertext: string) => string,
  secrets: Secrets,
): Evaluator {
  const templates = new WeakMap<TemplateText, Template>();
  const expressions = new Map<string, Template>();
  const template = (text: TemplateText): Template => {
    const known = templates.get(text);
    if (known) return known;
    const compiled = engine.compile(text.text, text.at);
    templates.set(text, compiled);
    return compiled;
  };
  const expression = (text: string, at?: Position): Template => {
    const key = JSON.stringify([text, at]);
    const known = expressions.get(key);
    if (known) return known;
    const compiled = engine.compileExpression(text, at);
    expressions.set(key, compiled);
    return compiled;
  };
  const value = (raw: Value, lookup: Lookup): Value => {
    if (raw instanceof TemplateText) return asRunFailure(() => template(raw).evaluate(lookup));
    if (raw instanceof VaultText) return reveal(raw, decrypt, secrets);
    if (!isWritten(raw)) return raw;
    if (Array.isArray(raw)) return raw.map((item) => value(item as Value, lookup)).filter((item) => item !== OMIT);
    return mapValues(raw as { readonly [key: string]: Value }, (item) => value(item, lookup));
  };
  return { value, template, expression, file: (text, at, options) => engine.compileFile(text, at, options) };
}

/** A syntax error that shows itself while the run goes on is a failure of the task. */
export function asRunFailure<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof TemplateSyntaxProblem)) throw error;
    const where = error.at ? `${error.at.file}:${error.at.line}: ` : '';
    throw new KprepError('template', `${where}${error.message}`, { cause: error });
  }
}

function reveal(text: VaultText, decrypt: (ciphertext: string) => string, secrets: Secrets): string {
  try {
    const plain = decrypt(text.ciphertext);
    secrets.add(plain);
    return plain;
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    const where = text.at ? `${text.at.file}:${text.at.line}: ` : '';
    throw new KprepError('template', `${where}${error.message}`, { cause: error });
  }
}

const written = new WeakMap<object, boolean>();

/** Whether a value holds a template or a vault text at any depth. Values are never altered, so the answer is kept. */
export function isWritten(value: Value): boolean {
  if (value === null || typeof value !== 'object' || value instanceof PyFloat) return false;
  if (value instanceof TemplateText || value instanceof VaultText) return true;
  const known = written.get(value);
  if (known !== undefined) return known;
  const items: readonly Value[] = Array.isArray(value) ? value : Object.values(value as object);
  const answer = items.some(isWritten);
  written.set(value, answer);
  return answer;
}

/** From now on the value counts as plain data and is never looked into (lazy mappings). */
export function markPlain<T extends Value>(value: T): T {
  if (typeof value === 'object' && value !== null) written.set(value, false);
  return value;
}

/** A mapping of the same keys. `__proto__` is a key like any other; a value that is `omit` goes with its key. */
function mapValues(
  mapping: { readonly [key: string]: Value },
  change: (item: Value) => Value,
): { readonly [key: string]: Value } {
  const entries = Object.entries(mapping).map(([key, item]) => [key, change(item)] as const);
  return Object.fromEntries(entries.filter(([, item]) => item !== OMIT));
}

/** Python's truth: empty, zero, false and null are not. */
export function isTrue(value: Value | undefined): boolean {
  if (value instanceof PyFloat) return value.value !== 0;
  if (Array.isArray(value)) return value.length > 0;
  if (isMapping(value)) return Object.keys(value).length > 0;
  return Boolean(value);
}
