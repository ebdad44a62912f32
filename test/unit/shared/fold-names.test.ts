import { describe, expect, test } from '@jest/globals';
import { expandNames } from '../../../src/inventory/ranges.ts';
import { foldNames } from '../../../src/shared/fold-names.ts';

describe('folding', () => {
  test.each([
    ['', ''],
    ['node1', 'node1'],
    ['localhost', 'localhost'],
    ['node02 node01 node25', 'node[01-02,25]'],
    ['node1 node1 node2', 'node[1-2]'],
    ['node8 node9 node10 node11', 'node[8-11]'],
    ['node98 node99 node100 node101', 'node[98-101]'],
    ['node08 node09 node10', 'node[08-10]'],
    ['node09 node10 node99 node100', 'node[09-10,99-100]'],
    ['node9 node09', 'node[9,09]'],
    ['n1 n01 n2 n02', 'n[1-2,01-02]'],
    ['web2 db1 web1 db2', 'db[1-2],web[1-2]'],
    ['web1 lone web2', 'lone,web[1-2]'],
    ['n2 n10 n1x', 'n1x,n[2,10]'],
    ['node1.dc2.example.com node2.dc2.example.com', 'node[1-2].dc2.example.com'],
    ['r1n1 r1n2 r2n1 r2n2', 'r1n[1-2],r2n[1-2]'],
    ['r1n5 r2n5 r3n5', 'r[1-3]n5'],
    ['10.0.0.1 10.0.0.2 10.0.0.10', '10.0.0.[1-2,10]'],
    ['2001:db8::1 2001:db8::2', '2001:db8::[1-2]'],
    ['a[1] a[2]', 'a[1],a[2]'],
    ['id12345678901234567 id12345678901234568', 'id12345678901234567,id12345678901234568'],
  ])('%s', (names, folded) => {
    expect(foldNames(names.split(' ').filter(Boolean))).toBe(folded);
  });

  test('expanded again it is the same set, whatever the order', () => {
    let state = 42;
    const below = (limit: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 0x100000000) * limit);
    };
    for (let round = 0; round < 400; round++) {
      const name = () =>
        `${['n', 'node', 'r3-'][below(3)]}${String(below(130)).padStart(below(4), '0')}${['', 'x', '.d7', '-9'][below(4)]}`;
      const names = Array.from({ length: 1 + below(30) }, name);
      const folded = foldNames(names);
      expect([...new Set(names)].sort()).toEqual(unfold(folded).sort());
      expect(foldNames(names.toReversed())).toBe(folded);
    }
  });

  test('fifty thousand names are one', () => {
    const names = Array.from({ length: 50_000 }, (_, index) => `node${String(index).padStart(5, '0')}`);
    expect(foldNames(names)).toBe('node[00000-49999]');
  });
});

function unfold(folded: string): string[] {
  return folded.split(/,(?![^[]*\])/).flatMap((part) => {
    const expansion = expandNames(part);
    if ('problem' in expansion) throw new Error(expansion.problem);
    return expansion.names;
  });
}
