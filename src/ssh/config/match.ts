import type { ConfigLine } from './parse.ts';
import { matchesPattern, matchesPatternList } from './patterns.ts';

export interface MatchContext {
  readonly host: string;
  readonly user: string | undefined;
  readonly localUser: string;
  /** Values taken so far. */
  first(keyword: string): string | undefined;
  warn(message: string): void;
}

/** Whether a `Host` or `Match` line holds (ssh_config(5)). A condition that we cannot judge does not, and is reported. */
export function matchesBlock(line: ConfigLine, context: MatchContext): boolean {
  if (line.within?.some((block) => !matchesBlock(block, context))) return false;
  return line.keyword === 'host' ? matchesHost(line.words, context.host) : matchesMatch(line, context);
}

/** Case counts here, as in ssh; in `Match host` it does not. */
function matchesHost(patterns: readonly string[], host: string): boolean {
  const plain = patterns.filter((pattern) => !pattern.startsWith('!'));
  const negated = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1));
  return (
    plain.some((pattern) => matchesPattern(host, pattern)) && !negated.some((pattern) => matchesPattern(host, pattern))
  );
}

function matchesMatch(line: ConfigLine, context: MatchContext): boolean {
  // Both `host=a` and `host a` are seen.
  const words = line.words.flatMap((word) => {
    const cut = /^(!?[a-z]+)=(.*)$/i.exec(word);
    return cut ? [cut[1] ?? '', cut[2] ?? ''] : [word];
  });
  let holds = true;
  while (words.length > 0) {
    const word = (words.shift() ?? '').toLowerCase();
    const negated = word.startsWith('!');
    const what = negated ? word.slice(1) : word;
    if (what === 'all') continue;
    const judged = judgeCondition(what, what === 'canonical' || what === 'final' ? '' : (words.shift() ?? ''), context);
    if (judged === undefined) {
      context.warn(`${line.file}:${line.line}: Match ${what} cannot be judged here; the block is left out`);
      return false;
    }
    if (judged === negated) holds = false;
  }
  return holds;
}

function judgeCondition(what: string, list: string, context: MatchContext): boolean | undefined {
  const host = context.host.toLowerCase();
  if (what === 'originalhost') return matchesPatternList(host, list.toLowerCase());
  if (what === 'host') {
    const name = context.first('hostname')?.replace(/%h/g, host).replace(/%%/g, '%').toLowerCase() ?? host;
    return matchesPatternList(name, list.toLowerCase());
  }
  if (what === 'user') return matchesPatternList(context.user ?? context.first('user') ?? context.localUser, list);
  if (what === 'localuser') return matchesPatternList(context.localUser, list);
  return undefined;
}
