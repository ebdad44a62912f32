import { formatBraces } from './brace-format.ts';
import { iterate } from './compare.ts';
import type { Methods } from './method.ts';
import { codePoints, isPrintable, textLength } from './text.ts';
import { Fault, isNumber, type Py, Tuple, toNumber, typeName, Undefined } from './values.ts';

/** Methods of Python's str. Lengths and indexes count code points. */
export const stringMethods: Methods<string> = {
  capitalize: ['', capitalized],
  casefold: ['', (text) => text.toLowerCase()],
  center: ['width fill?', (text, width, fill) => centered(text, toNumber(width), fillOf(fill))],
  count: ['part', (text, part) => counted(text, wantText(part))],
  encode: ['encoding? errors?', (text) => text],
  endswith: ['suffix', (text, suffix) => choices(suffix).some((one) => text.endsWith(one))],
  expandtabs: ['size?', (text, size) => text.replaceAll('\t', ' '.repeat(toNumber(size ?? 8)))],
  find: ['part start?', (text, part, start) => found(text, part, start)],
  format: ['*values **named', (text, values, named) => formatBraces(text, values as Py[], named as Map<string, Py>)],
  index: ['part start?', (text, part, start) => foundOrFail(text, part, start)],
  isalnum: ['', (text) => /^[\p{L}\p{N}]+$/u.test(text)],
  isalpha: ['', (text) => /^\p{L}+$/u.test(text)],
  isascii: ['', (text) => /^[\0-\x7f]*$/.test(text)],
  isdecimal: ['', (text) => /^\p{Nd}+$/u.test(text)],
  isdigit: ['', (text) => /^[\p{Nd}²³¹⁰⁴-⁹₀-₉]+$/u.test(text)],
  isidentifier: ['', (text) => /^[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}_]*$/u.test(text)],
  islower: ['', (text) => isCase(text, 'lower')],
  isnumeric: ['', (text) => /^\p{N}+$/u.test(text)],
  isprintable: ['', (text) => [...text].every(isPrintable)],
  isspace: ['', (text) => text !== '' && stripped(text, undefined, 'both') === ''],
  istitle: ['', (text) => /\p{L}/u.test(text) && titled(text) === text],
  isupper: ['', (text) => isCase(text, 'upper')],
  join: ['items', joined],
  ljust: ['width fill?', (text, width, fill) => text + fillOf(fill).repeat(room(text, width))],
  lower: ['', (text) => text.toLowerCase()],
  lstrip: ['chars?', (text, chars) => stripped(text, chars, 'left')],
  partition: [
    'separator',
    (text, separator) => partitioned(text, wantText(separator), text.indexOf(wantText(separator))),
  ],
  removeprefix: [
    'prefix',
    (text, prefix) => (text.startsWith(wantText(prefix)) ? text.slice(wantText(prefix).length) : text),
  ],
  removesuffix: ['suffix', (text, suffix) => withoutSuffix(text, wantText(suffix))],
  replace: ['old new count?', (text, old, by, count) => replaced(text, wantText(old), { by: wantText(by), count })],
  rfind: [
    'part',
    (text, part) =>
      textLength(text.slice(0, Math.max(0, text.lastIndexOf(wantText(part))))) -
      (text.includes(wantText(part)) ? 0 : 1),
  ],
  rindex: ['part', lastIndex],
  rjust: ['width fill?', (text, width, fill) => fillOf(fill).repeat(room(text, width)) + text],
  rpartition: ['separator', rpartitioned],
  rsplit: ['separator? maxsplit?', (text, separator, limit) => split(text, separator, limitOf(limit), true)],
  rstrip: ['chars?', (text, chars) => stripped(text, chars, 'right')],
  split: ['separator? maxsplit?', (text, separator, limit) => split(text, separator, limitOf(limit), false)],
  splitlines: ['keepends?', (text, keep) => splitLines(text, keep === true)],
  startswith: ['prefix', (text, prefix) => choices(prefix).some((one) => text.startsWith(one))],
  strip: ['chars?', (text, chars) => stripped(text, chars, 'both')],
  swapcase: [
    '',
    (text) => [...text].map((char) => (char === char.toLowerCase() ? char.toUpperCase() : char.toLowerCase())).join(''),
  ],
  title: ['', titled],
  upper: ['', (text) => text.toUpperCase()],
  zfill: ['width', zeroFilled],
};

function wantText(value: Py): string {
  if (value instanceof Undefined) return value.fail();
  if (typeof value === 'string') return value;
  throw new Fault(`a string is wanted, not ${typeName(value)}`);
}

function choices(value: Py): string[] {
  return value instanceof Tuple ? value.items.map(wantText) : [wantText(value)];
}

function fillOf(fill: Py): string {
  return fill === undefined ? ' ' : wantText(fill);
}

function room(text: string, width: Py): number {
  return Math.max(0, toNumber(width) - textLength(text));
}

function limitOf(limit: Py): number {
  if (limit === undefined || limit === null) return -1;
  if (!isNumber(limit)) throw new Fault(`maxsplit must be an int, not ${typeName(limit)}`);
  return toNumber(limit);
}

/** `str.capitalize`: first character upper case, the rest lower case. */
export function capitalized(text: string): string {
  const [first = '', ...rest] = codePoints(text);
  return first.toUpperCase() + rest.join('').toLowerCase();
}

/** `str.title`: each run of letters begins with upper case. */
function titled(text: string): string {
  return text.replace(/\p{L}+/gu, (word) => capitalized(word));
}

function isCase(text: string, which: 'lower' | 'upper'): boolean {
  const same = which === 'lower' ? text.toLowerCase() : text.toUpperCase();
  return text === same && text.toLowerCase() !== text.toUpperCase();
}

/** `str.center`: where the blanks are odd, CPython puts the odd one left only if the width is odd too. */
export function centered(text: string, width: number, fill = ' '): string {
  const missing = width - textLength(text);
  if (missing <= 0) return text;
  const left = Math.floor(missing / 2) + (missing & width & 1);
  return fill.repeat(left) + text + fill.repeat(missing - left);
}

function counted(text: string, part: string): number {
  return part === '' ? textLength(text) + 1 : text.split(part).length - 1;
}

function found(text: string, part: Py, start: Py): number {
  const chars = codePoints(text);
  const from = start === undefined ? 0 : toNumber(start);
  const skipped = chars.slice(0, from < 0 ? Math.max(0, chars.length + from) : from).join('');
  const index = text.indexOf(wantText(part), skipped.length);
  return index < 0 ? -1 : textLength(text.slice(0, index));
}

function foundOrFail(text: string, part: Py, start: Py): number {
  const index = found(text, part, start);
  if (index < 0) throw new Fault('substring not found');
  return index;
}

function lastIndex(text: string, part: Py): number {
  const index = text.lastIndexOf(wantText(part));
  if (index < 0) throw new Fault('substring not found');
  return textLength(text.slice(0, index));
}

function joined(text: string, items: Py): string {
  const parts = iterate(items).map((item, index) => {
    if (item instanceof Undefined) return item.fail();
    if (typeof item !== 'string')
      throw new Fault(`sequence item ${index}: expected str instance, ${typeName(item)} found`);
    return item;
  });
  return parts.join(text);
}

/** Python's white space for `strip` and `split` (`str.isspace`). */
const SPACE = '\\s\\x1c-\\x1f\\x85';
const LEFT = new RegExp(`^[${SPACE}]+`);
const RIGHT = new RegExp(`[${SPACE}]+$`);
const BLANKS = new RegExp(`[${SPACE}]+`, 'g');

/** `strip`, `lstrip`, `rstrip`: white space, or any of the given characters. */
export function stripped(text: string, chars: Py, side: 'left' | 'right' | 'both'): string {
  if (chars === undefined || chars === null) {
    const left = side === 'right' ? text : text.replace(LEFT, '');
    return side === 'left' ? left : left.replace(RIGHT, '');
  }
  const set = new Set(codePoints(wantText(chars)));
  const all = codePoints(text);
  const from = side === 'right' ? 0 : all.findIndex((char) => !set.has(char));
  const to = side === 'left' ? all.length : all.findLastIndex((char) => !set.has(char)) + 1;
  return from < 0 ? '' : all.slice(from, to).join('');
}

function withoutSuffix(text: string, suffix: string): string {
  return suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text;
}

/** `str.replace`; a negative count is all. */
export function replaced(text: string, old: string, how: { readonly by: string; readonly count: Py }): string {
  const limit = how.count === undefined || how.count === null ? -1 : toNumber(how.count);
  const parts = old === '' ? ['', ...codePoints(text), ''] : text.split(old);
  if (limit < 0 || parts.length - 1 <= limit) return parts.join(how.by);
  return [...parts.slice(0, limit), parts.slice(limit).join(old)].join(how.by);
}

function partitioned(text: string, separator: string, index: number): Tuple {
  if (separator === '') throw new Fault('empty separator');
  if (index < 0) return new Tuple([text, '', '']);
  return new Tuple([text.slice(0, index), separator, text.slice(index + separator.length)]);
}

function rpartitioned(text: string, separatorValue: Py): Tuple {
  const separator = wantText(separatorValue);
  const index = text.lastIndexOf(separator);
  return index < 0 && separator !== '' ? new Tuple(['', '', text]) : partitioned(text, separator, index);
}

/** `str.split` and `str.rsplit`. */
export function split(text: string, separator: Py, limit: number, fromRight: boolean): string[] {
  const byBlanks = separator === undefined || separator === null;
  if (!byBlanks && wantText(separator) === '') throw new Fault('empty separator');
  if (byBlanks) return splitBlanks(text, limit, fromRight);
  const parts = text.split(wantText(separator));
  if (limit < 0 || parts.length <= limit + 1) return parts;
  const glue = wantText(separator);
  if (fromRight) return [parts.slice(0, parts.length - limit).join(glue), ...parts.slice(parts.length - limit)];
  return [...parts.slice(0, limit), parts.slice(limit).join(glue)];
}

function splitBlanks(text: string, limit: number, fromRight: boolean): string[] {
  const trimmed = stripped(text, undefined, 'both');
  if (trimmed === '') return [];
  const gaps = [...trimmed.matchAll(BLANKS)];
  const used =
    limit < 0 || gaps.length <= limit ? gaps : fromRight ? gaps.slice(gaps.length - limit) : gaps.slice(0, limit);
  const parts: string[] = [];
  let from = 0;
  for (const gap of used) {
    parts.push(trimmed.slice(from, gap.index));
    from = gap.index + gap[0].length;
  }
  // Python keeps the white space at the far end of what it does not split.
  const limited = used.length < gaps.length || limit === 0;
  parts.push(limited && !fromRight ? text.slice(text.indexOf(trimmed) + from) : trimmed.slice(from));
  if (limited && fromRight) parts[0] = text.slice(0, text.indexOf(trimmed)) + parts[0];
  return parts;
}

const LINE_ENDS = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/g;

/** `str.splitlines`: at every line boundary that Unicode knows; the last line need not end. */
export function splitLines(text: string, keep = false): string[] {
  const lines: string[] = [];
  let from = 0;
  for (const end of text.matchAll(LINE_ENDS)) {
    lines.push(text.slice(from, keep ? end.index + end[0].length : end.index));
    from = end.index + end[0].length;
  }
  if (from < text.length) lines.push(text.slice(from));
  return lines;
}

function zeroFilled(text: string, width: Py): string {
  const sign = /^[-+]/.exec(text)?.[0] ?? '';
  return sign + '0'.repeat(room(text, width)) + text.slice(sign.length);
}
