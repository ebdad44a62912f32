import { KprepError } from '../../../shared/errors.ts';
import { nearName } from '../../../shared/problem.ts';
import { truth } from '../runtime/compare.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { str } from '../runtime/text.ts';
import { Fault, type Py, Undefined, UndefinedFault } from '../runtime/values.ts';
import { dataLookups } from './data.ts';
import { machineLookups } from './machine.ts';
import { sequenceLookup } from './sequence.ts';
import type { Lookup, Options } from './types.ts';

const LOOKUPS: Readonly<Record<string, Lookup>> = { ...dataLookups, ...machineLookups, sequence: sequenceLookup };

/** Options of `lookup()` itself. */
const OWN = new Set(['wantlist', 'errors', 'allow_unsafe']);

/** `lookup(name, terms…)`, or `query`, which always gives a list. Ansible joins a list of strings with commas otherwise. */
export function runLookup(
  runtime: Runtime,
  call: { readonly name: Py; readonly terms: readonly Py[]; readonly options: Options; readonly wantList: boolean },
): Py {
  const { terms, options } = call;
  if (!runtime.services.host) throw new Fault('lookups are not run here');
  for (const term of terms) if (term instanceof Undefined) term.fail();
  const wantList = call.wantList || truth(options.get('wantlist') ?? false);
  const rest = new Map([...options].filter(([name]) => !OWN.has(name)));
  const errors = str(options.get('errors') ?? 'strict');
  const found = guarded(() => lookupNamed(call.name)(runtime, terms, rest), errors);
  if (found === undefined) return wantList ? [] : null;
  if (wantList || found.length === 0) return [...found];
  if (found.every((item) => typeof item === 'string')) return found.join(',');
  return found.length === 1 ? found[0] : [...found];
}

function lookupNamed(nameValue: Py): Lookup {
  const name = str(nameValue).replace(/^ansible\.(builtin|legacy)\./, '');
  const lookup = Object.hasOwn(LOOKUPS, name) ? LOOKUPS[name] : undefined;
  if (lookup) return lookup;
  const near = nearName(name, Object.keys(LOOKUPS));
  throw new Fault(`there is no lookup named '${name}'${near ? ` (did you mean ${near}?)` : ''}`);
}

/** `errors='ignore'` and `'warn'` make nothing of a failure, but never of an undefined variable. */
function guarded(run: () => readonly Py[], errors: string): readonly Py[] | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof UndefinedFault) throw error;
    const tolerated = errors === 'ignore' || errors === 'warn';
    if (tolerated && (error instanceof Fault || error instanceof KprepError || error instanceof Error))
      return undefined;
    if (error instanceof Fault || error instanceof KprepError || !(error instanceof Error)) throw error;
    throw new Fault(error.message);
  }
}
