import { expect, test } from '@jest/globals';
import { pythonJson } from '../../../../src/modules/support/python-json.ts';
import { splitWords } from '../../../../src/modules/support/shlex.ts';
import { decodeEscaped, encodeEscaped } from '../../../../src/modules/support/surrogate-text.ts';

test.each([
  ['ls -l  /a', ['ls', '-l', '/a']],
  [`a 'b c' "d e" f\\ g`, ['a', 'b c', 'd e', 'f g']],
  [`'' "" x`, ['', '', 'x']],
  [`a"b"'c'`, ['abc']],
  ['"a\\"b\\\\c\\d"', ['a"b\\c\\d']],
  ["'a\\b'", ['a\\b']],
  ['a # b', ['a', '#', 'b']],
  ['a\n\tb', ['a', 'b']],
  ['', []],
  ['ü "ß ñ"', ['ü', 'ß ñ']],
])('%j is split as shlex does', (text, words) => {
  expect(splitWords(text)).toEqual({ words });
});

test.each([
  ["a 'b", 'No closing quotation'],
  ['a "b', 'No closing quotation'],
  ['a\\', 'No escaped character'],
])('%j is refused', (text, problem) => {
  expect(splitWords(text)).toEqual({ problem });
});

test('JSON as Python writes it', () => {
  expect(pythonJson({ a: [1, 'é', null], b: { c: true }, d: [] })).toBe(
    '{"a": [1, "\\u00e9", null], "b": {"c": true}, "d": []}',
  );
  expect(pythonJson({ emoji: '😀' })).toBe('{"emoji": "\\ud83d\\ude00"}');
});

test.each([
  [[0x61, 0xff, 0x62], 'a\udcffb'],
  [[0xe2, 0x82, 0xac], '€'],
  [[0xe2, 0x82], '\udce2\udc82'],
  [[0xf0, 0x9f, 0x98, 0x80, 0x80], '😀\udc80'],
  [[0xed, 0xa0, 0x80], '\udced\udca0\udc80'],
  [[0xc0, 0x80], '\udcc0\udc80'],
])('bytes %j come through text', (bytes, text) => {
  expect(decodeEscaped(Buffer.from(bytes))).toBe(text);
  expect([...encodeEscaped(text)]).toEqual(bytes);
});
