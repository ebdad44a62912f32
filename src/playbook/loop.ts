import { plain } from '../model/coerce.ts';
import type { Condition, Evaluate, Loop, Scope } from '../model/plan.ts';
import { TemplateText, type Value } from '../model/value.ts';
import { toValue } from '../model/yaml-value.ts';
import { KprepError } from '../shared/errors.ts';
import { nearName, type Position } from '../shared/problem.ts';
import type { YamlNode } from '../shared/yaml/node.ts';
import { type Compiler, lookupOf } from './compiler.ts';
import { Fields } from './fields.ts';
import { evaluate, nodeValue, type Site, typed } from './typed.ts';
import { WITH_NAMES, withItems } from './with-loops.ts';

const CONTROL = ['loop_var', 'index_var', 'label', 'pause', 'extended', 'extended_allitems'];

/** The loop of a task, if it has one. `when`: the task's conditions, which decide where the list itself is undefined. */
export function loopOf(
  compiler: Compiler,
  fields: Fields,
  options: { readonly site: Site; readonly when: readonly Condition[] },
): Loop | undefined {
  const source = loopSource(compiler, fields);
  if (!source) return undefined;
  const { site } = options;
  const control = controlOf(compiler, fields.get('loop_control'));
  const names = {
    variable: nameIn(compiler, control, 'loop_var') ?? 'item',
    index: nameIn(compiler, control, 'index_var'),
  };
  for (const name of [names.variable, names.index, 'ansible_loop', 'ansible_loop_var', 'ansible_index_var']) {
    if (name !== undefined) compiler.names.local.add(name);
  }
  const label = control?.get('label');
  const show = label ? nodeValue(compiler, label, site) : undefined;
  return {
    items: itemsOrSkip(itemsFunction(compiler, source, site), options.when),
    variable: names.variable,
    ...(names.index === undefined ? {} : { indexVariable: names.index }),
    extended: literalBool(compiler, control?.get('extended')),
    ...(show ? { label: (scope: Scope) => plain(show(scope)) } : {}),
    pause: literalNumber(compiler, control?.get('pause')),
  };
}

type Source = { readonly kind: 'loop' | 'with'; readonly name: string; readonly node: YamlNode };

function loopSource(compiler: Compiler, fields: Fields): Source | undefined {
  const found: Source[] = [];
  const loop = fields.get('loop');
  if (loop) found.push({ kind: 'loop', name: 'loop', node: loop });
  for (const [key, { value }] of fields) {
    if (!key.startsWith('with_')) continue;
    const name = key.slice('with_'.length).split('.').at(-1) ?? '';
    if (!WITH_NAMES.includes(name)) {
      const near = nearName(name, WITH_NAMES);
      compiler.problems.error(
        `there is no loop ${key}`,
        fields.keyAt(key),
        near ? `did you mean with_${near}?` : undefined,
      );
    } else found.push({ kind: 'with', name, node: value });
  }
  if (found.length > 1) compiler.problems.error('a task has one loop', found[1]?.node.at);
  return found[0];
}

function itemsFunction(compiler: Compiler, source: Source, site: Site): Evaluate<readonly Value[]> {
  const raw = toValue(source.node);
  if (source.kind === 'loop' && typeof raw !== 'object') {
    compiler.problems.error(
      'loop takes a list',
      source.node.at,
      'write a list, or a template that gives one: "{{ … }}"',
    );
    return () => [];
  }
  if (source.kind === 'with') return withFunction(compiler, { name: source.name, raw, at: source.node.at }, site);
  const value = evaluate(compiler, raw, site);
  return (scope) => {
    const items = value(scope);
    if (Array.isArray(items)) return items;
    const shown = JSON.stringify(plain(items)).slice(0, 200);
    throw new KprepError('task', `Invalid data passed to 'loop', it requires a list, got this instead: ${shown}`);
  };
}

interface WithTerms {
  readonly name: string;
  readonly raw: Value;
  readonly at: Position;
}

function withFunction(compiler: Compiler, { name, raw, at }: WithTerms, site: Site): Evaluate<readonly Value[]> {
  const terms = name === 'first_found' ? knownTerms(compiler, raw, site) : evaluate(compiler, raw, site);
  return (scope) =>
    withItems(name, terms(scope), { compiler, scope, lookup: lookupOf(compiler, site.chain, scope), at });
}

/** Terms that name an undefined variable are passed over. */
function knownTerms(compiler: Compiler, raw: Value, site: Site): Evaluate<readonly Value[]> {
  const terms = (Array.isArray(raw) ? raw : [raw]).map((term: Value) => evaluate(compiler, term, site));
  return (scope) =>
    terms.flatMap((term) => {
      const value = orUndefined(() => term(scope));
      return value === undefined ? [] : [value];
    });
}

function orUndefined(work: () => Value): Value | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof KprepError && error.kind === 'template') return undefined;
    throw error;
  }
}

/** A list that cannot be made counts as empty where a condition that needs no item would skip the task anyway, as in Ansible. */
function itemsOrSkip(items: Evaluate<readonly Value[]>, when: readonly Condition[]): Evaluate<readonly Value[]> {
  if (when.length === 0) return items;
  return (scope) => {
    try {
      return items(scope);
    } catch (error) {
      if (error instanceof KprepError && error.kind === 'template' && isSkipped(when, scope)) return [];
      throw error;
    }
  };
}

function isSkipped(when: readonly Condition[], scope: Scope): boolean {
  try {
    return when.some((condition) => !condition.holds(scope));
  } catch (error) {
    if (error instanceof KprepError) return false;
    throw error;
  }
}

function controlOf(compiler: Compiler, node: YamlNode | undefined): Fields | undefined {
  if (!node) return undefined;
  if (node.kind !== 'mapping') {
    compiler.problems.error('loop_control takes a mapping', node.at);
    return undefined;
  }
  const fields = new Fields(node);
  for (const [key, { key: at }] of fields) {
    if (CONTROL.includes(key)) continue;
    const near = nearName(key, CONTROL);
    compiler.problems.error(`loop_control has no ${key}`, at.at, near ? `did you mean ${near}?` : undefined);
  }
  return fields;
}

function nameIn(compiler: Compiler, control: Fields | undefined, key: string): string | undefined {
  const node = control?.get(key);
  if (!control || !node) return undefined;
  const value = toValue(node);
  if (typeof value === 'string' && /^[A-Za-z_]\w*$/.test(value)) return value;
  compiler.problems.error(`${key} is the name of a variable`, node.at);
  return undefined;
}

/** Without a loop variable these are needed before the loop begins, so a template of other variables would do; it is refused. */
function literalBool(compiler: Compiler, node: YamlNode | undefined): boolean {
  return node ? constant(compiler, node, 'bool', false) : false;
}

function literalNumber(compiler: Compiler, node: YamlNode | undefined): number {
  return node ? constant(compiler, node, 'float', 0) : 0;
}

function constant<T extends boolean | number>(
  compiler: Compiler,
  node: YamlNode,
  type: T extends boolean ? 'bool' : 'float',
  fallback: T,
): T {
  if (toValue(node) instanceof TemplateText) {
    compiler.problems.error('this must be a plain value, not a template', node.at);
    return fallback;
  }
  const read = typed(compiler, node, {
    keyword: 'loop_control',
    type: type as 'float',
    fallback: fallback as number,
    site: { chain: { blocks: [], params: [], dir: '' }, uses: [] },
  }) as () => unknown;
  return read() as T;
}
