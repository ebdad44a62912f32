import { HARMLESS_VALUES, HONOURED, WITHOUT_EFFECT } from './keywords.ts';
import { matchesBlock } from './match.ts';
import type { ConfigLine } from './parse.ts';

/** What the files say of one host, before tokens are expanded. */
export interface ConfigValues {
  first(keyword: string): string | undefined;
  words(keyword: string): readonly string[];
  all(keyword: string): readonly string[];
}

export interface ResolveOptions {
  /** The name as it was given. */
  readonly host: string;
  /** The user that was given, which beats the files. */
  readonly user: string | undefined;
  readonly localUser: string;
  warn(message: string): void;
}

/** Walks the lines (Include already replaced) and takes what holds for the host; the first value wins. */
export function resolveConfig(lines: readonly ConfigLine[], options: ResolveOptions): ConfigValues {
  const values = new Map<string, string[][]>();
  const first = (keyword: string): string | undefined => values.get(keyword)?.[0]?.[0];
  let holds = true;
  for (const line of lines) {
    if (line.keyword === 'host' || line.keyword === 'match') holds = matchesBlock(line, { ...options, first });
    else if (holds) take(line, values, options.warn);
  }
  return {
    first,
    words: (keyword) => values.get(keyword)?.[0] ?? [],
    all: (keyword) => (values.get(keyword) ?? []).flat(),
  };
}

function take(line: ConfigLine, values: Map<string, string[][]>, warn: (message: string) => void): void {
  const { keyword } = line;
  const how = HONOURED[keyword];
  if (!how) {
    report(line, warn);
    return;
  }
  if (line.words.length === 0) {
    warn(`${line.file}:${line.line}: ${keyword} has no value`);
    return;
  }
  // ProxyJump and ProxyCommand exclude each other: whichever comes first. `ProxyJump none` leaves room for the other.
  if (keyword === 'proxyjump' && values.has('proxycommand')) return;
  const jump = values.get('proxyjump')?.[0]?.[0];
  if (keyword === 'proxycommand' && jump !== undefined && jump.toLowerCase() !== 'none') return;
  const words = keyword === 'proxycommand' ? [line.rest] : [...line.words];
  const known = values.get(keyword);
  if (!known) values.set(keyword, [words]);
  else if (how === 'all') known.push(words);
}

function report({ file, line, keyword, rest }: ConfigLine, warn: (message: string) => void): void {
  const harmless = HARMLESS_VALUES[keyword];
  if (harmless ? harmless.test(rest) : WITHOUT_EFFECT.has(keyword)) return;
  warn(`${file}:${line}: ${keyword} is not honoured by this transport; --transport openssh does`);
}
