import type { OptionRow } from './options.ts';
import type { ParsedLine } from './parse.ts';

type Rows = Readonly<Record<string, OptionRow>>;

/**
 * Reads a command line that leaves no room for doubt: whole names of options, each value beside its option, numbers in
 * digits. Undefined for all else, which goes to yargs: its loading alone costs more than the start of Node.
 */
export function plainLine(rows: Rows, argv: readonly string[]): ParsedLine | undefined {
  const end = argv.indexOf('--');
  const left = [...(end < 0 ? argv : argv.slice(0, end))];
  const given: Record<string, unknown> = {};
  const words: string[] = [];
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    if (word === '' || /^-+$/.test(word)) return undefined;
    if (word.startsWith('-')) {
      if (!take(given, rows, word, left)) return undefined;
    } else words.push(word);
  }
  // yargs takes a last word `help` for --help.
  if (words.at(-1) === 'help' || (end >= 0 && end === argv.length - 1)) return undefined;
  return { given, words, after: end < 0 ? undefined : argv.slice(end + 1) };
}

/** False: not plain. */
function take(given: Record<string, unknown>, rows: Rows, word: string, left: string[]): boolean {
  const [, long, , joined] = /^--([a-z][a-z-]+)(=([\s\S]*))?$/.exec(word) ?? [];
  const name = long ?? byAlias(rows, word) ?? '';
  const row = Object.hasOwn(rows, name) ? rows[name] : undefined;
  if (!row) return false;
  const isSwitch = row.type === 'boolean' || row.type === 'count';
  const value = isSwitch ? switched(joined, left[0]) : valueFrom(row, joined ?? left.shift());
  if (value === undefined) return false;
  const before = given[name];
  if (row.type === 'count') given[name] = Number(before ?? 0) + 1;
  else given[name] = row.type === 'array' ? [...((before as string[] | undefined) ?? []), value] : value;
  return true;
}

/** yargs takes a word `true` behind a switch for its value. */
function switched(joined: string | undefined, next: string | undefined): true | undefined {
  return joined !== undefined || next === 'true' || next === 'false' ? undefined : true;
}

/** A value in quotes, or one that looks like an option, is read by yargs in its own way. */
function valueFrom({ type, choices }: OptionRow, value: string | undefined): string | number | undefined {
  if (value === undefined || value === '' || /^[-'"]/.test(value)) return undefined;
  if (choices && !choices.includes(value)) return undefined;
  if (type !== 'number') return value;
  return /^\d{1,9}$/.test(value) ? Number(value) : undefined;
}

/** `-i`; letters that stand together are not plain. */
function byAlias(rows: Rows, word: string): string | undefined {
  if (!/^-[A-Za-z]$/.test(word)) return undefined;
  return Object.entries(rows).find(([, row]) => row.alias === word.slice(1))?.[0];
}
