import { compilePythonRegex } from '../../../shared/python-regex/index.ts';
import type { HostStat } from '../host-stat.ts';
import { resolveMode } from '../mode.ts';
import type { FoundEntry } from './read.ts';

export interface FindFilter {
  readonly patterns: readonly string[];
  readonly excludes: readonly string[];
  readonly use_regex: boolean;
  readonly file_type: 'any' | 'directory' | 'file' | 'link';
  readonly hidden: boolean;
  readonly age?: string;
  readonly age_stamp: 'atime' | 'ctime' | 'mtime';
  readonly size?: string;
  readonly mode?: string;
  readonly exact_mode: boolean;
  readonly contains?: string;
  readonly read_whole_file: boolean;
}

/** Whether an entry is wanted, contents not looked at; `now`: epoch seconds. */
export function makeFilter(filter: FindFilter, now: number): (entry: FoundEntry) => boolean {
  const wanted = filter.patterns.length === 0 ? () => true : anyOf(filter.patterns, filter.use_regex);
  const unwanted = anyOf(filter.excludes, filter.use_regex);
  const age = filter.age === undefined ? undefined : parseAge(filter.age);
  const size = filter.size === undefined ? undefined : parseSize(filter.size);
  return ({ path, stat }) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (!(filter.hidden || !name.startsWith('.')) || !isType(stat, filter.file_type)) return false;
    if (!wanted(name) || unwanted(name)) return false;
    if (age !== undefined && !beyond(now - stat[filter.age_stamp], age)) return false;
    if (size !== undefined && stat.type === 'file' && !beyond(stat.size, size)) return false;
    return hasMode(stat, filter);
  };
}

/** Whether a file contains the pattern: at the beginning of a line, or anywhere with `read_whole_file`. What is no UTF-8 does not. */
export function makeContentFilter({
  contains,
  read_whole_file,
  file_type,
}: FindFilter): (entry: FoundEntry) => boolean {
  if (contains === undefined || file_type !== 'file') return () => true;
  const pattern = compilePythonRegex(contains);
  return ({ content }) => {
    const text = content?.toString('utf8').replace(/\r\n?/g, '\n');
    if (text === undefined || !content || !Buffer.from(content.toString('utf8'), 'utf8').equals(content)) return false;
    if (read_whole_file) return pattern.search(text) !== undefined;
    return (text.match(/[^\n]*\n|[^\n]+$/g) ?? []).some((line) => pattern.match(line) !== undefined);
  };
}

/** Seconds; undefined: not understood. */
export function parseAge(text: string): number | undefined {
  const [, number, unit = 's'] = /^(-?\d+)([smhdw])?$/.exec(text.toLowerCase()) ?? [];
  return number === undefined
    ? undefined
    : Number(number) * ({ s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }[unit] ?? 1);
}

/** Bytes; undefined: not understood. */
export function parseSize(text: string): number | undefined {
  const [, number, unit = 'b'] = /^(-?\d+)([bkmgt])?$/.exec(text.toLowerCase()) ?? [];
  return number === undefined ? undefined : Number(number) * 1024 ** 'bkmgt'.indexOf(unit);
}

/** At least a positive bound, at most a negative one's amount. */
function beyond(value: number, bound: number): boolean {
  return Object.is(bound, -0) || bound < 0 ? value <= Math.abs(bound) : value >= bound;
}

function isType({ type }: HostStat, wanted: FindFilter['file_type']): boolean {
  return wanted === 'any' || type === wanted;
}

function hasMode({ mode }: HostStat, filter: FindFilter): boolean {
  if (filter.mode === undefined) return true;
  const wanted = Number.parseInt(resolveMode(filter.mode, { mode: 0, directory: false }), 8);
  return filter.exact_mode ? mode === wanted : (mode & wanted) !== 0;
}

function anyOf(patterns: readonly string[], regex: boolean): (name: string) => boolean {
  const tests = patterns.map((pattern) => {
    if (!regex) return globTest(pattern);
    const compiled = compilePythonRegex(pattern);
    return (name: string) => compiled.match(name) !== undefined;
  });
  return (name) => tests.some((test) => test(name));
}

/** Python's `fnmatch`: `*`, `?`, `[seq]`, `[!seq]`; a backslash is a backslash. */
export function globTest(pattern: string): (name: string) => boolean {
  const source = pattern.replace(
    /\[(!?)(\]?[^\]]*)\]|[\s\S]/g,
    (part, not: string | undefined, set: string | undefined) => {
      if (set !== undefined) return `[${not ? '^' : ''}${set.replace(/[\\[\]^]/g, '\\$&')}]`;
      if (part === '*') return '[\\s\\S]*';
      return part === '?' ? '[\\s\\S]' : part.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
    },
  );
  const compiled = new RegExp(`^${source}$`, 'u');
  return (name) => compiled.test(name);
}
