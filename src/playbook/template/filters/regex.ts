import {
  compilePythonRegex,
  escapePythonRegex,
  type PythonRegex,
  PythonRegexError,
} from '../../../shared/python-regex/index.ts';
import { truth } from '../runtime/compare.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { str } from '../runtime/text.ts';
import { Fault, type Py, Tuple, Undefined } from '../runtime/values.ts';
import { type Builtins, wantText } from './builtin.ts';

/** Python's regular expressions as filters. */
export const regexFilters: Builtins = {
  regex_escape: ['string re_type?', (_, value, type) => escaped(str(value), str(type ?? 'python'))],
  regex_findall: [
    'value regex multiline? ignorecase?',
    (runtime, value, pattern, multiline, ignoreCase) =>
      guarded(() => findAll(regexOf(runtime, pattern, { multiline, ignoreCase }), str(value))),
  ],
  regex_replace: [
    'value pattern? replacement? ignorecase? multiline?',
    (runtime, value, pattern, replacement, ignoreCase, multiline) =>
      guarded(() =>
        regexOf(runtime, pattern ?? '', { multiline, ignoreCase }).sub(
          wantText(replacement ?? '', 'regex_replace'),
          str(value),
        ),
      ),
  ],
  regex_search: ['value regex *args **options', regexSearch],
};

/** Regular expressions as tests. */
export const regexTests: Builtins = {
  match: [
    'value pattern? ignorecase? multiline?',
    (runtime, value, pattern, ...flags) => tested(runtime, value, pattern, { flags, type: 'match' }),
  ],
  regex: [
    'value pattern? ignorecase? multiline? match_type?',
    (runtime, value, pattern, ignoreCase, multiline, type) =>
      tested(runtime, value, pattern, { flags: [ignoreCase, multiline], type: str(type ?? 'search') }),
  ],
  search: [
    'value pattern? ignorecase? multiline?',
    (runtime, value, pattern, ...flags) => tested(runtime, value, pattern, { flags, type: 'search' }),
  ],
};

/** A pattern that cannot be used is a fault of the template. */
function guarded<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof PythonRegexError ? new Fault(`regular expression: ${error.message}`) : error;
  }
}

/** Patterns of a loop are compiled once; the memory for them is bounded. */
function regexOf(
  runtime: Runtime,
  pattern: Py,
  flags: { readonly multiline: Py; readonly ignoreCase: Py },
): PythonRegex {
  const text = wantText(pattern, 'a regular expression');
  const on = { multiline: truth(flags.multiline ?? false), ignoreCase: truth(flags.ignoreCase ?? false) };
  const key = `${Number(on.multiline)}${Number(on.ignoreCase)}${text}`;
  const { regexes } = runtime.services;
  const cached = regexes.get(key);
  if (cached) return cached;
  if (regexes.size > 500) regexes.clear();
  const regex = compilePythonRegex(text, on);
  regexes.set(key, regex);
  return regex;
}

function findAll(regex: PythonRegex, text: string): Py[] {
  return regex.findall(text).map((item) => (typeof item === 'string' ? item : new Tuple(item)));
}

function regexSearch(runtime: Runtime, value: Py, pattern: Py, args: Py, options: Py): Py {
  const given = options as ReadonlyMap<string, Py>;
  return guarded(() => {
    const groups = (args as Py[]).map(groupNamed);
    const regex = regexOf(runtime, pattern, { multiline: given.get('multiline'), ignoreCase: given.get('ignorecase') });
    const match = regex.search(str(value));
    if (!match) return null;
    return groups.length === 0 ? match.text : groups.map((group) => match.group(group) ?? null);
  });
}

/** `\1` or `\g<name>`. */
function groupNamed(argument: Py): string | number {
  const text = wantText(argument, 'regex_search');
  const named = /^\\g<(\S+)>/.exec(text)?.[1];
  if (named !== undefined) return /^\d+$/.test(named) ? Number(named) : named;
  const number = /^\\(\d+)/.exec(text)?.[1];
  if (number === undefined) throw new Fault(`regex_search: ${text} names no group; write \\1 or \\g<name>`);
  return Number(number);
}

function escaped(text: string, type: string): string {
  if (type === 'python') return escapePythonRegex(text);
  if (type === 'posix_basic') return text.replace(/[\].[^$*\\]/g, '\\$&');
  throw new Fault(`regex_escape knows python and posix_basic, not ${type}`);
}

function tested(
  runtime: Runtime,
  value: Py,
  pattern: Py,
  how: { readonly flags: readonly Py[]; readonly type: string },
): boolean {
  if (value instanceof Undefined) return value.fail();
  const text = str(value);
  const [ignoreCase, multiline] = how.flags;
  return guarded(() => {
    const regex = regexOf(runtime, pattern ?? '', { multiline, ignoreCase });
    if (how.type === 'match') return regex.match(text) !== undefined;
    return (how.type === 'fullmatch' ? regex.fullmatch(text) : regex.search(text)) !== undefined;
  });
}
