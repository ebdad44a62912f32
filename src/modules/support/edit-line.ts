import type { Edited } from './edit-file.ts';

/** A compiled Python regular expression over bytes, as far as lines are concerned. */
export interface LinePattern {
  search(text: string): { readonly index: number; readonly end: number; expand(template: string): string } | undefined;
}

export interface PresentLine {
  readonly line: string;
  readonly regexp?: LinePattern | undefined;
  readonly searchString?: string | undefined;
  /** `EOF` and `BOF` stand for themselves. */
  readonly insertAfter?: LinePattern | 'EOF' | 'BOF' | undefined;
  readonly insertBefore?: LinePattern | 'BOF' | undefined;
  readonly backrefs: boolean;
  readonly firstMatch: boolean;
}

/** The text with the line in it, by the rules of `lineinfile` (ansible.builtin.lineinfile, state present). */
export function withLine(text: string, wanted: PresentLine): Edited {
  const lines = splitLines(text);
  const found = findMatch(lines, wanted);
  const place = found ? undefined : findPlace(lines, wanted);
  if (found)
    return replaced(lines, found.index, wanted.backrefs && found.expand ? found.expand(wanted.line) : wanted.line);
  if (place?.exact !== undefined) return replaced(lines, place.exact, wanted.line);
  if (wanted.backrefs) return unchanged(text);
  return inserted(lines, place?.insert, wanted);
}

/** The text without the lines that match (state absent), and how many went. */
export function withoutLines(text: string, matches: (line: string) => boolean): Edited & { readonly found: number } {
  const lines = splitLines(text);
  const kept = lines.filter((line) => !matches(line));
  const found = lines.length - kept.length;
  return { text: kept.join(''), message: found > 0 ? `${found} line(s) removed` : '', found };
}

/** Lines with their newlines; only `\n` ends one, as Python reads a binary file. */
function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** A line without `\r` and `\n` at its end. */
export function bare(line: string): string {
  return line.replace(/[\r\n]+$/, '');
}

interface Found {
  readonly index: number;
  readonly expand?: (template: string) => string;
}

function findMatch(lines: readonly string[], { regexp, searchString, firstMatch }: PresentLine): Found | undefined {
  let last: Found | undefined;
  for (const [index, line] of lines.entries()) {
    const match = regexp?.search(line);
    if (match) last = { index, expand: (template) => match.expand(template) };
    else if (searchString !== undefined && line.includes(searchString)) last = { index };
    else continue;
    if (firstMatch) return last;
  }
  return last;
}

/** Where the line already stands by itself, and where it would be inserted. */
function findPlace(
  lines: readonly string[],
  wanted: PresentLine,
): { readonly exact?: number; readonly insert?: number } {
  const anchor = anchorOf(wanted);
  const step = wanted.insertAfter === undefined ? 0 : 1;
  let exact: number | undefined;
  let insert: number | undefined;
  for (const [index, line] of lines.entries()) {
    if (bare(line) === wanted.line) exact = index;
    else if (anchor?.search(line)) {
      insert = index + step;
      if (wanted.firstMatch) break;
    }
  }
  return { ...(exact === undefined ? {} : { exact }), ...(insert === undefined ? {} : { insert }) };
}

function anchorOf({ insertAfter, insertBefore }: PresentLine): LinePattern | undefined {
  const anchor = insertAfter === undefined || typeof insertAfter === 'string' ? insertBefore : insertAfter;
  return typeof anchor === 'string' ? undefined : anchor;
}

function replaced(lines: readonly string[], index: number, line: string): Edited {
  const ended = line.endsWith('\n') ? line : `${line}\n`;
  if (lines[index] === ended) return unchanged(lines.join(''));
  return { text: lines.with(index, ended).join(''), message: 'line replaced' };
}

function inserted(lines: readonly string[], insert: number | undefined, wanted: PresentLine): Edited {
  const { line, insertAfter, insertBefore } = wanted;
  const ended = `${line}\n`;
  if (insertBefore === 'BOF' || insertAfter === 'BOF') return added([ended, ...lines]);
  if (insertAfter === 'EOF' || insert === undefined) return added([...closed(lines), ended]);
  if (insertAfter !== undefined) {
    const neighbour = lines[insert === lines.length ? insert - 1 : insert] ?? '';
    if (bare(neighbour) === line) return unchanged(lines.join(''));
  }
  const before = lines.slice(0, insert);
  return added([...(insert === lines.length ? closed(before) : before), ended, ...lines.slice(insert)]);
}

/** The lines, the last one ended. */
function closed(lines: readonly string[]): readonly string[] {
  const last = lines.at(-1);
  return last === undefined || /[\r\n]$/.test(last) ? lines : [...lines, '\n'];
}

function added(lines: readonly string[]): Edited {
  return { text: lines.join(''), message: 'line added' };
}

function unchanged(text: string): Edited {
  return { text, message: '' };
}
