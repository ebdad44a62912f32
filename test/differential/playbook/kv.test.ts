import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { parseKv, splitArgs } from '../../../src/playbook/kv.ts';

const SCRIPT = `
import sys, json
from ansible.parsing.splitter import parse_kv, split_args
out = []
for text, command in json.load(sys.stdin):
    try: out.append([split_args(text), parse_kv(text, check_raw=command)])
    except Exception as e: out.append(None)
json.dump(out, sys.stdout)
`;

const PIECES = [
  ...[
    'a',
    'a=b',
    'a=',
    '=b',
    'a==b',
    'a\\=b',
    'a="b c"',
    "a='b c'",
    `a="b 'c' d"`,
    `a='b "c" d'`,
    'a="b\\"c"',
    'a=b\\ c',
    '"a b"',
    "'a=b c'",
  ],
  ...[
    '{{ x }}',
    'a={{ x }}',
    'a="{{ x }}"',
    'a={{ x | default("y z") }}',
    'a={{x}}b',
    '{% if a %} b=c {% endif %}',
    '{# c d #}',
    'a={% raw %} x {% endraw %}',
  ],
  ...[
    'chdir=/tmp',
    'creates="/a b"',
    'executable=/bin/bash',
    'stdin={{ x }}',
    'warn=no',
    '-l',
    '--opt=val',
    '> /x',
    '&& b',
    '| c',
    '\\',
    'a\\',
    'é=ü',
    'a=\\n',
    'a=\\x41',
    'a=\\u00e9',
  ],
  ...[
    'a=b\nc=d',
    'a="b\nc"',
    'a \\\n b',
    '\n',
    '\n\n',
    ' a',
    'a ',
    'a  b',
    'a=b  c=d',
    '\ta=b',
    'a\tb',
    '"',
    "'",
    '{{ x',
    'a="b',
    'a=[1,2]',
    'a={"b": 1}',
    'a=b=c',
    'a = b',
    "it's",
    "don\\'t",
  ],
];

/** All pieces alone, and in pairs, joined by blanks and by newlines. */
const TEXTS = [...PIECES, ...PIECES.flatMap((one) => PIECES.flatMap((two) => [`${one} ${two}`, `${one}\n${two}`]))];

/** Python indexes the last word of an empty list there; we keep the blanks as a word. */
const startsBlank = (text: string) => /^[ \n]/.test(text) || /^\\(\s|$)/.test(text);

describe('k=v arguments as Ansible reads them', () => {
  test('words and options', () => {
    const cases = TEXTS.filter((text) => !startsBlank(text)).flatMap((text) => [
      [text, false] as const,
      [text, true] as const,
    ]);
    const out = execFileSync('/usr/bin/python3', ['-c', SCRIPT], { input: JSON.stringify(cases), maxBuffer: 1 << 28 });
    const theirs = JSON.parse(out.toString()) as ([string[], Record<string, string>] | null)[];
    const differences = cases.flatMap(([text, command], index) => {
      const mine = ours(text, command);
      return JSON.stringify(mine) === JSON.stringify(sorted(theirs[index] ?? null))
        ? []
        : [{ text, command, theirs: theirs[index], mine }];
    });
    expect(cases.length).toBeGreaterThan(10_000);
    expect(differences.slice(0, 10)).toEqual([]);
  });
});

function ours(text: string, command: boolean): unknown {
  try {
    const { options, raw } = parseKv(text, { command });
    return sorted([splitArgs(text), { ...options, ...(raw === undefined ? {} : { _raw_params: raw }) }]);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function sorted(answer: [string[], Record<string, string>] | null): unknown {
  return answer && [answer[0], Object.entries(answer[1]).sort(([a], [b]) => (a < b ? -1 : 1))];
}
