import { formatSpec } from './format-spec.ts';
import { repr, str } from './text.ts';
import { dictGet, Fault, isDict, type Py, sequenceItems, typeName } from './values.ts';

/** `text.format(…)`, as Python formats (Format String Syntax, Python library reference). */
export function formatBraces(text: string, values: readonly Py[], named: ReadonlyMap<string, Py>): string {
  let next = 0;
  const field = (name: string): Py => {
    const [, first = '', path = ''] = /^([^.[]*)(.*)$/s.exec(name) ?? [];
    const key = first === '' ? String(next++) : first;
    const value = /^\d+$/.test(key) ? values[Number(key)] : named.get(key);
    if (value === undefined) throw new Fault(`format() has no value for ${repr(key)}`);
    return followed(value, path);
  };
  return expand(text, field, 0);
}

/** `[key]` after a field's name. Data has no attributes, so `.name` finds nothing, as in Python. */
function followed(start: Py, path: string): Py {
  let value = start;
  for (const step of path.matchAll(/\.([^.[]+)|\[([^\]]+)\]/g)) {
    const [, attribute, key = ''] = step;
    if (attribute !== undefined) throw new Fault(`'${typeName(value)}' object has no attribute '${attribute}'`);
    const item = isDict(value) ? dictGet(value, key) : sequenceItems(value)?.at(Number(key));
    if (item === undefined) throw new Fault(`format() finds no [${key}]`);
    value = item;
  }
  return value;
}

function expand(text: string, field: (name: string) => Py, depth: number): string {
  if (depth > 2) throw new Fault('format() fields are nested too deeply');
  let out = '';
  let from = 0;
  while (from < text.length) {
    const at = text.slice(from).search(/[{}]/);
    if (at < 0) return out + text.slice(from);
    const open = from + at;
    out += text.slice(from, open);
    if (text[open + 1] === text[open]) {
      out += text[open];
      from = open + 2;
      continue;
    }
    if (text[open] === '}') throw new Fault("Single '}' encountered in format string");
    const close = closing(text, open);
    out += replacement(text.slice(open + 1, close), field, depth);
    from = close + 1;
  }
  return out;
}

function closing(text: string, open: number): number {
  let depth = 0;
  for (let index = open; index < text.length; index++) {
    if (text[index] === '{') depth++;
    if (text[index] === '}' && --depth === 0) return index;
  }
  throw new Fault("expected '}' before end of string");
}

function replacement(inner: string, field: (name: string) => Py, depth: number): string {
  const [, name = '', conversion, spec = ''] = /^([^!:]*)(?:!(.))?(?::(.*))?$/s.exec(inner) ?? [];
  const value = field(name);
  const shown = conversion === 'r' || conversion === 'a' ? repr(value) : conversion === 's' ? str(value) : value;
  return formatSpec(shown, expand(spec, field, depth + 1));
}
