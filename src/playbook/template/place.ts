import type { Position } from '../../shared/problem.ts';

/** Where an offset of a template's text is in the file that the text came from; undefined where that is not known. */
export function place(
  unit: { readonly source: string; readonly at?: Position; readonly headerLines?: number },
  offset: number,
): Position | undefined {
  const { at, source, headerLines = 0 } = unit;
  if (!at) return undefined;
  const before = source.slice(0, offset);
  const lines = before.split('\n').length - 1 + headerLines;
  const column = offset - (before.lastIndexOf('\n') + 1);
  return { file: at.file, line: at.line + lines, column: lines === 0 ? at.column + column : column + 1 };
}
