import type { Diff } from '../model/change.ts';
import type { DiffText } from '../model/event.ts';
import { lineDiff } from '../shared/line-diff.ts';

/** Characters on one side beyond which a diff is summarised, not shown. */
const LARGEST = 256 * 1024;

/** A unified diff without the `---` and `+++` lines. Binary and very large texts are named by size. */
export function diffText(diff: Diff): DiffText {
  const header = diff.afterHeader ?? diff.beforeHeader ?? '';
  if (diff.before === diff.after) return { header, lines: [] };
  const why = notShown(diff);
  if (why) return { header, lines: [`${why}: ${sizeOf(diff.before)} before, ${sizeOf(diff.after)} after`] };
  const before = linesOf(diff.before);
  const after = linesOf(diff.after);
  return { header, lines: lineDiff(before, after) };
}

function notShown(diff: Diff): string | undefined {
  if (diff.before.includes('\0') || diff.after.includes('\0')) return 'binary content';
  return Math.max(diff.before.length, diff.after.length) > LARGEST ? 'content too large to show' : undefined;
}

function sizeOf(text: string): string {
  return `${Buffer.byteLength(text)} bytes`;
}

const NO_NEWLINE = '\\ No newline at end of file';

/** A last line without its newline carries a mark, so that `a` and `a\n` differ as they do for diff(1). */
function linesOf(text: string): string[] {
  if (text === '') return [];
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  else lines[lines.length - 1] = `${lines.at(-1)}\n${NO_NEWLINE}`;
  return lines;
}
