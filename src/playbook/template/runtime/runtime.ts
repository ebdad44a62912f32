import type { LookupHost } from '../../../model/template.ts';
import type { Position } from '../../../shared/problem.ts';
import type { PythonRegex } from '../../../shared/python-regex/index.ts';

/** What one evaluation carries: where names come from, what the engine offers, and where in the text it is. */
export interface Runtime {
  /** A variable of the outside; JS `undefined`: there is none. */
  resolve(name: string): unknown;
  /** All variables of the outside, for `vars` and near names. */
  names(): Iterable<string>;
  readonly services: Services;
  /** Whether text is made (the `template` module), where None prints as nothing, or values. */
  readonly mode: 'native' | 'text';
  /** The text that is being evaluated (an included file has its own) and the offset in it. */
  unit: Unit;
  offset: number;
  /** Calls of macros and recursive loops under way. */
  depth: number;
  /** Blocks by name, the most derived first; filled by templates that use `extends`. */
  readonly blocks: Map<string, unknown[]>;
}

/** A compiled text: where its offsets count from. */
export interface Unit {
  readonly headerLines?: number;
  readonly source: string;
  readonly at?: Position;
}

/** Arguments of a call as written: `f(1, 2, key=3)`. */
export interface CallArgs {
  readonly positional: readonly unknown[];
  readonly named: ReadonlyMap<string, unknown>;
}

export type BuiltinCall = (runtime: Runtime, args: CallArgs) => unknown;

/** What the engine offers to filters, tests and functions. */
export interface Services {
  readonly host: LookupHost | undefined;
  readonly parseYaml: ((text: string) => unknown) | undefined;
  readonly filters: ReadonlyMap<string, BuiltinCall>;
  readonly tests: ReadonlyMap<string, BuiltinCall>;
  readonly globals: ReadonlyMap<string, unknown>;
  /** Regular expressions that were compiled already. */
  readonly regexes: Map<string, PythonRegex>;
  /** Runs a template file for `include`, `import` and `extends`; undefined: there is no such file. */
  readonly load: ((name: string, from: Position | undefined) => LoadedUnit | undefined) | undefined;
  /** Text that looks like a Python literal is read as one. */
  readonly literals: boolean;
}

/** A compiled template file. `run` is the compiler's. */
export interface LoadedUnit extends Unit {
  readonly run: unknown;
  /** Its text, line ends at the end kept, for `lookup('template', …)`. The frame is the evaluator's. */
  render(frame: unknown): string;
}
