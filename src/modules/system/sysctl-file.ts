import { normalKey, normalValue } from './sysctl-keys.ts';

/** The text with `key=value`: the first line of the key is rewritten where its value differs, later ones are dropped, else a line is added. */
export function setSysctlKey(text: string, name: string, value: string): string {
  const key = normalKey(name);
  const mine = linesOf(text).filter((line) => keyOf(line) === key);
  if (mine.length === 1 && valueIn(mine[0] ?? '') === normalValue(value)) return text;
  const line = `${name.trim()}=${value}`;
  let written = false;
  const out = linesOf(text).flatMap((old) => {
    if (keyOf(old) !== key) return [old];
    if (written) return [];
    written = true;
    return [line];
  });
  return `${(written ? out : [...out, line]).join('\n')}\n`;
}

/** The text without the lines of the key. */
export function removeSysctlKey(text: string, name: string): string {
  const key = normalKey(name);
  const lines = linesOf(text);
  const kept = lines.filter((line) => keyOf(line) !== key);
  if (kept.length === lines.length) return text;
  return kept.length === 0 ? '' : `${kept.join('\n')}\n`;
}

/** The keys that the file sets, with dots. */
export function sysctlKeysIn(text: string): string[] {
  return linesOf(text).flatMap((line) => keyOf(line) ?? []);
}

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function keyOf(line: string): string | undefined {
  const key = /^\s*-?\s*([^#;=\s][^=]*?)\s*=/.exec(line)?.[1];
  return key === undefined ? undefined : normalKey(key);
}

function valueIn(line: string): string {
  return normalValue(line.slice(line.indexOf('=') + 1));
}
