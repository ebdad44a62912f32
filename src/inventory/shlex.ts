/** A word of a line, and the column (from 1) where it begins. */
export interface Word {
  readonly text: string;
  readonly column: number;
}

/**
 * The words of one line as Python's `shlex.split(line, comments=True)` sees them: quotes, backslashes, and a `#` that
 * begins a comment even inside a word. A string says what is wrong.
 */
export function splitWords(line: string): Word[] | string {
  return SPECIAL.test(line) ? scan(line) : plainWords(line);
}

const SPECIAL = /['"\\#]/;

/** Most lines of most inventories, and many times as fast. */
function plainWords(line: string): Word[] {
  const words: Word[] = [];
  for (const match of line.matchAll(/[^ \t\r\n]+/g)) words.push({ text: match[0], column: match.index + 1 });
  return words;
}

interface Scan {
  readonly words: Word[];
  /** Undefined between words; a quoted empty word is a word. */
  text: string | undefined;
  column: number;
  index: number;
}

function scan(line: string): Word[] | string {
  const state: Scan = { words: [], text: undefined, column: 1, index: 0 };
  while (state.index < line.length) {
    const character = line[state.index] ?? '';
    if (character === '#') break;
    if (' \t\r\n'.includes(character)) endWord(state);
    else {
      const problem = inWord(state, line, character);
      if (problem) return problem;
    }
    state.index++;
  }
  endWord(state);
  return state.words;
}

function endWord(state: Scan): void {
  if (state.text !== undefined) state.words.push({ text: state.text, column: state.column });
  state.text = undefined;
}

function inWord(state: Scan, line: string, character: string): string | undefined {
  if (state.text === undefined) {
    state.text = '';
    state.column = state.index + 1;
  }
  if (character === '"' || character === "'") return quoted(state, line, character);
  if (character === '\\') {
    state.index++;
    if (state.index >= line.length) return 'nothing follows the last backslash';
  }
  state.text += line[state.index] ?? '';
  return undefined;
}

/** In double quotes a backslash escapes only itself and the quote; in single quotes nothing. */
function quoted(state: Scan, line: string, quote: string): string | undefined {
  for (state.index++; state.index < line.length; state.index++) {
    const character = line[state.index] ?? '';
    if (character === quote) return undefined;
    const next = line[state.index + 1];
    if (quote === '"' && character === '\\' && (next === '"' || next === '\\')) {
      state.text += next;
      state.index++;
    } else state.text += character;
  }
  return `no closing quotation mark (${quote})`;
}
