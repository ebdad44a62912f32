/** Arguments written as text, `src=a dest="b c"`, as Ansible's parse_kv reads them. */
export interface KeyValues {
  readonly options: Readonly<Record<string, string>>;
  /** What is no `k=v`, joined again with its blanks and newlines. */
  readonly raw?: string;
}

/** What `command`, `shell`, `script` and `raw` take out of their text; every other `k=v` belongs to the command. */
const COMMAND_OPTIONS = new Set([
  ...['creates', 'removes', 'chdir', 'executable', 'warn', 'stdin', 'stdin_add_newline', 'strip_empty_ends'],
]);

/**
 * @param options `command`: only the options of command modules are taken out of the text.
 * @throws SyntaxError when a quote or a Jinja block is not closed.
 */
export function parseKv(text: string, options: { readonly command?: boolean } = {}): KeyValues {
  const found: Record<string, string> = {};
  const raw: string[] = [];
  for (const word of splitArgs(text)) {
    const decoded = decodeEscapes(word);
    const equals = firstEquals(decoded);
    if (equals === undefined) raw.push(decoded.includes('=') ? decoded.replaceAll('\\=', '=') : word);
    else if (options.command && !COMMAND_OPTIONS.has(decoded.slice(0, equals))) raw.push(word);
    else found[decoded.slice(0, equals).trim()] = unquote(decoded.slice(equals + 1).trim());
  }
  return { options: found, ...(raw.length > 0 ? { raw: joinWords(raw) } : {}) };
}

/** The first word of `copy src=a dest=b`, and the rest as it is. */
export function splitModule(text: string): { readonly module: string; readonly rest: string } {
  const [first, ...rest] = splitArgs(text);
  return { module: (first ?? '').trim(), rest: rest.join(' ') };
}

/** The first `=` that no backslash escapes. One at the very beginning is no separator. */
function firstEquals(word: string): number | undefined {
  for (let at = word.indexOf('=', 1); at !== -1; at = word.indexOf('=', at + 1)) {
    if (word[at - 1] !== '\\') return at;
  }
  return undefined;
}

function joinWords(words: readonly string[]): string {
  let out = '';
  for (const word of words) out += out === '' || out.endsWith('\n') ? word : ` ${word}`;
  return out;
}

/** Of a value in one pair of equal quotes, the inside. */
function unquote(text: string): string {
  const first = text[0];
  const quoted = text.length > 1 && (first === '"' || first === "'") && text.endsWith(first);
  return quoted && text.at(-2) !== '\\' ? text.slice(1, -1) : text;
}

const ESCAPE = /\\U([0-9a-fA-F]{8})|\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})|\\([\\'"abfnrtv])/g;
const SINGLE: Readonly<Record<string, string>> = {
  ...{ '\\': '\\', "'": "'", '"': '"', a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' },
};

function decodeEscapes(text: string): string {
  return text.replace(ESCAPE, (whole, long?: string, four?: string, two?: string, single?: string) => {
    const hex = long ?? four ?? two;
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    return single === undefined ? whole : (SINGLE[single] ?? whole);
  });
}

interface SplitState {
  readonly words: string[];
  quote: string | undefined;
  /** Open `{{`, `{%` and `{#`. */
  readonly depths: [number, number, number];
}

const BLOCKS = [
  ['{{', '}}'],
  ['{%', '%}'],
  ['{#', '#}'],
] as const;

/**
 * Words of an argument text: split at blanks, but not inside quotes or Jinja blocks; blanks and newlines are kept so that
 * the text can be put together again.
 * @throws SyntaxError when a quote or a Jinja block is not closed.
 */
export function splitArgs(text: string): string[] {
  const state: SplitState = { words: [], quote: undefined, depths: [0, 0, 0] };
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    const continued = splitLine(line, state);
    if (index < lines.length - 1 && !continued) appendToLast(state, '\n');
  }
  if (state.quote !== undefined || isInBlock(state)) {
    throw new SyntaxError('a quote or a Jinja block in these arguments is not closed');
  }
  return state.words;
}

/** Whether the line ended in a continuation. */
function splitLine(line: string, state: SplitState): boolean {
  const tokens = line.split(' ');
  let continued = false;
  for (const [index, token] of tokens.entries()) {
    if (token === '' && index !== 0) appendToLast(state, ' ');
    else if (token === '\\' && state.quote === undefined) continued = true;
    else takeToken(token, index, tokens.length, state);
  }
  return continued;
}

function takeToken(token: string, index: number, count: number, state: SplitState): void {
  const wasQuoted = state.quote !== undefined;
  const wasInBlock = isInBlock(state);
  state.quote = quoteAfter(token, state.quote);
  const isQuoted = state.quote !== undefined;
  let taken = true;
  if (isQuoted && !wasQuoted && !wasInBlock) state.words.push(token);
  else if (wasInBlock || isQuoted || wasQuoted) appendToLast(state, joint(index, count, wasQuoted) + token);
  else taken = false;
  const changed = countBlocks(token, state);
  if (!taken && (changed || token !== '')) state.words.push(token);
}

function joint(index: number, count: number, wasQuoted: boolean): string {
  if (index === 0 && wasQuoted) return '';
  if (count > 1) return index > 0 ? ' ' : '';
  return '\n';
}

/** Python would index the last of an empty list here; text that begins with a newline or blanks has no last word yet. */
function appendToLast(state: SplitState, text: string): void {
  const last = state.words.length - 1;
  if (last < 0) state.words.push(text);
  else state.words[last] += text;
}

function quoteAfter(token: string, before: string | undefined): string | undefined {
  let quote = before;
  for (const [index, char] of token.split('').entries()) {
    if ((char !== '"' && char !== "'") || (index > 0 && token[index - 1] === '\\')) continue;
    if (quote === undefined) quote = char;
    else if (quote === char) quote = undefined;
  }
  return quote;
}

function isInBlock(state: SplitState): boolean {
  return state.depths.some((depth) => depth > 0);
}

/** Whether a depth changed. */
function countBlocks(token: string, state: SplitState): boolean {
  let changed = false;
  for (const [index, [open, close]] of BLOCKS.entries()) {
    const before = state.depths[index] ?? 0;
    const after = Math.max(0, before + token.split(open).length - token.split(close).length);
    state.depths[index] = after;
    changed ||= after !== before;
  }
  return changed;
}
