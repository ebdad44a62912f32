/** A place in an input file. Line and column count from 1; the column counts UTF-16 units. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Something wrong in an input (playbook, inventory, configuration). All of them are collected before anything is dialled. */
export interface Problem {
  readonly message: string;
  /** Absent only where the input has no file (a command-line value). */
  readonly at?: Position;
  /** The source line, for the caret. */
  readonly source?: string;
  /** What to write instead: the near name, the right spelling. */
  readonly hint?: string;
  /** `warning` never stops a run. */
  readonly level: 'error' | 'warning';
}

/** `file:line:column: problem`, the source line and a caret, the hint. */
export function renderProblem(problem: Problem): string {
  const { at, source, hint } = problem;
  const where = at ? `${at.file}:${at.line}:${at.column}: ` : '';
  const lines = [`${where}${problem.level === 'warning' ? 'warning: ' : ''}${problem.message}`];
  if (at && source !== undefined) {
    lines.push(`  ${source.replaceAll('\t', ' ')}`, `  ${' '.repeat(Math.max(0, at.column - 1))}^`);
  }
  if (hint) lines.push(`  ${hint}`);
  return lines.join('\n');
}

/** The candidate that differs least from `name`, if it is near enough to be a slip of the hand. */
export function nearName(name: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(name, candidate, least);
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** Levenshtein distance, given up (returning `limit`) once it cannot be below `limit`. */
function editDistance(from: string, to: string, limit: number): number {
  if (Math.abs(from.length - to.length) >= limit) return limit;
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const swap = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(swap, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return Math.min(limit, previous[to.length] ?? limit);
}
