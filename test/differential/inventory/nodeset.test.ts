import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { expandNames } from '../../../src/inventory/ranges.ts';
import { foldNames } from '../../../src/shared/fold-names.ts';
import { makeRandom } from './oracle.ts';

/** What ClusterShell makes of each set, by the library that `nodeset` is a thin shell of: a start of it takes 0.1 s. */
const LIBRARY = `
import json, sys
from ClusterShell.NodeSet import NodeSet
def one(text, fold):
    try: return str(NodeSet(text)) if fold else sorted(NodeSet(text))
    except Exception: return None
request = json.load(sys.stdin)
json.dump([one(text, request["fold"]) for text in request["sets"]], sys.stdout)
`;

function clusterShell<T>(fold: boolean, sets: readonly string[]): (T | null)[] {
  const input = JSON.stringify({ fold, sets });
  return JSON.parse(execFileSync('/usr/bin/python3', ['-c', LIBRARY], { input }).toString('utf8')) as (T | null)[];
}

const ranges = [
  ...[
    'node[01-20]',
    'node[1-20]',
    'node[8-12]',
    'node[08-12]',
    'node[098-101]',
    'n[1-10/3]',
    'n[01-09/2]',
    'n[1,3,5-7]',
    'n[01-03,25]',
    'n[0-3]',
  ],
  ...[
    'rack[1-2]node[01-03]',
    '10.0.0.[9-11]',
    'n[1-3]-ib',
    'n[5]',
    'n[007]',
    'node[20-01]',
    'node[01-100]',
    'n[1-',
    'n[a]',
    'n[]',
    'n[1-2]x[3-4]y',
  ],
];

describe('ranges', () => {
  test('expand as nodeset expands them', () => {
    const theirs = clusterShell<string[]>(false, ranges);
    const mine = ranges.map((range) => {
      const expansion = expandNames(range);
      return 'names' in expansion ? [...expansion.names].sort() : null;
    });
    expect(ranges.map((range, index) => [range, mine[index]])).toEqual(
      ranges.map((range, index) => [range, theirs[index]]),
    );
  });
});

describe('folding', () => {
  const sets = generatedSets(300);

  test('is what nodeset makes of names with one number', () => {
    const theirs = clusterShell<string>(
      true,
      sets.map((names) => names.join(',')),
    );
    expect(sets.map(foldNames)).toEqual(theirs);
  });

  test('of several numbers stands for the same names', () => {
    const { below } = makeRandom(5);
    const many = Array.from({ length: 300 }, () =>
      Array.from(
        { length: 1 + below(12) },
        () => `r${below(3)}n${String(below(12)).padStart(1 + below(2), '0')}.dc${below(2)}`,
      ),
    );
    const theirs = clusterShell<string[]>(false, many.map(foldNames));
    expect(theirs.map((names) => names?.sort())).toEqual(many.map((names) => [...new Set(names)].sort()));
  });
});

/** One prefix and one number a name, padded to one width or not at all: there ClusterShell and we have one spelling. */
function generatedSets(count: number): string[][] {
  const { below, pick } = makeRandom(11);
  return Array.from({ length: count }, () => {
    const width = pick([0, 0, 2, 3]);
    const suffix = pick(['', '', '.example.com', '-ib']);
    const number = () => String(below(pick([8, 30, 120]))).padStart(width, '0');
    const prefixes = pick([['node'], ['node'], ['db', 'web']]);
    return Array.from({ length: 1 + below(25) }, () => `${pick(prefixes)}${number()}${suffix}`);
  });
}
