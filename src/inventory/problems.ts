import { nearName, type Position, type Problem } from '../shared/problem.ts';

/** A place in the file that is being read. */
export interface Spot {
  readonly line: number;
  readonly column: number;
}

/** A place with its source line, as problems show it. */
export type Place = Pick<Problem, 'at' | 'source'>;

/** Collects what is wrong in one file. */
export interface Reporter {
  readonly file: string;
  at(spot: Spot): Position;
  place(spot: Spot): Place;
  error(spot: Spot | undefined, message: string, hint?: string): void;
  warning(spot: Spot | undefined, message: string, hint?: string): void;
}

/** `text` is where the source lines for the carets come from. */
export function makeReporter(file: string, text: string, problems: Problem[]): Reporter {
  let lines: readonly string[] | undefined;
  const place = (spot: Spot | undefined): Place => {
    lines ??= text.split(/\r\n|\n|\r/);
    const source = spot && lines[spot.line - 1];
    const at = { file, line: spot?.line ?? 1, column: spot?.column ?? 1 };
    return source === undefined ? { at } : { at, source };
  };
  const add = (level: Problem['level'], spot: Spot | undefined, message: string, hint: string | undefined): void => {
    problems.push({ message, ...place(spot), level, ...(hint ? { hint } : {}) });
  };
  return {
    file,
    at: ({ line, column }) => ({ file, line, column }),
    place,
    error: (spot, message, hint) => add('error', spot, message, hint),
    warning: (spot, message, hint) => add('warning', spot, message, hint),
  };
}

/** Near names for the first problems only: searching all names for each of many problems would take its time squared. */
export function makeHinter(candidates: () => Iterable<string>): (name: string) => string | undefined {
  let left = 20;
  return (name) => {
    if (left-- <= 0) return undefined;
    const near = nearName(name, candidates());
    return near === undefined ? undefined : `did you mean ${near}?`;
  };
}

/** What an exception of node:fs or of a program says, without the code and the path that the problem names anyway. */
export function reasonOf(error: unknown): string {
  const code = (error as { code?: unknown }).code;
  if (code === 'EACCES') return 'permission denied';
  if (code === 'ENOENT') return 'no such file or directory';
  if (code === 'ENOEXEC') return 'this is no program (exec format error)';
  return error instanceof Error ? error.message : String(error);
}
