import type { Condition } from '../model/plan.ts';
import { isTemplate, TemplateText, type Value, VaultText } from '../model/value.ts';
import { toValue } from '../model/yaml-value.ts';
import type { Position } from '../shared/problem.ts';
import type { YamlNode } from '../shared/yaml/node.ts';
import { type Compiler, lookupOf } from './compiler.ts';
import { itemsOf } from './fields.ts';
import { caught, type Site } from './typed.ts';
import { asRunFailure, isTrue } from './vars/evaluate.ts';

/** The conditions of `when`, `until`, `changed_when`, `failed_when`: one or a list, text or boolean. */
export function conditionsOf(compiler: Compiler, node: YamlNode | undefined, site: Site): Condition[] {
  return itemsOf(node).flatMap((item) => {
    const condition = conditionOf(compiler, toValue(item), item.at, site);
    return condition ? [condition] : [];
  });
}

/** Undefined for an empty text, which always holds, and for one that is wrong (a problem then). */
export function conditionOf(compiler: Compiler, raw: Value, at: Position, site: Site): Condition | undefined {
  if (raw === null || raw === '') return undefined;
  if (raw instanceof VaultText || (typeof raw === 'object' && !(raw instanceof TemplateText))) {
    compiler.problems.error('a condition is an expression, not a list or mapping', at);
    return undefined;
  }
  if (typeof raw !== 'string' && !(raw instanceof TemplateText)) {
    const holds = isTrue(raw);
    return { text: String(raw), holds: () => holds };
  }
  const text = (raw instanceof TemplateText ? raw.text : raw).trim();
  const expression = isTemplate(text) ? withoutDelimiters(compiler, text, at) : text;
  return expression === undefined ? undefined : expressionCondition(compiler, { text, expression, at }, site);
}

function expressionCondition(
  compiler: Compiler,
  written: { readonly text: string; readonly expression: string; readonly at: Position },
  site: Site,
): Condition | undefined {
  const { text, expression, at } = written;
  const template = caught(compiler, () => compiler.evaluator.expression(expression, at));
  if (!template) return undefined;
  site.uses.push({ template, text: expression, at });
  return {
    text,
    holds: (scope) => asRunFailure(() => isTrue(template.evaluate(lookupOf(compiler, site.chain, scope)))),
  };
}

/**
 * `{{ x }}` in a condition is the expression itself, and `'{{ x }}'` its text; anything else would evaluate a value as code
 * and is a problem.
 */
export function withoutDelimiters(compiler: Compiler, text: string, at: Position): string | undefined {
  const out: string[] = [];
  for (const [piece] of text.matchAll(PIECES)) {
    const bare = bareOf(piece);
    if (bare === undefined) {
      compiler.problems.error('a condition is an expression already', at, 'write it without {{ }}');
      return undefined;
    }
    out.push(bare);
  }
  return out.join('');
}

/** Strings, `{{ … }}` outside of them, and all between. */
const PIECES = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\{\{(?:[^"'}]|\}(?!\})|"[^"]*"|'[^']*')*\}\}|[\s\S]/g;

function bareOf(piece: string): string | undefined {
  const inside = /^(["']?)\{\{([\s\S]*)\}\}\1$/.exec(piece);
  const expression = inside?.[2];
  if (expression !== undefined && !isTemplate(expression))
    return inside?.[1] ? `((${expression}) | string)` : `(${expression})`;
  return piece.length > 1 && isTemplate(piece) ? undefined : piece;
}
