import { describe, expect, test } from '@jest/globals';
import { makeScanner } from '../../../../src/ssh/frames/markers.ts';

const NONCE = 'abcdef0123456789';

/** What comes out of a stream that is cut into pieces of `size`. */
function scan(text: string, size: number): { readonly output: string; readonly markers: string[] } {
  let output = '';
  const markers: string[] = [];
  const scanner = makeScanner(NONCE, {
    output: (bytes) => {
      output += bytes.toString('latin1');
    },
    marker: (words) => {
      markers.push(words.join(' '));
      output += `<${words.length}>`;
    },
  });
  const bytes = Buffer.from(text, 'latin1');
  for (let at = 0; at < bytes.length; at += size) scanner.push(bytes.subarray(at, at + size));
  return { output, markers };
}

const rows: readonly [string, string, string, string[]][] = [
  ['no marker', 'hello\nworld', 'hello\nworld', []],
  ['one', `a\0${NONCE} 1 end 0\nb`, 'a<3>b', ['1 end 0']],
  ['two in a row', `\0${NONCE} 1 begin\n\0${NONCE} 1 end 0\n`, '<2><3>', ['1 begin', '1 end 0']],
  ['NUL bytes around', `\0\0\0${NONCE} 1 begin\n\0\0x\0`.concat('!'), '\0\0<2>\0\0x\0!', ['1 begin']],
  ['the nonce without NUL is output', `${NONCE} 1 end 0\n`, `${NONCE} 1 end 0\n`, []],
  ['a prefix of it is output', `\0${NONCE.slice(0, 9)}zzz`, `\0${NONCE.slice(0, 9)}zzz`, []],
  [
    'a false start right before',
    `\0${NONCE.slice(0, 9)}\0${NONCE} 2 skip\n.`,
    `\0${NONCE.slice(0, 9)}<2>.`,
    ['2 skip'],
  ],
];

describe('markers', () => {
  test.each(rows)('%s, however it is cut', (_, text, output, markers) => {
    for (let size = 1; size <= text.length; size++) expect(scan(text, size)).toEqual({ output, markers });
  });

  test('what only looks like a marker is let go, not held for ever', () => {
    const text = `\0${NONCE} ${'x'.repeat(2000)}`;
    expect(scan(text, 100).output.length).toBeGreaterThan(1500);
  });
});
