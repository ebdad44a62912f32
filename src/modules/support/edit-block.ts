import type { Edited } from './edit-file.ts';
import type { LinePattern } from './edit-line.ts';

export interface WantedBlock {
  /** Lines that stand before and after it, without newlines. */
  readonly begin: string;
  readonly end: string;
  /** Empty: no block. */
  readonly block: string;
  readonly place: BlockPlace;
  readonly appendNewline: boolean;
  readonly prependNewline: boolean;
}

/** Where a block goes that is not there yet. A pattern that nothing matches means the end. */
export type BlockPlace =
  | { readonly at: 'BOF' | 'EOF' }
  | { readonly pattern: LinePattern; readonly side: 'before' | 'after'; readonly multiline: boolean };

/** The text with the block between its markers, by the rules of `blockinfile`; `undefined`: there is no file yet. */
export function withBlock(original: string | undefined, wanted: WantedBlock): Edited {
  const lines = splitLines(original ?? '');
  const begin = `${wanted.begin}\n`;
  const end = `${wanted.end}\n`;
  const block = wanted.block === '' ? [] : [begin, ...splitLines(closed(wanted.block)), end];
  const at = takeOut(lines, begin, end) ?? placeOf(lines, original ?? '', wanted.place);
  const previous = lines[at - 1];
  if (previous !== undefined) lines[at - 1] = closed(previous);
  insert(lines, at, { block, wanted });
  const text = lines.join('');
  return { text, message: messageOf(original, text, block.length > 0) };
}

function messageOf(original: string | undefined, text: string, hasBlock: boolean): string {
  if (original === text) return '';
  if (original === undefined) return 'File created';
  return hasBlock ? 'Block inserted' : 'Block removed';
}

/** Removes the block that is there and tells where it stood; the last markers count. Undefined: there is none. */
function takeOut(lines: string[], begin: string, end: string): number | undefined {
  const first = lines.lastIndexOf(begin);
  const last = lines.lastIndexOf(end);
  if (first < 0 || last < 0) return undefined;
  const from = Math.min(first, last);
  lines.splice(from, Math.abs(last - first) + 1);
  return from;
}

function placeOf(lines: readonly string[], text: string, place: BlockPlace): number {
  if ('at' in place) return place.at === 'BOF' ? 0 : lines.length;
  const found = place.multiline ? lineOfMatch(text, place) : lines.findLastIndex((line) => place.pattern.search(line));
  if (found === undefined || found < 0) return lines.length;
  return place.side === 'after' ? Math.min(found + 1, lines.length) : found;
}

/** With `(?m)` the pattern is looked for in the whole text and may span lines. */
function lineOfMatch(text: string, place: Extract<BlockPlace, { pattern: LinePattern }>): number | undefined {
  const match = place.pattern.search(text);
  if (!match) return undefined;
  return text.slice(0, place.side === 'after' ? match.end : match.index).split('\n').length - 1;
}

interface Insertion {
  readonly block: readonly string[];
  readonly wanted: WantedBlock;
}

function insert(lines: string[], place: number, { block, wanted }: Insertion): void {
  let at = place;
  const blank = wanted.prependNewline && block.length > 0 && at > 0 && lines[at - 1] !== '\n';
  if (blank) lines.splice(at++, 0, '\n');
  lines.splice(at, 0, ...block);
  const next = lines[at + block.length];
  if (wanted.appendNewline && block.length > 0 && next !== undefined && next !== '\n')
    lines.splice(at + block.length, 0, '\n');
}

function closed(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}

/** Lines with their ends, as Python's `bytes.splitlines(True)`: `\r` alone ends one too. */
function splitLines(text: string): string[] {
  return text.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? [];
}
