import { describe, expect, test } from '@jest/globals';
import { pythonLiteral } from '../../../src/inventory/python-literal.ts';
import { splitWords } from '../../../src/inventory/shlex.ts';
import { askPython, makeRandom, tag } from './oracle.ts';

const written = [
  ...[
    '1',
    '0',
    '00',
    '0_0',
    '007',
    '0644',
    '1_000',
    '1__0',
    '_1',
    '1_',
    '0x1F',
    '0XfF',
    '0x',
    '0x_1',
    '0o17',
    '0b101',
    '0b2',
  ],
  ...[
    '+5',
    '-5',
    '- 5',
    '--5',
    '+-5',
    '-True',
    '-0',
    '-0.0',
    '-(1)',
    '(-1)',
    '1+2',
    '1-2',
    '1 + 2j',
    '3j',
    '2**3',
    '9007199254740993',
  ],
  ...[
    '1.0',
    '1.',
    '.5',
    '.',
    '1e3',
    '1E-3',
    '1e',
    '1.5e+2',
    '0.1',
    '1e999',
    '-1e999',
    '1_0.0_1',
    '1._0',
    '00.5',
    '09.5',
    '09',
    '5e-324',
  ],
  ...[
    'True',
    'False',
    'None',
    'true',
    'no',
    'yes',
    'Truee',
    'True ',
    ' True',
    'NoneType',
    'inf',
    'nan',
    '...',
    'set()',
    'set( )',
    'set',
  ],
  ...[
    "'a'",
    '"a"',
    "'a' 'b'",
    "'a''b'",
    "'a' b",
    "'a",
    "''",
    '""',
    "'''a'''",
    '"""a"b"""',
    "'a\\'b'",
    "'a\\nb'",
    "'\\x41\\u0042\\101\\d'",
  ],
  ...[
    "r'\\n'",
    "R'a'",
    "u'a'",
    "U'a'",
    "b'a'",
    "b'\\xff'",
    "b'\\xc3\\xa9'",
    "b'é'",
    "rb'\\x41'",
    "Br'a'",
    "ur'a'",
    "f'a'",
    "b'a' 'b'",
    "'é'",
  ],
  ...[
    '[]',
    '[1, 2]',
    '[1,]',
    '[,]',
    '[1 2]',
    '[1',
    '1]',
    '[[1], [2, [3]]]',
    '()',
    '(1)',
    '(1,)',
    '(1, 2)',
    '1, 2',
    '1,',
    ',1',
    '((1))',
  ],
  ...[
    '{}',
    "{'a': 1}",
    "{'a': 1,}",
    "{'a': 1, 'a': 2}",
    '{1: 2}',
    '{None: 1, True: 2}',
    '{1.0: 2}',
    "{'a'}",
    '{1, 2}',
    '{[1]}',
    "{'a': {'b': [1]}}",
  ],
  ...[
    "{'a':1 'b':2}",
    "{'a'}",
    "{'a': }",
    '{**{}}',
    '[*a]',
    "{'a': b}",
    '[a]',
    '(a)',
    "{'__proto__': 1}",
    "{'constructor': 2}",
  ],
  ...[
    '5 # five',
    "'a' # b",
    '# 5',
    '[1, # x',
    '5 ;',
    '5;',
    '1 2',
    '1\t',
    '10.0.0.1',
    '10.0.0.1/24',
    '1:30',
    '2024-01-01',
    '1if',
    '1a',
    '0b12',
  ],
  ...[
    'é',
    '1é',
    'lambda: 1',
    'print(1)',
    '__import__("os")',
    '`1`',
    '$x',
    '"{{ a }}"',
    "['{{ a }}', 1]",
    '{{ a }}',
    '{% if %}',
    '\\',
    '"\\',
    "'\\N{BULLET}'",
  ],
  ...[
    `[${'['.repeat(150)}${']'.repeat(151)}`,
    '['.repeat(250) + ']'.repeat(250),
    '9'.repeat(4301),
    `${'-'.repeat(50)}1`,
    "' \\",
  ],
];

/** Texts that look like literals, mostly: pieces of Python's grammar put together at random. */
function generated(count: number): string[] {
  const { below, pick } = makeRandom(20240517);
  const atom = () =>
    pick([
      '1',
      '0',
      '07',
      '1.5',
      '2.',
      "'a'",
      '"b c"',
      "r'\\d'",
      'True',
      'None',
      'x',
      '-3',
      '0x1f',
      "b'z'",
      '1_0',
      '""',
      'é',
    ]);
  const make = (depth: number): string => {
    if (depth === 0 || below(3) === 0) return atom();
    const items = Array.from({ length: below(4) }, () => make(depth - 1));
    const joined = items.join(pick([', ', ',', ' , ', ', ', ' ']));
    const tail = pick(['', '', '', ',', ' ']);
    switch (below(4)) {
      case 0:
        return `[${joined}${tail}]`;
      case 1:
        return `(${joined}${tail})`;
      case 2:
        return `{${joined}${tail}}`;
      default:
        return `{${items.map((item) => `${atom()}: ${item}`).join(', ')}${tail}}`;
    }
  };
  return Array.from({ length: count }, () => make(3) + pick(['', '', '', ' ', ' # c', ' 1', ')']));
}

/** Intended differences: what Python makes of these no playbook can hold, or needs the names of all Unicode characters. */
const DIFFERENT = new Set(['1 + 2j', '3j', '...', "'\\N{BULLET}'", "b'\\xff'"]);

describe('Python literals', () => {
  test('are what ast.literal_eval makes of them', () => {
    const texts = [...new Set([...written, ...generated(3000)])].filter((text) => !DIFFERENT.has(text));
    const answers = askPython({ literals: texts }).literals;
    const mine = texts.map((text) => [text, oursOf(text)]);
    expect(mine).toEqual(texts.map((text, index) => [text, comparableTo(text, answers[index])]));
  });
});

function oursOf(text: string): unknown {
  const value = pythonLiteral(text);
  return comparableTo(text, value === undefined ? { text: true } : { value: tag(value) });
}

/** Sets become lists in an order that is not Python's, so where a text may hold one the lists are compared sorted. */
function comparableTo(text: string, answer: unknown): unknown {
  const plain: unknown = JSON.parse(JSON.stringify(answer), (_key, value: unknown) =>
    value !== null && typeof value === 'object' && 'set' in value ? value.set : value,
  );
  return /\{|set/.test(text) ? deepSort(plain) : plain;
}

function deepSort(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(deepSort).sort(byText);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, deepSort(item)]));
}

function byText(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

describe('words of a line', () => {
  test('are what shlex.split makes of them', () => {
    const { below, pick } = makeRandom(7);
    const pieces = [
      'a',
      'b=c',
      ' ',
      '  ',
      '\t',
      '"',
      "'",
      '\\',
      '#',
      '=',
      '"x y"',
      "'p q'",
      '\\"',
      "\\'",
      '\\\\',
      'é',
      '{{ v }}',
      ';',
      '[1:3]',
    ];
    const lines = Array.from({ length: 4000 }, () => Array.from({ length: below(9) }, () => pick(pieces)).join(''));
    const answers = askPython({ lines }).lines;
    const mine = lines.map((line) => {
      const words = splitWords(line);
      return typeof words === 'string' ? { error: true } : { words: words.map(({ text }) => text) };
    });
    expect(lines.map((line, index) => [line, mine[index]])).toEqual(lines.map((line, index) => [line, answers[index]]));
  });
});
