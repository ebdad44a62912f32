import { PyFloat, TemplateText, type Value, type Vars, VaultText } from '../model/value.ts';

/** As `json.dumps(indent=4, sort_keys=True, ensure_ascii=False)` of Python writes it, with Ansible's `__ansible_vault`. */
export function toJson(value: Value, indent = ''): string {
  const inner = `${indent}    `;
  if (value instanceof PyFloat) return value.value.toFixed(1);
  if (value instanceof TemplateText) return JSON.stringify(value.text);
  if (value instanceof VaultText) return toJson({ __ansible_vault: value.ciphertext }, indent);
  if (typeof value === 'bigint') return String(value);
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return `[\n${value.map((item) => inner + toJson(item, inner)).join(',\n')}\n${indent}]`;
  }
  const entries = Object.entries(value as Vars).sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return '{}';
  const lines = entries.map(([key, item]) => `${inner}${JSON.stringify(key)}: ${toJson(item, inner)}`);
  return `{\n${lines.join(',\n')}\n${indent}}`;
}

/** A value as Python's `str` shows it: text without quotes at the top, with quotes inside of others. */
export function pythonText(value: Value, inside = false): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (value instanceof PyFloat) return value.value.toFixed(1);
  if (value instanceof VaultText) return value.ciphertext;
  const text = value instanceof TemplateText ? value.text : value;
  if (typeof text === 'string') return inside ? pythonQuoted(text) : text;
  if (typeof text !== 'object') return String(text);
  if (Array.isArray(text)) return `[${text.map((item) => pythonText(item, true)).join(', ')}]`;
  const entries = Object.entries(text as Vars).map(([key, item]) => `${pythonQuoted(key)}: ${pythonText(item, true)}`);
  return `{${entries.join(', ')}}`;
}

function pythonQuoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote;
}
