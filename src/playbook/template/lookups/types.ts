import type { Runtime } from '../runtime/runtime.ts';
import type { Py } from '../runtime/values.ts';

export type Options = ReadonlyMap<string, Py>;
/** A lookup: its terms and options to a list. */
export type Lookup = (runtime: Runtime, terms: readonly Py[], options: Options) => readonly Py[];
