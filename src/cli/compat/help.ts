import type { OptionSpec } from './option-parser.ts';

const INDENT = 2;
const WIDEST_NAMES = 24;

export interface HelpText {
  readonly usage: string;
  readonly epilog: string;
  readonly options: readonly OptionSpec[];
}

/** The text of `--help` as Python's optparse lays it out for a terminal that wide. */
export function formatHelp({ usage, epilog, options }: HelpText, columns: number): string {
  const width = Math.max(columns - 2, 30);
  const names = options.map(optionNames);
  const column = Math.min(Math.max(...names.map((name) => name.length)) + 2 * INDENT, WIDEST_NAMES);
  const rows = options.flatMap((option, at) => optionRows(names[at] ?? '', option.help, { column, width }));
  return [`Usage: ${usage}`, '', 'Options:', ...rows, '', ...wrap(epilog, width), ''].join('\n');
}

function optionNames({ names, action, dest, metavar }: OptionSpec): string {
  if (!['store', 'append', 'words'].includes(action)) return names.join(', ');
  const value = metavar ?? dest.toUpperCase();
  return names.map((name) => (name.startsWith('--') ? `${name}=${value}` : `${name} ${value}`)).join(', ');
}

function optionRows(names: string, help: string, { column, width }: { column: number; width: number }): string[] {
  const lines = wrap(help, Math.max(width - column, 11));
  const room = column - 2 * INDENT;
  const [first = '', ...rest] = lines;
  const pad = ' '.repeat(column);
  const head =
    names.length > room
      ? [`${' '.repeat(INDENT)}${names}`, `${pad}${first}`]
      : [`${' '.repeat(INDENT)}${names.padEnd(room)}  ${first}`];
  return [...head, ...rest.map((line) => `${pad}${line}`)];
}

/** Python's `textwrap.wrap`: at blanks, and behind a hyphen between letters. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const chunk of text.match(/\s+|(?:[^\s-]|-(?!\p{L})|(?<!\p{L})-)+(?:-(?=\p{L}))?|-/gu) ?? []) {
    if (line === '' && /^\s/.test(chunk)) continue;
    if ((line + chunk).length > width && line !== '') {
      lines.push(line.trimEnd());
      line = '';
    }
    if (line !== '' || !/^\s/.test(chunk)) line += chunk;
  }
  if (line.trim() !== '') lines.push(line.trimEnd());
  return lines;
}
