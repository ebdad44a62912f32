import { literalValue } from '../runtime/python-literal.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { str } from '../runtime/text.ts';
import type { Py } from '../runtime/values.ts';

/**
 * One value of what a template put out. Text mode: all of it as text, None as nothing. Native mode: a single value is
 * itself, several are joined as text, none is None (Ansible's native Jinja types).
 */
export function joined(runtime: Runtime, out: readonly Py[]): Py {
  if (runtime.mode === 'text') return out.map((value) => (value === null ? '' : str(value))).join('');
  if (out.length === 0) return null;
  const value = out.length === 1 ? out[0] : out.map(str).join('');
  return runtime.services.literals && typeof value === 'string' ? literalValue(value) : value;
}
