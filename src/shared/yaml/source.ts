import type { LineCounter } from 'yaml';
import type { Position, Problem } from '../problem.ts';

/** A text being read: turns offsets into positions and problems. */
export interface Source {
  readonly text: string;
  positionOf(offset: number): Position;
  problemAt(offset: number, message: string, hint?: string): Problem;
  warningAt(offset: number, message: string): Problem;
}

/** `counter` must be the one that the parser fills. */
export function makeSource(text: string, file: string, counter: LineCounter): Source {
  const positionOf = (offset: number): Position => {
    const { line, col } = counter.linePos(Math.min(offset, text.length));
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const problem = (offset: number, message: string, level: Problem['level']): Problem => ({
    message,
    at: positionOf(offset),
    source: lineAround(text, Math.min(offset, text.length)),
    level,
  });
  return {
    text,
    positionOf,
    problemAt: (offset, message, hint) => ({ ...problem(offset, message, 'error'), ...(hint ? { hint } : {}) }),
    warningAt: (offset, message) => problem(offset, message, 'warning'),
  };
}

/** The line that holds an offset, without its end. */
export function lineAround(text: string, offset: number): string {
  const start = offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', start);
  return text.slice(start, end === -1 ? text.length : end).replace(/\r$/, '');
}
