import { compilePythonRegex, PythonRegexError, type PythonRegexFlags } from '../../shared/python-regex/index.ts';
import { bytesText } from './edit-file.ts';
import type { LinePattern } from './edit-line.ts';

/**
 * A Python pattern over bytes, for texts with one character for each byte: `\w` and the like know ASCII only, as in
 * Python's `re.compile(b'…')`.
 * @throws PythonRegexError
 */
export function compileBytes(pattern: string, flags: PythonRegexFlags = {}): LinePattern {
  return compilePythonRegex(`(?a)${bytesText(pattern)}`, flags);
}

/** What is wrong with a pattern over bytes; undefined where it is a good one. */
export function bytePatternProblem(name: string, pattern: string | undefined): string | undefined {
  return pattern === undefined ? undefined : regexProblem(name, () => compileBytes(pattern));
}

/** What a compilation complains of, with the parameter's name. Anything but a complaint about the pattern is passed on. */
export function regexProblem(name: string, compile: () => unknown): string | undefined {
  try {
    compile();
    return undefined;
  } catch (error) {
    if (!(error instanceof PythonRegexError)) throw error;
    return `${name}: ${error.message}`;
  }
}
