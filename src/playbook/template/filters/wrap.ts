import { truth } from '../runtime/compare.ts';
import { splitLines } from '../runtime/string-methods.ts';
import { codePoints, str } from '../runtime/text.ts';
import { Fault, type Py, toNumber } from '../runtime/values.ts';

/** Jinja's `truncate`: at a word, unless `killwords`; a little over the length is let be. */
export function truncated(text: string, [length, killwords, end, leeway]: readonly Py[]): string {
  const limit = toNumber(length ?? 255);
  const suffix = str(end ?? '...');
  const slack = leeway === undefined || leeway === null ? 5 : toNumber(leeway);
  const chars = codePoints(text);
  const room = limit - codePoints(suffix).length;
  if (room < 0) throw new Fault(`truncate wants a length of at least ${codePoints(suffix).length}`);
  if (chars.length <= limit + slack) return text;
  const cut = chars.slice(0, room).join('');
  if (truth(killwords ?? false)) return cut + suffix;
  const space = cut.lastIndexOf(' ');
  return (space < 0 ? cut : cut.slice(0, space)) + suffix;
}

/** Jinja's `wordwrap`: each line is a paragraph of its own (`textwrap.wrap` with its white space kept). */
export function wrapped(text: string, [width, breakLong, wrapString, onHyphens]: readonly Py[]): string {
  const glue = wrapString === undefined || wrapString === null ? '\n' : str(wrapString);
  const how = {
    width: toNumber(width ?? 79),
    breakLong: truth(breakLong ?? true),
    onHyphens: truth(onHyphens ?? true),
  };
  if (how.width <= 0) throw new Fault('wordwrap wants a width above 0');
  return splitLines(text)
    .map((line) => wrapLine(line, how).join(glue))
    .join(glue);
}

interface How {
  readonly width: number;
  readonly breakLong: boolean;
  readonly onHyphens: boolean;
}

function wrapLine(line: string, how: How): string[] {
  const chunks = chunksOf(line, how.onHyphens).reverse();
  const lines: string[] = [];
  while (chunks.length > 0) {
    if (lines.length > 0 && chunks.at(-1)?.trim() === '') chunks.pop();
    const current = fill(chunks, how);
    if (current.at(-1)?.trim() === '') current.pop();
    if (current.length > 0) lines.push(current.join(''));
  }
  return lines;
}

/** Takes as many chunks as fit; one that fits nowhere is broken, or stands alone. */
function fill(chunks: string[], { width, breakLong }: How): string[] {
  const current: string[] = [];
  let used = 0;
  for (let next = chunks.at(-1); next !== undefined && used + next.length <= width; next = chunks.at(-1)) {
    current.push(next);
    used += next.length;
    chunks.pop();
  }
  const long = chunks.at(-1);
  if (long === undefined || long.length <= width) return current;
  if (breakLong) {
    const room = Math.max(1, width - used);
    current.push(long.slice(0, room));
    chunks[chunks.length - 1] = long.slice(room);
  } else if (current.length === 0) {
    current.push(long);
    chunks.pop();
  }
  return current;
}

/** Words, the gaps between them, and the parts of hyphenated words, as textwrap takes text apart. */
function chunksOf(line: string, onHyphens: boolean): string[] {
  if (!onHyphens) return line.split(/([\t\n\v\f\r ]+)/).filter(Boolean);
  return line
    .split(
      /([\t\n\v\f\r ]+|(?<=[\w!"'&.,?])-{2,}(?=\w)|[^\t\n\v\f\r ]\S*?(?:-(?:(?<=[^\d\W]{2}-)|(?<=[^\d\W]-[^\d\W]-))(?=[^\d\W]-?[^\d\W])|(?=[\t\n\v\f\r ]|$)|(?<=[\w!"'&.,?])(?=-{2,}\w)))/,
    )
    .filter(Boolean);
}
