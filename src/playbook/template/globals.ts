import type { Builtins } from './filters/builtin.ts';
import { host } from './filters/paths.ts';
import { clockOf } from './filters/time.ts';
import { runLookup } from './lookups/lookup.ts';
import { bind } from './runtime/bind.ts';
import { iterate, truth } from './runtime/compare.ts';
import { DateTime } from './runtime/datetime.ts';
import { pairsOf } from './runtime/dict-methods.ts';
import type { Runtime } from './runtime/runtime.ts';
import { str } from './runtime/text.ts';
import { formatTime } from './runtime/time-format.ts';
import {
  Callable,
  Fault,
  isInt,
  makeDict,
  Namespace,
  type Py,
  Structure,
  toNumber,
  typeName,
  Undefined,
} from './runtime/values.ts';

/** Jinja's functions and Ansible's, each under its name. */
export function makeGlobals(): ReadonlyMap<string, unknown> {
  const out = new Map<string, unknown>();
  for (const [name, [signature, call]] of Object.entries(FUNCTIONS)) {
    out.set(name, new Callable(name, (runtime, args) => call(runtime, ...bind(name, signature, args))));
  }
  return out;
}

const FUNCTIONS: Builtins = {
  cycler: ['*items', (_, items) => cycler(items as Py[])],
  dict: [
    'start? **more',
    (_, start, more) => makeDict([...(start === undefined ? [] : pairsOf(start)), ...(more as Map<string, Py>)]),
  ],
  joiner: ['sep?', (_, separator) => joiner(str(separator ?? ', '))],
  lipsum: ['*args **options', () => lipsum()],
  lookup: ['name *terms **options', (runtime, name, terms, options) => lookup(runtime, [name, terms, options], false)],
  namespace: ['start? **more', (_, start, more) => namespace(start, more as Map<string, Py>)],
  now: ['utc? fmt?', (runtime, utc, format) => now(runtime, truth(utc ?? false), format)],
  q: ['name *terms **options', (runtime, name, terms, options) => lookup(runtime, [name, terms, options], true)],
  query: ['name *terms **options', (runtime, name, terms, options) => lookup(runtime, [name, terms, options], true)],
  range: ['start stop? step?', (_, ...bounds) => range(bounds)],
  undef: [
    'hint?',
    (_, hint) => new Undefined(typeof hint === 'string' && hint ? hint : 'Mandatory variable has not been overridden'),
  ],
};

function lipsum(): never {
  throw new Fault('lipsum() is not known here: it makes text by chance');
}

function lookup(runtime: Runtime, [name, terms, options]: readonly Py[], wantList: boolean): Py {
  return runLookup(runtime, { name, terms: terms as Py[], options: options as Map<string, Py>, wantList });
}

/** The time of this machine, as a date or as text. */
function now(runtime: Runtime, utc: boolean, format: Py): Py {
  const clock = clockOf(host(runtime, 'now()').now() * 1000, utc);
  return format === undefined || format === null || format === ''
    ? new DateTime(clock.micros)
    : formatTime(str(format), clock);
}

/** Longer ranges are a slip. */
const LONGEST = 10_000_000;

function range(bounds: readonly Py[]): number[] {
  const [first, second, third] = bounds.map((bound) => {
    if (bound instanceof Undefined) return bound.fail();
    if (bound === undefined || isInt(bound) || typeof bound === 'boolean')
      return bound === undefined ? undefined : toNumber(bound);
    throw new Fault(`'${typeName(bound)}' object cannot be interpreted as an integer`);
  });
  const [start, stop, step] = second === undefined ? [0, first ?? 0, 1] : [first ?? 0, second, third ?? 1];
  if (step === 0) throw new Fault('range() arg 3 must not be zero');
  const length = Math.max(0, Math.ceil((stop - start) / step));
  if (length > LONGEST) throw new Fault(`range() would have ${length} items`);
  return Array.from({ length }, (_, index) => start + index * step);
}

function namespace(start: Py, more: ReadonlyMap<string, Py>): Namespace {
  const made = new Namespace();
  if (start !== undefined) for (const [key, value] of pairsOf(start)) made.values.set(str(key), value);
  for (const [key, value] of more) made.values.set(key, value);
  return made;
}

function cycler(items: Py): Structure {
  const all = iterate(items);
  if (all.length === 0) throw new Fault('cycler wants at least one item');
  let index = 0;
  const next = new Callable('next', () => all[index++ % all.length]);
  const reset = new Callable('reset', () => {
    index = 0;
    return null;
  });
  return new Structure('Cycler', (name) => {
    if (name === 'next') return next;
    if (name === 'reset') return reset;
    return name === 'current' ? all[index % all.length] : undefined;
  });
}

function joiner(separator: string): Callable {
  let used = false;
  return new Callable('joiner', () => {
    const text = used ? separator : '';
    used = true;
    return text;
  });
}
