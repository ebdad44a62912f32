import type { ArgSpec, ArgsOf } from '../model/args.ts';
import { defineModule, type Module } from '../model/module.ts';
import type { JsonObject } from '../model/value.ts';
import { compilePythonRegex } from '../shared/python-regex/index.ts';
import { sh } from '../shared/sh.ts';
import { regexProblem } from './support/byte-pattern.ts';
import { ALGORITHMS } from './support/checksum.ts';
import { makeContentFilter, makeFilter, parseAge, parseSize } from './support/find/filter.ts';
import { CONTENT_LIMIT, type FoundEntry, type FoundPath, findPiece } from './support/find/read.ts';
import { statValues } from './support/host-stat.ts';
import { pieces, readOf, textPiece } from './support/piece.ts';

const ARGS = {
  paths: { type: 'list', elements: 'path', required: true, aliases: ['name', 'path'], doc: 'Directories to look in.' },
  patterns: {
    type: 'list',
    default: [],
    aliases: ['pattern'],
    doc: 'Names: glob patterns, or Python patterns with use_regex.',
  },
  excludes: { type: 'list', default: [], aliases: ['exclude'], doc: 'Names that are not wanted.' },
  use_regex: {
    type: 'bool',
    default: false,
    doc: 'Whether `patterns` and `excludes` are Python patterns, from the beginning of a name.',
  },
  file_type: {
    type: 'str',
    default: 'file',
    choices: ['any', 'directory', 'file', 'link'],
    doc: 'What is looked for.',
  },
  recurse: { type: 'bool', default: false, doc: 'Whether directories below are looked into.' },
  depth: { type: 'int', doc: 'How many levels below, with `recurse`.' },
  hidden: { type: 'bool', default: false, doc: 'Whether names that begin with a dot count.' },
  follow: { type: 'bool', default: false, doc: 'Whether links to directories are looked into.' },
  age: { type: 'str', doc: 'At least so old (`2d`), or at most (`-2d`); s, m, h, d or w.' },
  age_stamp: { type: 'str', default: 'mtime', choices: ['atime', 'ctime', 'mtime'], doc: 'Which time tells the age.' },
  size: { type: 'str', doc: 'At least so large (`10m`), or at most (`-10m`); b, k, m, g or t.' },
  mode: { type: 'mode', doc: 'Files with these permissions.' },
  exact_mode: { type: 'bool', default: true, doc: 'Whether `mode` is all permissions of the file, rather than some.' },
  contains: {
    type: 'str',
    doc: 'Python pattern that a line of the file must begin with.',
    differs: `Files over ${CONTENT_LIMIT} bytes are listed in \`skipped_paths\` and not searched.`,
  },
  read_whole_file: { type: 'bool', default: false, doc: 'Whether `contains` is looked for anywhere in the file.' },
  get_checksum: { type: 'bool', default: false, doc: 'Whether checksums are told.' },
  checksum_algorithm: {
    type: 'str',
    default: 'sha1',
    choices: ALGORITHMS,
    aliases: ['checksum', 'checksum_algo'],
    doc: 'Which checksum.',
  },
  limit: { type: 'int', doc: 'So many files at most.' },
  encoding: { type: 'str', doc: 'Encoding of files for `contains`.', differs: 'Only utf-8.' },
} as const satisfies ArgSpec;

type Args = ArgsOf<typeof ARGS>;

interface State {
  readonly found: readonly FoundPath[];
  /** The host's clock, epoch seconds. */
  readonly now: number;
}

export const find: Module<typeof ARGS, State> = defineModule({
  name: 'find',
  summary: 'Lists files by name, age, size, mode or content.',
  args: ARGS,
  readOnly: true,
  validate: problemOf,
  touches: (args) => args.paths.map((path) => `file:${path}` as const),
  read(args) {
    const { script, parse } = readOf(
      pieces({
        now: textPiece(sh`date +%s`),
        found: findPiece({
          paths: args.paths,
          depth: args.recurse ? args.depth || undefined : 1,
          follow: args.follow,
          names: hostNames(args),
          contents: args.contains !== undefined && args.file_type === 'file',
          checksum: args.get_checksum ? args.checksum_algorithm : undefined,
        }),
      }),
    );
    return { script, parse: (out) => ({ now: { found: parse(out).now.found, now: Number(parse(out).now.now.text) } }) };
  },
  plan: () => [],
  result: resultOf,
});

function problemOf(args: Args): string | undefined {
  if (args.age !== undefined && parseAge(args.age) === undefined) return `failed to process age: ${args.age}`;
  if (args.size !== undefined && parseSize(args.size) === undefined) return `failed to process size: ${args.size}`;
  if (args.encoding !== undefined && !/^utf-?8$/i.test(args.encoding))
    return `encoding ${args.encoding} is not supported, only utf-8`;
  if (args.limit !== undefined && args.limit < 1) return 'limit cannot be less than 1';
  const patterns = args.use_regex ? [...args.patterns, ...args.excludes] : [];
  for (const pattern of patterns) {
    const problem = regexProblem('patterns', () => compilePythonRegex(pattern));
    if (problem !== undefined) return problem;
  }
  const { contains } = args;
  return contains === undefined ? undefined : regexProblem('contains', () => compilePythonRegex(contains));
}

/** Globs that `find -name` reads just as Python does. Anything else is left to us. */
function hostNames({ patterns, use_regex }: Args): readonly string[] {
  return use_regex || patterns.some((pattern) => /[[\\]/.test(pattern)) ? [] : patterns;
}

function resultOf(args: Args, state: State): JsonObject {
  const wanted = makeFilter(args, state.now);
  const contains = makeContentFilter(args);
  const skipped: Record<string, string> = {};
  const files: FoundEntry[] = [];
  for (const path of state.found) {
    if (path.trouble !== undefined) skipped[path.path] = path.trouble;
    for (const entry of path.entries.filter(wanted)) {
      if (entry.large) skipped[entry.path] = `larger than ${CONTENT_LIMIT} bytes, not searched`;
      else if (contains(entry)) files.push(entry);
    }
  }
  const chosen = args.limit === undefined ? files : files.slice(0, args.limit);
  return {
    files: chosen.map((entry) => fileValues(args, entry)),
    matched: chosen.length,
    examined: state.found.reduce((sum, { entries }) => sum + entries.length, 0),
    skipped_paths: skipped,
    msg:
      Object.keys(skipped).length === 0 ? 'All paths examined' : 'Not all paths examined, check warnings for details',
  };
}

function fileValues({ get_checksum }: Args, { path, stat, checksum }: FoundEntry): JsonObject {
  const sum = get_checksum && stat.type === 'file' && checksum !== undefined ? { checksum } : {};
  return { path, ...statValues(stat), pw_name: nameOr(stat.user), gr_name: nameOr(stat.group), ...sum };
}

function nameOr(name: string): string {
  return name === 'UNKNOWN' ? '' : name;
}
