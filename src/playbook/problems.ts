import type { Position, Problem } from '../shared/problem.ts';

/** Where the compiler puts everything that is wrong, with the source line at hand. */
export interface Problems {
  error(message: string, at: Position | undefined, hint?: string): void;
  warning(message: string, at: Position | undefined, hint?: string): void;
  add(problem: Problem): void;
  readonly all: readonly Problem[];
}

/** `lineOf` gives the text of a line of a file that was read. The same problem at the same place is kept once. */
export function makeProblems(lineOf: (at: Position) => string | undefined): Problems {
  const all: Problem[] = [];
  const seen = new Set<string>();
  const add = (problem: Problem): void => {
    const key = JSON.stringify([problem.at, problem.message]);
    if (seen.has(key)) return;
    seen.add(key);
    all.push(problem);
  };
  const put = (level: Problem['level']) => (message: string, at: Position | undefined, hint?: string) => {
    const source = at ? lineOf(at) : undefined;
    add({
      message,
      level,
      ...(at ? { at } : {}),
      ...(source === undefined ? {} : { source }),
      ...(hint ? { hint } : {}),
    });
  };
  return { error: put('error'), warning: put('warning'), add, all };
}
