/** A string literal of Python, and where it ends. */
export interface StringRead {
  readonly value: string;
  readonly bytes: boolean;
  readonly end: number;
}

/**
 * The Python string literal at `start` (language reference, 2.4.1), prefixes `r`, `u`, `b` and triple quotes included.
 * Undefined where there is none, where it does not end, or where it holds an escape that Python refuses.
 */
export function readString(text: string, start: number): StringRead | undefined {
  const opening = openingAt(text, start);
  if (!opening) return undefined;
  const { prefix, quote } = opening;
  const raw = prefix.includes('r');
  const bytes = prefix.includes('b');
  let index = start + prefix.length + quote.length;
  const begin = index;
  while (index < text.length && !text.startsWith(quote, index)) index += text[index] === '\\' ? 2 : 1;
  if (index >= text.length) return undefined;
  const inner = text.slice(begin, index);
  if (bytes && /[^\x00-\x7f]/.test(inner)) return undefined;
  const value = raw ? inner : unescapeText(inner, bytes);
  const decoded = bytes && value !== undefined && !raw ? decodeBytes(value) : value;
  return decoded === undefined ? undefined : { value: decoded, bytes, end: index + quote.length };
}

function openingAt(text: string, start: number): { prefix: string; quote: string } | undefined {
  const match = /^(r?b|br|r|u|)('''|"""|'|")/i.exec(text.slice(start, start + 5));
  if (!match) return undefined;
  const [, prefix = '', quote = ''] = match;
  return { prefix: prefix.toLowerCase(), quote };
}

const ESCAPE = /\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{1,3}|[\s\S])/g;
const SINGLE: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** Unknown escapes stay as they are, backslash too. In bytes `\u`, `\U` and `\N` are unknown. */
function unescapeText(inner: string, bytes: boolean): string | undefined {
  let refused = false;
  const value = inner.replace(ESCAPE, (whole: string, sequence: string) => {
    const character = oneEscape(sequence, bytes);
    refused ||= character === 'refused';
    return character ?? whole;
  });
  return refused ? undefined : value;
}

/** Undefined for an unknown escape. */
function oneEscape(sequence: string, bytes: boolean): string | 'refused' | undefined {
  if (Object.hasOwn(SINGLE, sequence)) return SINGLE[sequence];
  if (/^[0-7]/.test(sequence)) return String.fromCharCode(Number.parseInt(sequence, 8));
  if (!(bytes ? /^x/ : /^[xuUN]/).test(sequence)) return undefined;
  const code = sequence.length > 1 ? Number.parseInt(sequence.slice(1), 16) : Number.POSITIVE_INFINITY;
  return code > 0x10ffff ? 'refused' : String.fromCodePoint(code);
}

/** Bytes that are no UTF-8 have no text. */
function decodeBytes(value: string): string | undefined {
  const buffer = Buffer.from(value, 'latin1');
  const text = buffer.toString('utf8');
  return Buffer.from(text, 'utf8').equals(buffer) ? text : undefined;
}
