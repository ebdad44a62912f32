import type { Runtime } from './runtime.ts';
import { Fault, type Py, Undefined } from './values.ts';

/** The names of one scope (loop body, macro, `with`), over those around it. */
export class Frame {
  readonly runtime: Runtime;
  readonly vars = new Map<string, Py>();
  readonly #parent: Frame | undefined;
  /** An imported template sees the functions, but not the variables. */
  readonly #isolated: boolean;

  constructor(runtime: Runtime, parent?: Frame, isolated = false) {
    this.runtime = runtime;
    this.#parent = parent;
    this.#isolated = isolated;
  }

  child(): Frame {
    return new Frame(this.runtime, this, this.#isolated);
  }

  /** The value of a name: of this scope, of those around it, of the outside, of the built-in functions. */
  resolve(name: string): Py {
    for (let frame: Frame | undefined = this; frame; frame = frame.#parent) {
      const value = frame.vars.get(name);
      if (value !== undefined) return value;
    }
    const value = this.#isolated ? undefined : this.runtime.resolve(name);
    if (value !== undefined) return value;
    return this.runtime.services.globals.get(name) ?? new Undefined(`'${name}' is undefined`, name);
  }
}

/** More calls than this under way: a macro or loop that never ends. */
const DEEPEST = 150;

/** Runs a macro or recursive loop, one level deeper. */
export function deeper<T>(runtime: Runtime, run: () => T): T {
  if (runtime.depth >= DEEPEST) throw new Fault('macros or recursive loops are nested too deeply');
  runtime.depth++;
  const value = run();
  runtime.depth--;
  return value;
}
