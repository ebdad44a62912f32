/** One line of an ssh_config file. */
export interface ConfigLine {
  readonly file: string;
  readonly line: number;
  /** Lower case. */
  readonly keyword: string;
  readonly words: readonly string[];
  /** All after the keyword as it stands, for ProxyCommand. */
  readonly rest: string;
  /** Of a `Host` or `Match` line in an included file: the blocks around the include, which must hold too. */
  readonly within?: readonly ConfigLine[];
}

export interface ConfigProblem {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** Lines of an ssh_config file (ssh_config(5)); what cannot be split is a problem, since leaving it out would change the meaning. */
export function parseConfig(
  text: string,
  file: string,
): { lines: readonly ConfigLine[]; problems: readonly ConfigProblem[] } {
  const lines: ConfigLine[] = [];
  const problems: ConfigProblem[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const match = /^\s*"?([A-Za-z0-9]+)"?(?:[ \t]*=[ \t]*|[ \t]+|$)(.*?)\s*$/s.exec(raw);
    if (!match) {
      if (/^\s*(#|$)/.test(raw)) continue;
      problems.push({ file, line: index + 1, message: `cannot read ${JSON.stringify(raw.trim().slice(0, 60))}` });
      continue;
    }
    const [, keyword = '', rest = ''] = match;
    const words = splitWords(rest);
    if (words === undefined) problems.push({ file, line: index + 1, message: 'a quote is not closed' });
    else lines.push({ file, line: index + 1, keyword: keyword.toLowerCase(), words, rest });
  }
  return { lines, problems };
}

/** OpenSSH's argv_split: single and double quotes, a backslash before a quote, a backslash or a blank; `#` ends the words. */
function splitWords(text: string): string[] | undefined {
  const words: string[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text[at] ?? '')) {
      at++;
      continue;
    }
    if (text[at] === '#') break;
    const word = readWord(text, at);
    if (!word) return undefined;
    words.push(word.text);
    at = word.end;
  }
  return words;
}

function readWord(text: string, from: number): { readonly text: string; readonly end: number } | undefined {
  let word = '';
  let quote = '';
  let at = from;
  for (; at < text.length && (quote !== '' || !/\s/.test(text[at] ?? '')); at++) {
    const char = text[at] ?? '';
    if (escapes(text, at, quote)) word += text[++at];
    else if (char === quote) quote = '';
    else if (quote === '' && (char === '"' || char === "'")) quote = char;
    else word += char;
  }
  return quote === '' ? { text: word, end: at } : undefined;
}

function escapes(text: string, at: number, quote: string): boolean {
  const next = text[at + 1] ?? '';
  return text[at] === '\\' && (/["'\\]/.test(next) || (quote === '' && next === ' '));
}
