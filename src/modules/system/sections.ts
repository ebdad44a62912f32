import { joinScripts, type Script, sh } from '../../shared/sh.ts';

/**
 * A read script that prints several things apart. Inside `body`:
 * `… | kp_text NAME` text lines · `kp_file NAME PATH` the bytes of a file, if it is there · `kp_say NAME TEXT` one line.
 * Whatever a text or file holds, it cannot be taken for the next section: text lines are printed behind `>`, files in base64.
 */
export function sectionScript(...body: readonly Script[]): Script {
  const text = body.join('\n');
  const functions = FUNCTIONS.flatMap(([name, script]) => (text.includes(name) ? [script] : []));
  return joinScripts([...functions, ...body, sh`exit 0`]);
}

const FUNCTIONS: readonly (readonly [string, Script])[] = [
  ['kp_text', sh`kp_text() { printf '\n@%s\n' "$1"; sed 's/^/>/'; }`],
  ['kp_say', sh`kp_say() { printf '\n@%s\n>%s\n' "$1" "$2"; }`],
  [
    'kp_file',
    sh`kp_file() {
  if [ ! -e "$2" ]; then return 0; fi
  if [ -f "$2" ] && [ -r "$2" ]; then printf '\n@%s\n' "$1"; base64 < "$2"; else printf '\n@%s!\n' "$1"; fi
}`,
  ],
];

export interface Sections {
  /** Undefined: no such section. A section printed twice: all its lines. */
  lines(name: string): readonly string[] | undefined;
  /** The first line, trimmed; empty where there is none. */
  say(name: string): string;
  /** The bytes of a file; undefined: the file is not there. */
  file(name: string): Buffer | undefined;
  /** Names of the files that are there and cannot be read. */
  readonly unreadable: readonly string[];
}

export function parseSections(stdout: Buffer): Sections {
  const found = new Map<string, string[]>();
  const unreadable: string[] = [];
  let current: string[] | undefined;
  for (const line of stdout.toString('utf8').split('\n')) {
    if (line.startsWith('@') && line.endsWith('!')) unreadable.push(line.slice(1, -1));
    else if (line.startsWith('@')) {
      current = found.get(line.slice(1)) ?? [];
      found.set(line.slice(1), current);
    } else if (line !== '') current?.push(line);
  }
  const lines = (name: string) =>
    found.get(name)?.flatMap((line) => (line.startsWith('>') ? [line.slice(1)] : [])) ?? undefined;
  return {
    lines,
    say: (name) => lines(name)?.[0]?.trim() ?? '',
    file: (name) => {
      const encoded = found.get(name);
      return encoded && Buffer.from(encoded.join(''), 'base64');
    },
    unreadable,
  };
}
