import { isTemplate, PyFloat, TemplateText, type Value } from '../model/value.ts';
import type { Position } from '../shared/problem.ts';
import { setOwn } from './draft.ts';
import { pythonLiteral } from './python-literal.ts';

/** The value of `name=value` as Ansible types it: a Python literal, else the text. Text with Jinja delimiters is a template. */
export function iniValue(text: string, at: Position): Value {
  const literal = pythonLiteral(text);
  return withTemplates(literal === undefined ? text : literal, at);
}

function withTemplates(value: Value, at: Position): Value {
  if (typeof value === 'string') return isTemplate(value) ? new TemplateText(value, at) : value;
  if (Array.isArray(value)) return value.map((item: Value) => withTemplates(item, at));
  if (value === null || typeof value !== 'object' || value instanceof PyFloat) return value;
  const out: Record<string, Value> = {};
  for (const [key, item] of Object.entries(value)) setOwn(out, key, withTemplates(item as Value, at));
  return out;
}
