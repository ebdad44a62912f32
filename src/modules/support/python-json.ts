import type { Json } from '../../model/value.ts';

/** JSON with the bytes that Python's `json.dumps` writes: `, ` and `: ` between, everything beyond ASCII escaped. */
export function pythonJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map((item) => pythonJson(item as Json)).join(', ')}]`;
  if (value !== null && typeof value === 'object') {
    const pairs = Object.entries(value).map(([key, item]) => `${ascii(key)}: ${pythonJson(item)}`);
    return `{${pairs.join(', ')}}`;
  }
  return typeof value === 'string' ? ascii(value) : JSON.stringify(value);
}

function ascii(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
