import type { Inventory, MatchHosts } from '../model/inventory.ts';
import { KprepError } from '../shared/errors.ts';
import { nearName } from '../shared/problem.ts';
import { compilePythonRegex, PythonRegexError } from '../shared/python-regex/index.ts';
import { isIPv6 } from './address.ts';
import { globPattern } from './glob.ts';
import { HostMap } from './host-map.ts';
import { expandNames } from './ranges.ts';
import { splitPattern, type Term } from './split-pattern.ts';

/**
 * The hosts that a pattern means, without doubles, in the order that Ansible gives them: part after part, a group's hosts as
 * the group lists them. Parts with `&` and `!` come after all others; where there are no others they begin with `all`.
 * @throws KprepError `task` when the pattern is malformed or names an unknown host or group. A glob or regular expression
 * that matches nothing gives no host.
 */
export const matchHosts: MatchHosts = (inventory, pattern) => {
  const terms = splitPattern(pattern, (text) => isKnown(inventory, text));
  if (terms.length === 0) throw malformed(`the pattern ${JSON.stringify(pattern)} names no host`);
  for (const { sign, text } of terms) if (text === '') throw malformed(`nothing follows ${sign} in ${pattern}`);
  const regular = terms.filter(({ sign }) => sign === '');
  let hosts = new Set<string>();
  for (const term of regular.length > 0 ? regular : [{ sign: '', text: 'all' } as const]) {
    for (const name of matchTerm(inventory, term)) hosts.add(name);
  }
  for (const term of terms.filter(({ sign }) => sign === '&')) {
    const kept = new Set(matchTerm(inventory, term));
    hosts = new Set([...hosts].filter((name) => kept.has(name)));
  }
  for (const term of terms.filter(({ sign }) => sign === '!')) {
    for (const name of matchTerm(inventory, term)) hosts.delete(name);
  }
  return [...hosts];
};

function matchTerm(inventory: Inventory, { sign, text }: Term): readonly string[] {
  if (text.startsWith('~')) return matchAll(inventory, regexTest(text.slice(1)));
  const named = byName(inventory, { sign, text });
  if (named) return named;
  const bare = /^\[(.*)\]$/.exec(text)?.[1];
  if (bare !== undefined && isIPv6(bare)) return matchTerm(inventory, { sign, text: bare });
  return (
    bySubscript(inventory, text) ?? byRange(inventory, text) ?? byGlob(inventory, text) ?? unknownName(inventory, text)
  );
}

/** A host comes before a group of its name, as in Ansible; what is left out is both. */
function byName(inventory: Inventory, { sign, text }: Term): readonly string[] | undefined {
  const group = inventory.groups.get(text)?.hosts;
  const host = isOwnHost(inventory, text) ? [text] : undefined;
  if (sign === '!' && group && host) return [...group, ...host];
  const found = sign === '' ? (host ?? group) : (group ?? host);
  if (found) return found;
  const local = inventory.hosts.get(text);
  return local && [local.name];
}

function isOwnHost({ hosts }: Inventory, name: string): boolean {
  return hosts instanceof HostMap ? hosts.hasOwnHost(name) : hosts.has(name);
}

function isKnown(inventory: Inventory, text: string): boolean {
  return inventory.groups.has(text) || inventory.hosts.has(text);
}

const SUBSCRIPT = /^(.+)\[(?:(-?\d+)|(\d+)([:-])(\d*))\]$/;

/** `kube[0]`, `kube[-1]`, `kube[0:2]` (both ends count), `kube[1:]`: of the hosts that the part before the brackets means. */
function bySubscript(inventory: Inventory, text: string): readonly string[] | undefined {
  const match = SUBSCRIPT.exec(text);
  const [, expression = '', index, from = '', separator, to = ''] = match ?? [];
  const hosts = match ? hostsOfExpression(inventory, expression) : undefined;
  if (!hosts) return undefined;
  if (separator === '-' || /^0\d/.test(index ?? from))
    return orRange(inventory, { text, expression, numbers: numbersOf(index, from, to) });
  if (index !== undefined) {
    const host = hosts.at(Number(index));
    if (host === undefined && hosts.length > 0)
      throw malformed(`${expression} has ${hosts.length} hosts, so ${text} is none`);
    return host === undefined ? [] : [host];
  }
  if (to !== '' && Number(to) < Number(from)) throw malformed(`the range of ${text} runs backwards`);
  return hosts.slice(Number(from), to === '' ? undefined : Number(to) + 1);
}

function hostsOfExpression(inventory: Inventory, expression: string): readonly string[] | undefined {
  const named = byName(inventory, { sign: '', text: expression });
  if (named || !/[*?[]/.test(expression)) return named;
  const matched = matchAll(inventory, globTest(expression));
  return matched.length > 0 ? matched : undefined;
}

interface Ambiguous {
  readonly text: string;
  readonly expression: string;
  /** As Ansible writes them. */
  readonly numbers: string;
}

function numbersOf(index: string | undefined, from: string, to: string): string {
  if (index !== undefined) return String(Number(index));
  return `${Number(from)}:${to === '' ? '' : Number(to)}`;
}

/** `kube[0-2]` or `kube[01]` where `kube` is a group: hosts of that name if there are such, else nobody can know what is meant. */
function orRange(inventory: Inventory, { text, expression, numbers }: Ambiguous): readonly string[] {
  const range = expandNames(text);
  const isRange = 'names' in range && range.names.every((name) => isKnown(inventory, name));
  if (isRange && !text.includes(':'))
    return range.names.flatMap((name) => matchTerm(inventory, { sign: '', text: name }));
  throw malformed(
    `${text} may mean hosts by number or hosts by name`,
    `write ${expression}[${numbers}] for hosts of ${expression} by number`,
  );
}

/** `node[01-20,25]`: every name must be known. A single number in the middle (`node[12]x`) is a glob's choice of characters. */
function byRange(inventory: Inventory, text: string): readonly string[] | undefined {
  if (!/\[.*\]/.test(text) || /[*?]|\[!|\[\d+\]./.test(text)) return undefined;
  const range = expandNames(text);
  if ('problem' in range) {
    if (/\[[^\]]*(?:[:,]|\d-\d)[^\]]*\]/.test(text)) throw malformed(`${text}: ${range.problem}`);
    return undefined;
  }
  const strange = range.names.find((name) => !isKnown(inventory, name));
  if (strange === undefined) return range.names.flatMap((name) => matchTerm(inventory, { sign: '', text: name }));
  return isClassOnly(text) ? byGlob(inventory, text) : unknownName(inventory, strange);
}

/** Brackets that a glob reads as the same characters (`web[a-c]`), so that missing ones are no mistake. `node[1-3]` is a range. */
function isClassOnly(text: string): boolean {
  const brackets = text.match(/\[[^\]]*\]/g) ?? [];
  return brackets.every((bracket) => /^\[[^:,]-[^:,]\]$/.test(bracket)) && !/\[\d-\d\]$/.test(text);
}

function byGlob(inventory: Inventory, text: string): readonly string[] | undefined {
  if (!/[*?]|\[.+\]/.test(text)) return undefined;
  const matched = matchAll(inventory, globTest(text));
  return matched.length > 0 || /[*?]/.test(text) ? matched : undefined;
}

/** Hosts of the groups whose names match, then hosts whose own names match. */
function matchAll(inventory: Inventory, matches: (name: string) => boolean): readonly string[] {
  const out = new Set<string>();
  for (const group of inventory.groups.values()) {
    if (matches(group.name)) for (const host of group.hosts) out.add(host);
  }
  for (const name of inventory.hosts.keys()) if (matches(name)) out.add(name);
  return [...out];
}

function globTest(glob: string): (name: string) => boolean {
  const pattern = globPattern(glob);
  return (name) => pattern.test(name);
}

/** A regular expression of Python that must match from the beginning of a name, but not up to its end. */
function regexTest(source: string): (name: string) => boolean {
  try {
    const regex = compilePythonRegex(source);
    return (name) => regex.match(name) !== undefined;
  } catch (error) {
    if (!(error instanceof PythonRegexError)) throw error;
    throw new KprepError('task', `~${source} is no regular expression: ${error.message}`, { cause: error });
  }
}

function unknownName(inventory: Inventory, text: string): never {
  if (/[[\]]/.test(text)) {
    const range = expandNames(text);
    throw malformed(`${text} matches no host${'problem' in range ? `: ${range.problem}` : ''}`);
  }
  const near = nearName(text, [...inventory.groups.keys(), ...inventory.hosts.keys()]);
  throw malformed(`no host or group is called ${text}`, near === undefined ? undefined : `did you mean ${near}?`);
}

function malformed(message: string, remedy?: string): KprepError {
  return new KprepError('task', message, remedy === undefined ? {} : { remedy });
}
