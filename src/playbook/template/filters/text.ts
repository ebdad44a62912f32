import { iterate, truth } from '../runtime/compare.ts';
import { formatPercent } from '../runtime/percent-format.ts';
import { capitalized, centered, replaced, split, splitLines, stripped } from '../runtime/string-methods.ts';
import { codePoints, repr, str } from '../runtime/text.ts';
import { dictEntries, Fault, isDict, makeDict, type Py, Tuple, toNumber, Undefined } from '../runtime/values.ts';
import { attributeGetter, type Builtins, wantText } from './builtin.ts';
import { urlize } from './urlize.ts';
import { truncated, wrapped } from './wrap.ts';

/** Filters that make text of text. */
export const textFilters: Builtins = {
  capitalize: ['value', (_, value) => capitalized(str(value))],
  center: ['value width?', (_, value, width) => centered(str(value), toNumber(width ?? 80))],
  comment: ['text style? **options', (_, text, style, options) => comment(wantText(text, 'comment'), style, options)],
  e: ['value', (_, value) => escapeHtml(str(value))],
  escape: ['value', (_, value) => escapeHtml(str(value))],
  forceescape: ['value', (_, value) => escapeHtml(str(value))],
  format: [
    'value *values **named',
    (_, value, values, named) => formatted(value, values as Py[], named as Map<string, Py>),
  ],
  indent: ['value width? first? blank?', (_, value, width, first, blank) => indented(value, { width, first, blank })],
  join: ['value d? attribute?', (_, value, separator, attribute) => joinItems(value, separator, attribute)],
  lower: ['value', (_, value) => str(value).toLowerCase()],
  quote: ['value?', (_, value) => quoteShell(value === null || value === undefined ? '' : str(value))],
  replace: ['s old new count?', (_, value, old, by, count) => replaced(str(value), str(old), { by: str(by), count })],
  safe: ['value', (_, value) => str(value)],
  split: [
    'value separator? maxsplit?',
    (_, value, separator, limit) => split(wantText(value, 'split'), separator, toNumber(limit ?? -1), false),
  ],
  string: ['value', (_, value) => str(value)],
  striptags: ['value', (_, value) => stripTags(str(value))],
  title: ['value', (_, value) => titled(str(value))],
  trim: ['value chars?', (_, value, chars) => stripped(str(value), chars, 'both')],
  truncate: [
    's length? killwords? end? leeway?',
    (_, value, ...options) => truncated(wantText(value, 'truncate'), options),
  ],
  upper: ['value', (_, value) => str(value).toUpperCase()],
  urlencode: ['value', (_, value) => urlEncode(value)],
  urldecode: ['value', (_, value) => decodeURIComponent(wantText(value, 'urldecode').replaceAll('+', ' '))],
  urlize: [
    'value trim_url_limit? nofollow? target? rel? extra_schemes?',
    (_, value, ...options) => urlize(escapeHtml(str(value)), options),
  ],
  wordcount: ['s', (_, value) => (str(value).match(/[\p{L}\p{N}_]+/gu) ?? []).length],
  wordwrap: [
    's width? break_long_words? wrapstring? break_on_hyphens?',
    (_, value, ...options) => wrapped(wantText(value, 'wordwrap'), options),
  ],
  xmlattr: ['d autospace?', (_, value, space) => xmlAttributes(value, space)],
};

const HTML: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;' };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => HTML[char] ?? char);
}

function formatted(value: Py, values: Py[], named: Map<string, Py>): string {
  if (values.length > 0 && named.size > 0) throw new Fault('format takes values by position or by name, not both');
  return formatPercent(str(value), named.size > 0 ? makeDict(named) : new Tuple(values));
}

function indented(value: Py, options: { readonly width: Py; readonly first: Py; readonly blank: Py }): string {
  const text = wantText(value, 'indent');
  const width = options.width ?? 4;
  const indent = typeof width === 'string' ? width : ' '.repeat(toNumber(width));
  const lines = splitLines(`${text}\n`);
  const all = truth(options.blank ?? false);
  const rest = lines.slice(1).map((line) => `\n${line === '' && !all ? '' : indent}${line}`);
  return (truth(options.first ?? false) ? indent : '') + (lines[0] ?? '') + rest.join('');
}

function joinItems(value: Py, separator: Py, attribute: Py): string {
  const get = attributeGetter(attribute);
  return iterate(value)
    .map((item) => str(get(item)))
    .join(str(separator ?? ''));
}

/** `shlex.quote`. */
function quoteShell(text: string): string {
  if (text === '') return "''";
  return /[^A-Za-z0-9_@%+=:,./-]/.test(text) ? `'${text.replaceAll("'", `'"'"'`)}'` : text;
}

function stripTags(text: string): string {
  const bare = text.replace(/<!--[\s\S]*?-->/g, '').replace(/<[^>]*>/g, '');
  const words = split(bare, null, -1, false).join(' ');
  return words.replace(/&(amp|lt|gt|quot|#34|#39|apos|nbsp);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#34': '"',
  '#39': "'",
  apos: "'",
  nbsp: '\xa0',
};

/** Jinja's title: words begin after white space, a hyphen or an opening bracket. */
function titled(text: string): string {
  return text
    .split(/([-\s({[<]+)/)
    .filter(Boolean)
    .map((word) => {
      const [first = '', ...rest] = codePoints(word);
      return first.toUpperCase() + rest.join('').toLowerCase();
    })
    .join('');
}

function urlEncode(value: Py): string {
  if (value instanceof Undefined) return value.fail();
  if (typeof value === 'string' || !(isDict(value) || Array.isArray(value) || value instanceof Tuple)) {
    return percentEncoded(str(value), '/');
  }
  const pairs = isDict(value) ? dictEntries(value) : iterate(value).map((pair) => iterate(pair));
  return pairs.map(([key, item]) => `${queryPart(key)}=${queryPart(item)}`).join('&');
}

function queryPart(value: Py): string {
  return percentEncoded(str(value), '').replaceAll('%20', '+');
}

/** `urllib.parse.quote`: everything but letters, digits and `_.-~` as bytes of UTF-8. */
function percentEncoded(text: string, safe: string): string {
  return [...Buffer.from(text, 'utf8')]
    .map((byte) => {
      const char = String.fromCharCode(byte);
      return /[A-Za-z0-9_.~-]/.test(char) || safe.includes(char)
        ? char
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}

function xmlAttributes(value: Py, space: Py): string {
  if (!isDict(value)) throw new Fault('xmlattr wants a mapping');
  const items = dictEntries(value).flatMap(([key, item]) => {
    if (item === null || item instanceof Undefined) return [];
    if (/[\s/>=]/.test(str(key))) throw new Fault(`invalid character in the attribute name ${repr(key)}`);
    return [`${escapeHtml(str(key))}="${escapeHtml(str(item))}"`];
  });
  return items.length > 0 && truth(space ?? true) ? ` ${items.join(' ')}` : items.join(' ');
}

interface CommentStyle {
  readonly beginning?: string;
  readonly decoration: string;
  readonly end?: string;
}

const COMMENTS: Readonly<Record<string, CommentStyle>> = {
  plain: { decoration: '# ' },
  erlang: { decoration: '% ' },
  c: { decoration: '// ' },
  cblock: { beginning: '/*', decoration: ' * ', end: ' */' },
  xml: { beginning: '<!--', decoration: ' - ', end: '-->' },
};

/** Ansible's `comment`: text as a comment of a style, or with decorations of one's own. */
function comment(text: string, styleName: Py, given: Py): string {
  const name = str(styleName ?? 'plain');
  const style = Object.hasOwn(COMMENTS, name) ? COMMENTS[name] : undefined;
  if (!style) throw new Fault(`comment knows the styles ${Object.keys(COMMENTS).join(', ')}, not ${name}`);
  const options = given as Map<string, Py>;
  const text_ = (key: string, usual: string) => str(options.get(key) ?? usual);
  const count = (key: string) => toNumber(options.get(key) ?? 1);
  const newline = text_('newline', '\n');
  const decoration = text_('decoration', style.decoration);
  const bare = stripped(decoration, undefined, 'right');
  const [beginning, end] = [text_('beginning', style.beginning ?? ''), text_('end', style.end ?? '')];
  const prefix = text_('prefix', bare);
  const prefixLine = prefix === newline ? newline : prefix + newline;
  const body = (decoration + text.replaceAll(newline, newline + decoration)).replaceAll(
    decoration + newline,
    bare + newline,
  );
  return [
    beginning && beginning + newline,
    prefix && prefixLine.repeat(count('prefix_count')),
    body,
    (newline + text_('postfix', bare)).repeat(count('postfix_count')),
    end && newline + end,
  ].join('');
}
