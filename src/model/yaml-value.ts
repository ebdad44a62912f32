import type { YamlNode, YamlScalar } from '../shared/yaml/node.ts';
import { isTemplate, PyFloat, TemplateText, type Value, VaultText } from './value.ts';

export interface ToValueOptions {
  /** False: text with Jinja delimiters stays plain text (data that nobody may evaluate). Default true. */
  readonly templates?: boolean;
}

/** The value of a YAML node: text with Jinja delimiters becomes a TemplateText with its position, `!vault` a VaultText, `!unsafe` plain text. */
export function toValue(node: YamlNode, options: ToValueOptions = {}): Value {
  if (node.kind === 'sequence') return node.items.map((item) => toValue(item, options));
  if (node.kind === 'scalar') return scalarValue(node, options.templates ?? true);
  const out: Record<string, Value> = {};
  for (const { key, value } of node.entries) setOwn(out, String(key.value), toValue(value, options));
  return out;
}

function scalarValue(node: YamlScalar, templates: boolean): Value {
  const { value } = node;
  if (node.tag === 'vault') return new VaultText(node.source, node.at);
  if (typeof value === 'string') {
    return templates && node.tag !== 'unsafe' && isTemplate(value) ? new TemplateText(value, node.at) : value;
  }
  return typeof value === 'object' && value !== null ? new PyFloat(value.float) : value;
}

/** `__proto__` is a key like any other. */
function setOwn(target: Record<string, Value>, key: string, value: Value): void {
  if (key !== '__proto__') target[key] = value;
  else Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}
