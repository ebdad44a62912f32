/**
 * Words of a command line, split as Python's `shlex.split` does in POSIX mode: quotes group, a backslash escapes, nothing is
 * expanded and `#` is no comment.
 * @returns what is wrong, in words, where a quote or an escape is left open.
 */
export function splitWords(text: string): { readonly words: readonly string[] } | { readonly problem: string } {
  const words: string[] = [];
  let word: string | undefined;
  let rest = text;
  while (rest !== '') {
    const [token] = TOKEN.exec(rest) ?? [];
    if (token === undefined) return { problem: rest === '\\' ? 'No escaped character' : 'No closing quotation' };
    rest = rest.slice(token.length);
    if (!/^[ \t\r\n]/.test(token)) word = (word ?? '') + meaningOf(token);
    else if (word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  return { words: word === undefined ? words : [...words, word] };
}

const TOKEN = /^(?:[ \t\r\n]+|\\[\s\S]|'[^']*'|"(?:\\[\s\S]|[^"\\])*"|[^\s\\'"]+|[\v\f\u0085-\uffff])/;

function meaningOf(token: string): string {
  if (token.startsWith('\\')) return token.slice(1);
  if (token.startsWith("'")) return token.slice(1, -1);
  if (token.startsWith('"')) return token.slice(1, -1).replace(/\\(["\\])/g, '$1');
  return token;
}
