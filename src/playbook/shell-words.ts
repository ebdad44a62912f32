import { KprepError } from '../shared/errors.ts';

/**
 * Words of a text as a POSIX shell splits and unquotes them, without any expansion (Python's `shlex.split`).
 * @throws KprepError `task` when a quote is not closed.
 */
export function shellWords(text: string): string[] {
  const words: string[] = [];
  const pattern = /\s+|((?:[^\s'"\\]|\\[\s\S]|'[^']*'|"(?:[^"\\]|\\[\s\S])*")+)|([\s\S])/g;
  for (const [, word, broken] of text.matchAll(pattern)) {
    if (broken !== undefined) throw new KprepError('task', `a quote is not closed in: ${text}`);
    if (word !== undefined) words.push(unquoted(word));
  }
  return words;
}

function unquoted(word: string): string {
  return word.replace(
    /'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])/g,
    (_whole, single?: string, double?: string, escaped?: string) => {
      if (single !== undefined) return single;
      return double === undefined ? (escaped ?? '') : double.replace(/\\(["\\])/g, '$1');
    },
  );
}
