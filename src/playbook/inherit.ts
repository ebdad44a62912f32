import { coerceValue } from '../model/coerce.ts';
import { isMapping, type Vars } from '../model/value.ts';
import { toValue } from '../model/yaml-value.ts';
import { KprepError } from '../shared/errors.ts';
import { nearName } from '../shared/problem.ts';
import type { YamlNode } from '../shared/yaml/node.ts';
import { type Compiler, staticLookup } from './compiler.ts';
import { type Context, chainOf } from './context.ts';
import { type Fields, itemsOf, wordsOf } from './fields.ts';
import { INHERITED, KEYWORDS, mayStand, nearKeyword, type Place, REFUSED } from './keywords.ts';
import { BECOME_METHODS, CONNECTIONS } from './target.ts';
import { caught, literal } from './typed.ts';
import { isWritten } from './vars/evaluate.ts';

const WORD: Readonly<Record<Place, string>> = {
  ...{ play: 'a play', block: 'a block', task: 'a task', handler: 'a handler', role: 'a role' },
  ...{ include: 'an include', import: 'an import', import_playbook: 'import_playbook' },
};

/** What stands below these fields inherits from them. `vars` of a role entry belong to the role and are handed in by it. */
export function inherit(
  compiler: Compiler,
  context: Context,
  fields: Fields,
  options: { readonly ownVars?: boolean } = {},
): Context {
  const keywords = new Map(context.keywords);
  for (const keyword of INHERITED) {
    const node = fields.get(keyword);
    if (node) keywords.set(keyword, node);
    if (node) checkLiteral(compiler, keyword, node);
  }
  const vars = options.ownVars === false ? {} : varsIn(compiler, fields);
  const when = itemsOf(fields.get('when'));
  const foreseen = when.length > 0 || literal(fields.get('ignore_errors')) === true;
  return {
    ...context,
    keywords,
    when: [...context.when, ...when],
    tags: [...new Set([...context.tags, ...tagsIn(compiler, context, fields)])],
    environment: [...context.environment, ...itemsOf(fields.get('environment'))],
    moduleDefaults: [...context.moduleDefaults, ...itemsOf(fields.get('module_defaults'))],
    blocks: Object.keys(vars).length > 0 ? [vars, ...context.blocks] : context.blocks,
    guarded: context.guarded || foreseen,
  };
}

/** Every key that may not stand here, except modules and loops, which the task looks at itself. */
export function checkKeywords(compiler: Compiler, fields: Fields, place: Place): void {
  for (const [key, { key: at }] of fields) {
    if (Object.hasOwn(REFUSED, key)) {
      compiler.problems.error(`${key} is not supported: ${REFUSED[key]}`, at.at);
    } else if (Object.hasOwn(KEYWORDS, key) && !mayStand(key, place)) {
      compiler.problems.error(`${WORD[place]} takes no ${key}`, at.at);
    } else if (!Object.hasOwn(KEYWORDS, key)) {
      const near = nearKeyword(key, place);
      compiler.problems.error(
        `there is no keyword ${key} for ${WORD[place]}`,
        at.at,
        near ? `did you mean ${near}?` : undefined,
      );
    }
  }
}

/** Keywords that belong elsewhere; unknown ones were found with the module. */
export function checkPlace(compiler: Compiler, fields: Fields, place: Place): void {
  for (const [key, { key: at }] of fields) {
    if (Object.hasOwn(REFUSED, key)) compiler.problems.error(`${key} is not supported: ${REFUSED[key]}`, at.at);
    else if (Object.hasOwn(KEYWORDS, key) && !mayStand(key, place) && !compiler.settings.registry.has(key)) {
      compiler.problems.error(`${place === 'include' ? 'an include' : `a ${place}`} takes no ${key}`, at.at);
    }
  }
}

const BOOLEANS = new Set([
  ...['become', 'no_log', 'run_once', 'ignore_errors', 'ignore_unreachable', 'check_mode', 'diff', 'any_errors_fatal'],
  ...['delegate_facts'],
]);
const NUMBERS = new Set(['port', 'throttle', 'timeout']);

function checkLiteral(compiler: Compiler, keyword: string, node: YamlNode): void {
  const value = literal(node);
  if (value === undefined || value === null || value === '') return;
  const type = BOOLEANS.has(keyword) ? 'bool' : NUMBERS.has(keyword) ? 'int' : undefined;
  if (type) {
    const result = coerceValue({ type, doc: keyword }, value);
    if ('problem' in result) compiler.problems.error(`${keyword}: ${result.problem}`, node.at);
  }
  if (keyword === 'connection') oneOf(compiler, { keyword, node, value: String(value), choices: CONNECTIONS });
  if (keyword === 'become_method') oneOf(compiler, { keyword, node, value: String(value), choices: BECOME_METHODS });
}

function oneOf(
  compiler: Compiler,
  one: {
    readonly keyword: string;
    readonly node: YamlNode;
    readonly value: string;
    readonly choices: readonly string[];
  },
): void {
  if (one.choices.includes(one.value)) return;
  const near = nearName(one.value, one.choices);
  compiler.problems.error(
    `${one.keyword} ${one.value} is not supported`,
    one.node.at,
    near ? `did you mean ${near}?` : `${one.choices.filter((choice) => !choice.includes('.')).join(', ')}`,
  );
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** `vars:` of anything. Its names are defined from now on. */
export function varsIn(compiler: Compiler, fields: Fields, key = 'vars'): Vars {
  const node = fields.get(key);
  if (!node || (node.kind === 'scalar' && node.value === null)) return {};
  const value = toValue(node);
  const merged = Array.isArray(value) && value.every(isMapping) ? (Object.assign({}, ...value) as Vars) : value;
  if (!isMapping(merged)) {
    compiler.problems.error(`${key} takes a mapping of names to values`, node.at);
    return {};
  }
  checkNames(compiler, node);
  compiler.names.define(merged);
  return merged;
}

function checkNames(compiler: Compiler, node: YamlNode): void {
  if (node.kind !== 'mapping') return;
  for (const { key, value } of node.entries) {
    const name = String(key.value);
    if (!NAME.test(name)) compiler.problems.error(`${name} is no name for a variable`, key.at, 'letters, digits and _');
    checkSyntax(compiler, value);
  }
}

/** A template that cannot be parsed is wrong even where nobody uses the variable. */
function checkSyntax(compiler: Compiler, node: YamlNode): void {
  if (node.kind === 'sequence') for (const item of node.items) checkSyntax(compiler, item);
  if (node.kind === 'mapping') for (const { value } of node.entries) checkSyntax(compiler, value);
  if (node.kind !== 'scalar') return;
  const value = toValue(node);
  if (isWritten(value) && typeof value === 'object' && value !== null && 'text' in value) {
    caught(compiler, () => compiler.evaluator.template(value as never));
  }
}

/** Tags are known before the run: a template in them can only use what is known then. */
function tagsIn(compiler: Compiler, context: Context, fields: Fields): string[] {
  const node = fields.get('tags');
  if (!node) return [];
  const value = toValue(node);
  if (!isWritten(value)) return wordsOf(node).map(({ text }) => text);
  try {
    const known = compiler.evaluator.value(value, staticLookup(compiler, chainOf(context)));
    return [known]
      .flat(2)
      .flatMap((item) => String(item).split(','))
      .map((tag) => tag.trim())
      .filter(Boolean);
  } catch (error) {
    if (!(error instanceof KprepError)) throw error;
    compiler.problems.error(`tags are needed before the run: ${error.message}`, node.at);
    return [];
  }
}
