import { describe, expect, test } from '@jest/globals';
import { compilePythonRegex, type PythonMatch, PythonRegexError } from '../../../src/shared/python-regex/index.ts';
import { CASES, type RegexCase } from './cases.ts';
import { generated } from './generate.ts';
import { runPython } from './run-python.ts';

interface Answer {
  readonly error?: string;
  readonly search?: unknown;
  readonly match?: unknown;
  readonly fullmatch?: unknown;
  readonly findall?: unknown;
  readonly sub?: unknown;
}

/** What we refuse though Python takes it. */
const REFUSED = /not understood here|cannot be told/;

/** JavaScript forgets the groups of these where Python keeps them. */
const REFUSED_HERE = ['(?:(a)|b)*x', '()*'];

const ask = (cases: readonly RegexCase[]) => runPython<Answer[]>(new URL('./oracle.py', import.meta.url), cases);

const taken = (match: PythonMatch | undefined) =>
  match ? [match.text, ...match.groups().map((group) => group ?? null)] : null;

function ours(given: RegexCase): Answer {
  const flags = Object.fromEntries((given.flags ?? []).map((flag) => [flag, true]));
  try {
    const regex = compilePythonRegex(given.pattern, flags);
    return {
      search: taken(regex.search(given.text)),
      match: taken(regex.match(given.text)),
      fullmatch: taken(regex.fullmatch(given.text)),
      findall: regex.findall(given.text),
      ...(given.replacement === undefined ? {} : { sub: replaced(given, regex) }),
    };
  } catch (error) {
    if (error instanceof PythonRegexError) return { error: error.message };
    throw error;
  }
}

function replaced(given: RegexCase, regex: ReturnType<typeof compilePythonRegex>): unknown {
  try {
    const { text, count } = regex.subn(given.replacement ?? '', given.text, given.count);
    return [text, count];
  } catch (error) {
    if (error instanceof PythonRegexError && !REFUSED.test(error.message)) return 'error';
    throw error;
  }
}

const plain = (answer: Answer): unknown => (answer.error === undefined ? answer : 'refused');

describe('regular expressions mean what Python means by them', () => {
  const theirs = ask(CASES);
  test.each(CASES.map((given, index) => [JSON.stringify(given), given, theirs[index] as Answer] as const))(
    '%s',
    (_, given, answer) => {
      const mine = ours(given);
      if (mine.error !== undefined && REFUSED.test(mine.error)) expect(REFUSED_HERE).toContain(given.pattern);
      else expect(plain(mine)).toEqual(plain(answer));
    },
  );
});

test('generated patterns match as in Python, or are refused', () => {
  const cases = generated(20240601, 6000);
  const theirs = ask(cases);
  const wrong: unknown[] = [];
  let refused = 0;
  for (const [index, given] of cases.entries()) {
    const mine = ours(given);
    if (mine.error !== undefined && REFUSED.test(mine.error)) refused++;
    else if (JSON.stringify(plain(mine)) !== JSON.stringify(plain(theirs[index] as Answer))) {
      wrong.push({ given, mine, theirs: theirs[index] });
    }
  }
  expect(wrong.slice(0, 5)).toEqual([]);
  expect(refused).toBeLessThan(cases.length * 0.15);
});
