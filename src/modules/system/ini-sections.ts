/** A file of `[section]`s cut into pieces that hold their own lines; the first has no name. */
export interface IniPiece {
  readonly name?: string;
  readonly lines: readonly string[];
}

export function splitIni(text: string): readonly IniPiece[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const pieces: { name?: string; lines: string[] }[] = [{ lines: [] }];
  for (const line of lines) {
    const name = /^\[([^\]]*)\]/.exec(line)?.[1];
    if (name !== undefined) pieces.push({ name, lines: [line] });
    else pieces.at(-1)?.lines.push(line);
  }
  return pieces;
}

export function joinIni(pieces: readonly IniPiece[]): string {
  const text = pieces.flatMap((piece) => piece.lines).join('\n');
  return text.trim() === '' ? '' : `${text.replace(/\n+$/, '')}\n`;
}

/** Options as ConfigParser reads them: `key = value` or `key: value`, indented lines go on, comments are left out. */
export function optionsOf(piece: IniPiece): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  let current: string | undefined;
  for (const line of piece.lines.slice(1)) {
    if (/^\s*([#;]|$)/.test(line)) continue;
    if (/^\s/.test(line) && current !== undefined) {
      options.set(current, `${options.get(current)}\n${line.trim()}`);
      continue;
    }
    const [, key, value = ''] = /^([^=:]+?)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
    current = key?.trim().toLowerCase();
    if (current !== undefined) options.set(current, value);
  }
  return options;
}
