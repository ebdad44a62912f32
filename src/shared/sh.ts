/** A piece of POSIX sh in which every value is quoted. Only `sh` makes one, so a plain string is a compile error. */
export type Script = string & { readonly [scriptBrand]: true };
declare const scriptBrand: unique symbol;

type Word = string | number | Script | RawWord | readonly (string | number)[];
interface RawWord {
  readonly script: Script;
}

/**
 * A script from a template. Interpolated strings and numbers become one quoted word, arrays become quoted words joined
 * by blanks, and `{ script }` inserts another script as it is. Backslashes stay as written (`'%s\n'` reaches printf as
 * such); only `\${` and `` \` `` are unescaped, because JavaScript needs them escaped.
 */
export function sh(parts: TemplateStringsArray, ...words: readonly Word[]): Script {
  let text = unescapeTemplate(parts.raw[0] ?? '');
  for (const [index, word] of words.entries()) text += toWord(word) + unescapeTemplate(parts.raw[index + 1] ?? '');
  return text as Script;
}

/** Scripts one after the other, each on lines of its own. */
export function joinScripts(scripts: readonly Script[], separator = '\n'): Script {
  return scripts.join(separator) as Script;
}

/**
 * One shell word that means exactly `text`, whatever it holds (POSIX sh, section 2.2.2).
 * @throws RangeError when `text` holds a NUL, which no argument can carry.
 */
export function quote(text: string): Script {
  if (text.includes('\0')) throw new RangeError('a shell word cannot hold a NUL byte');
  if (/^[A-Za-z0-9_/.,:=@%+-]+$/.test(text)) return text as Script;
  return `'${text.replaceAll("'", `'\\''`)}'` as Script;
}

function toWord(word: Word): string {
  if (typeof word === 'number') return String(word);
  if (typeof word === 'string') return quote(word);
  if ('script' in word) return word.script;
  return word.map((one) => quote(String(one))).join(' ');
}

function unescapeTemplate(raw: string): string {
  return raw.replaceAll('\\${', '${').replaceAll('\\`', '`');
}
