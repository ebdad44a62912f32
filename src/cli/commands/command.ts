import type { Io } from '../io.ts';
import type { OptionRow } from '../options.ts';

/** What a command is given: its options after command line, environment, file and defaults, and the words that are left. */
export interface Invocation {
  readonly io: Io;
  // biome-ignore lint/suspicious/noExplicitAny: each command narrows this to the options that it declares.
  readonly options: any;
  readonly words: readonly string[];
  /** Words after `--`; undefined where there was none. */
  readonly after: readonly string[] | undefined;
}

export interface Command {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
  readonly options: Readonly<Record<string, OptionRow>>;
  readonly examples: readonly (readonly [string, string])[];
  load(): Promise<(invocation: Invocation) => Promise<number>>;
}

/** The command line cannot be understood: said in one line on stderr, exit status 64. */
export class UsageError extends Error {
  readonly hint?: string;
  constructor(message: string, hint?: string) {
    super(message);
    this.name = 'UsageError';
    if (hint !== undefined) this.hint = hint;
  }
}
