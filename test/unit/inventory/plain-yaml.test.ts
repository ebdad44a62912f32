import { describe, expect, test } from '@jest/globals';
import { parsePlainYaml } from '../../../src/inventory/plain-yaml.ts';
import { parseYaml } from '../../../src/shared/yaml/parse.ts';

/** What the plain reader gives must be what the full reader gives, without a problem. True where it read the text. */
function agrees(text: string): boolean {
  const plain = parsePlainYaml(text, 'x.yaml');
  if (plain === undefined) return false;
  expect([text, { root: plain, problems: [] }]).toEqual([text, parseYaml(text, 'x.yaml')]);
  return true;
}

describe('plain YAML is read as the full reader reads it', () => {
  test.each([
    'a:\n',
    'a: 1\n',
    'all:\n  hosts:\n    web1:\n    web2: {a: 1, b: x/y, c: "q r", d: 0644, e: yes, f: 1.0}\n  vars:\n    x: 10.0.0.1\n',
    'a:\n   b:\n      c: 1\n   d: 2\ne: 3',
    '# c\n\na: 1\n    # deep\nb: "x: y # z"\nc: \'s\'\n',
    'web[1:3]:\n  x: 1\n2001:db8::1:\n  y: a:b\n10.0.0.1: z\n',
    'a: { b: 1 }\nc: -5\nd: 1e3\ne: 0x1f\nf: 2024-01-01\n',
    'a:   spaced   \nb:  \nc: {d: x}\n',
    'a: 190:20:30\n',
    'a:: 1\nb: 0x\n',
    'u: https://example.com/x\n',
    'x: ""\ny: \'\'\n',
  ])('%j', (text) => {
    expect(agrees(text)).toBe(true);
  });

  test.each([
    ...[
      '',
      '- a\n',
      'a\n',
      'a: b c\n',
      'a: |\n  x\n',
      'a: &x 1\n',
      'a: !vault x\n',
      'a: *x\n',
      '<<: {a: 1}\n',
      'a: 1 # c\n',
      'é: 1\n',
      '\ta: 1\n',
    ],
    ...[
      'a: 1\na: 2\n',
      'a: 1\n  b\n',
      'a: 1\n  b: 2\n',
      '  a: 1\nb: 2\n',
      'a:\n    b: 1\n  c: 2\n',
      'yes: 1\n',
      '5: 1\n',
      'a: {b: 1, b: 2}\n',
    ],
    ...[
      'a: {}\n',
      'a: {b: {c: 1}}\n',
      'a: [1]\n',
      '---\na: 1\n',
      'a: "x\\n"\n',
      "a: 'it''s'\n",
      'a: {b: 1}}\n',
      'a: {b: 1,}\n',
      'a: {b:1}\n',
      'a: =\n',
      '? a\n',
      'a: [\n',
    ],
    ...[
      'a: -\n',
      'a: - b\n',
      'a: {yes: 1}\n',
      'a: 1:\n',
      'a\r\nb: 1\n',
      'a: ~\n',
      'a: `x`\n',
      'a: @x\n',
      'a: %x\n',
      'a:\n- b\n',
      'a: }\n',
    ],
  ])('%j is left to the full reader', (text) => {
    expect(parsePlainYaml(text, 'x.yaml')).toBeUndefined();
  });

  test('on texts of random pieces', () => {
    let state = 3;
    const below = (limit: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 0x100000000) * limit);
    };
    const pick = (items: readonly string[]): string => items[below(items.length)] ?? '';
    const keys = [
      'a',
      'b',
      'c',
      'd_1',
      'web[1:2]',
      '10.0.0.1',
      'yes',
      'n',
      'x-y',
      '::1',
      'a.b:c',
      'null',
      '1',
      '1.5',
      'e',
    ];
    const plain = [
      '1',
      '0644',
      'x',
      'a/b',
      '1.0',
      'no',
      '-3',
      'a:b',
      '12:30',
      '.5',
      '1_0',
      '+1',
      '=x',
      'x=',
      'null',
      '0o7',
      '.inf',
      'a#b',
      '~',
      '-',
      '..',
      '1e+3',
    ];
    const values = [
      ...plain,
      '',
      '',
      '',
      '"q"',
      "'r s'",
      '"a: b"',
      '{a: 1}',
      '{a: x, b: "y"}',
      '{ a: 1, b: 0x1 }',
      '{a: b, c: }',
      '{a}',
      '# c',
      'x # y',
      'x y',
      "'a' b",
      '[x]',
      '{a: a:b}',
    ];
    let read = 0;
    for (let round = 0; round < 4000; round++) {
      let indent = 0;
      const lines = Array.from({ length: 1 + below(5) }, () => {
        const line = `${' '.repeat(indent)}${pick(keys)}:${pick([' ', ' ', '  ', ''])}${pick(values)}${pick(['', '', '', ' '])}`;
        indent = Math.max(0, pick(['in', 'out', 'same', 'in']) === 'in' ? indent + 2 : indent - below(3));
        return pick([line, line, line, line, `${' '.repeat(below(5))}# c`, '']);
      });
      if (agrees(`${lines.join('\n')}${pick(['\n', ''])}`)) read++;
    }
    expect(read).toBeGreaterThan(300);
  });
});
