import { describe, expect, test } from '@jest/globals';
import { PyFloat, TemplateText, VaultText } from '../../../../src/model/value.ts';
import { toValue } from '../../../../src/model/yaml-value.ts';
import { renderProblem } from '../../../../src/shared/problem.ts';
import { parseYaml } from '../../../../src/shared/yaml/parse.ts';

const valueOfText = (text: string) => {
  const { root, problems } = parseYaml(text, 'f.yml');
  expect(problems).toEqual([]);
  return root && toValue(root);
};

describe('YAML values', () => {
  test.each<[string, unknown]>([
    ['0644', 420],
    ['0o644', '0o644'],
    ['1:30', 90],
    ['yes', true],
    ['y', 'y'],
    ['1_000', 1000],
    ['1e3', '1e3'],
    ['1.0e+3', new PyFloat(1000)],
    ['1.5', 1.5],
    ['~', null],
    ['2024-01-02', '2024-01-02'],
    ['123456789012345678901', 123456789012345678901n],
    ['"{{ x }}"', new TemplateText('{{ x }}', { file: 'f.yml', line: 1, column: 1 })],
    ['!unsafe "{{ x }}"', '{{ x }}'],
    ['!unsafe [12, "{{ x }}"]', ['12', '{{ x }}']],
    ['!vault abc', new VaultText('abc', { file: 'f.yml', line: 1, column: 8 })],
    ['{1: a, yes: b, 1.0: c, ~: d}', { 1: 'a', True: 'b', '1.0': 'c', None: 'd' }],
    ['{a: &x [1], b: *x}', { a: [1], b: [1] }],
    ['{a: &x {p: 1, q: 2}, b: {<<: *x, q: 3}}', { a: { p: 1, q: 2 }, b: { p: 1, q: 3 } }],
    ['{__proto__: 1}', Object.defineProperty({}, '__proto__', { value: 1, enumerable: true })],
    ['|\n  a\n  b\n', 'a\nb\n'],
    ['|\r\n  a\r\n  b\r\n', 'a\nb\n'],
    ['"a\\r\\nb"', 'a\r\nb'],
    ['', undefined],
    ['# nothing\n', undefined],
  ])('%j', (text, expected) => {
    expect(valueOfText(text)).toEqual(expected);
  });

  test('templates can be left as text', () => {
    const { root } = parseYaml('a: "{{ x }}"', 'f.yml');
    expect(root && toValue(root, { templates: false })).toEqual({ a: '{{ x }}' });
  });
});

describe('YAML problems', () => {
  test.each<[string, string, string[]]>([
    ['tabs', 'a:\n\tb: 1\n', ['f.yml:2:1: a tab is used as indentation', '   b: 1', '  ^', '  indent with blanks']],
    ['indentation', '- a: 1\n  b: 2\n   c: 3\n', ['f.yml:3:4: this line is not indented as the lines before it']],
    [
      'a template without quotes',
      'a: {{ b }}\n',
      [
        'f.yml:1:5: a mapping cannot be a key',
        '  a: {{ b }}',
        '      ^',
        '  a value that begins with {{ is put in quotes: "{{ … }}"',
      ],
    ],
    ['text after a quote', 'a: "b" c\n', ['f.yml:1:8: YAML: unexpected scalar at node end']],
    ['two colons', 'a: b: c\n', ['f.yml:1:4: a mapping value is not allowed here']],
    ['an unknown tag', 'a: !foo b\n', ['f.yml:1:9: the tag !foo is not known here']],
    ['no anchor', 'a: *x\n', ['f.yml:1:4: there is no anchor &x before this alias']],
    ['an alias in itself', 'a: &x [*x]\n', ['f.yml:1:8: the alias *x holds itself']],
    ['two documents', 'a\n---\nb\n', ['f.yml:2:1: a second document begins here, and one file holds one document']],
    [
      'a double key',
      'a: 1\nb: 2\na: 3\n',
      ['f.yml:3:1: warning: the key a is written twice (first in line 1); the last one counts'],
    ],
    [
      'a control character',
      'a: \u0007\n',
      ['f.yml:1:4: the character U+0007 may not stand in YAML; write it as an escape in double quotes'],
    ],
    ['a merge of text', 'a: {<<: b}\n', ['f.yml:1:5: << takes a mapping or a list of mappings']],
    ['a lone =', 'a: =\n', ['f.yml:1:4: a lone = has no meaning in YAML 1.1']],
  ])('%s', (_name, text, expected) => {
    const rendered = parseYaml(text, 'f.yml').problems.map(renderProblem).join('\n').split('\n');
    expect(rendered.slice(0, expected.length)).toEqual(expected);
  });

  test('aliases cannot be made into a bomb', () => {
    const levels = Array.from(
      { length: 12 },
      (_, index) => `l${index + 1}: &l${index + 1} [${Array(10).fill(`*l${index}`).join(', ')}]`,
    );
    const { problems } = parseYaml(`l0: &l0 [x]\n${levels.join('\n')}\n`, 'bomb.yml');
    expect(problems[0]?.message).toBe('aliases expand to more than 1000000 values');
  });

  test('the last of a double key counts', () => {
    const { root } = parseYaml('a: 1\na: 2\n', 'f.yml');
    expect(root && toValue(root)).toEqual({ a: 2 });
  });
});
