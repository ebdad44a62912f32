import { describe, expect, test } from '@jest/globals';
import { parseKv, splitModule } from '../../../src/playbook/kv.ts';
import { shellWords } from '../../../src/playbook/shell-words.ts';

describe('shell words', () => {
  test.each<[string, string[]]>([
    ['', []],
    ['  ', []],
    ['a  b', ['a', 'b']],
    [`-o ProxyCommand="ssh -W %h:%p j" -C`, ['-o', 'ProxyCommand=ssh -W %h:%p j', '-C']],
    [`'a b'c`, ['a bc']],
    [`a\\ b "\\"\\\\\\n"`, ['a b', '"\\\\n']],
    [`''`, ['']],
  ])('%s', (text, expected) => {
    expect(shellWords(text)).toEqual(expected);
  });

  test('an open quote is named', () => {
    expect(() => shellWords(`a 'b`)).toThrow('a quote is not closed');
  });
});

describe('k=v arguments', () => {
  test.each<[string, boolean, ReturnType<typeof parseKv>]>([
    ['src=a dest=b', false, { options: { src: 'a', dest: 'b' } }],
    ['msg="a b"', false, { options: { msg: 'a b' } }],
    [`msg='a "b"'`, false, { options: { msg: 'a "b"' } }],
    ['msg={{ a | default("x y") }} b=c', false, { options: { msg: '{{ a | default("x y") }}', b: 'c' } }],
    ['echo a=b', true, { options: {}, raw: 'echo a=b' }],
    ['ls chdir=/tmp -l', true, { options: { chdir: '/tmp' }, raw: 'ls -l' }],
    ['a\\=b', false, { options: {}, raw: 'a=b' }],
    ['x=a\\tb', false, { options: { x: 'a\tb' } }],
    ['echo a\\tb', true, { options: {}, raw: 'echo a\\tb' }],
    ['', false, { options: {} }],
  ])('%s (command: %s)', (text, command, expected) => {
    expect(parseKv(text, { command })).toEqual(expected);
  });

  test('a module and its arguments', () => {
    expect(splitModule('copy src="a b" dest=c')).toEqual({ module: 'copy', rest: 'src="a b" dest=c' });
  });
});
