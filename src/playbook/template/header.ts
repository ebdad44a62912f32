import { parseLiteral } from './runtime/python-literal.ts';
import type { Delimiters } from './syntax/lexer.ts';
import { SyntaxFault } from './syntax/token.ts';

const HEADER = '#jinja2:';

const OPTIONS: Readonly<Record<string, keyof Delimiters>> = {
  block_start_string: 'blockStart',
  block_end_string: 'blockEnd',
  variable_start_string: 'variableStart',
  variable_end_string: 'variableEnd',
  comment_start_string: 'commentStart',
  comment_end_string: 'commentEnd',
  trim_blocks: 'trimBlocks',
  lstrip_blocks: 'lstripBlocks',
  newline_sequence: 'newlineSequence',
  keep_trailing_newline: 'keepTrailingNewline',
};

/**
 * A text without its first line `#jinja2: lstrip_blocks: True, …`, and what that line sets (Ansible's template module).
 * @throws SyntaxFault for an option that is not known, or a value that is no Python literal.
 */
export function applyHeader(
  text: string,
  usual: Delimiters,
): { readonly body: string; readonly delimiters: Delimiters } {
  if (!text.startsWith(HEADER)) return { body: text, delimiters: usual };
  const end = text.indexOf('\n');
  const line = end < 0 ? text : text.slice(0, end);
  const set: Record<string, unknown> = {};
  for (const pair of line.slice(HEADER.length).split(',')) {
    const colon = pair.indexOf(':');
    if (colon < 0) throw new SyntaxFault(`'${pair.trim()}' in the #jinja2 line is not of the form option: value`, 0);
    const name = pair.slice(0, colon).trim();
    const option = Object.hasOwn(OPTIONS, name) ? OPTIONS[name] : undefined;
    if (!option) throw new SyntaxFault(`the #jinja2 line has an unknown option '${pair.slice(0, colon).trim()}'`, 0);
    set[option] = optionValue(option, pair.slice(colon + 1).trim());
  }
  return { body: end < 0 ? '' : text.slice(end + 1), delimiters: { ...usual, ...set } };
}

function optionValue(option: keyof Delimiters, text: string): unknown {
  const value = parseLiteral(text);
  const wanted = option.endsWith('Blocks') || option === 'keepTrailingNewline' ? 'boolean' : 'string';
  if (typeof value === wanted) return value;
  throw new SyntaxFault(`the value ${text} in the #jinja2 line is no Python ${wanted}`, 0);
}
