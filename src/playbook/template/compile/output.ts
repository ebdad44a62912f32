import { literalValue } from '../runtime/python-literal.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { str } from '../runtime/text.ts';
import { Nothing, type Py, Structure } from '../runtime/values.ts';

/** Text that is not read again as a literal, whatever it looks like. */
class Verbatim extends Structure {
  constructor(text: string) {
    super(
      'str',
      () => undefined,
      () => text,
    );
  }
}

/** Filters whose text stays text where text is read as literals (Ansible's STRING_TYPE_FILTERS). */
const TEXT_FILTERS: ReadonlySet<string> = new Set(['string', 'to_json', 'to_nice_json', 'to_yaml', 'to_nice_yaml']);

/** What is put out of a filter's value. */
export function filtered(runtime: Runtime, filter: string | undefined, value: Py): Py {
  const kept = runtime.services.literals && filter !== undefined && TEXT_FILTERS.has(filter);
  return kept && typeof value === 'string' ? new Verbatim(value) : value;
}

/**
 * One value of what a template put out. Text mode: all of it as text. Native mode: a single value is itself, several are
 * joined as text, none is None (Ansible's native Jinja types).
 */
export function joined(runtime: Runtime, out: readonly Py[]): Py {
  if (runtime.mode === 'text') return out.map(str).join('');
  if (out.length === 0) return null;
  const [only] = out;
  if (out.length === 1 && (only instanceof Verbatim || only instanceof Nothing)) return str(only);
  const value = out.length === 1 ? only : out.map(str).join('');
  return runtime.services.literals && typeof value === 'string' ? literalValue(value) : value;
}
