import { describe, expect, test } from '@jest/globals';
import { expandNames } from '../../../src/inventory/ranges.ts';

/** The names, comma separated, or what is wrong. */
function expanded(pattern: string): string {
  const expansion = expandNames(pattern);
  return 'names' in expansion ? expansion.names.join(',') : expansion.problem;
}

describe('ranges', () => {
  test.each([
    ['web', 'web'],
    ['node[1:3]', 'node1,node2,node3'],
    ['node[01:03]', 'node01,node02,node03'],
    ['node[01:10:4]', 'node01,node05,node09'],
    ['node[8:11]', 'node8,node9,node10,node11'],
    ['node[:2]', 'node0,node1,node2'],
    ['node[01-03,25]', 'node01,node02,node03,node25'],
    ['node[1-9/4]', 'node1,node5,node9'],
    ['node[098-101]', 'node098,node099,node100,node101'],
    ['node[7]', 'node7'],
    ['db-[a:c].example.com', 'db-a.example.com,db-b.example.com,db-c.example.com'],
    ['[a:f:2]', 'a,c,e'],
    ['x[y:B]', 'xy,xz,xA,xB'],
    ['r[1:2]n[01:02]', 'r1n01,r1n02,r2n01,r2n02'],
    ['10.0.0.[9:11]', '10.0.0.9,10.0.0.10,10.0.0.11'],
    ['n[5:5]', 'n5'],
  ])('%s', (pattern, names) => {
    expect(expanded(pattern)).toBe(names);
  });

  test.each([
    ['node[20:01]', 'the range 20:01 runs backwards; did you mean 01:20?'],
    ['node[20-01]', 'the range 20-01 runs backwards; did you mean 01-20?'],
    ['node[c:a]', /runs backwards/],
    ['node[01:100]', /different widths/],
    ['node[1:020]', /different widths/],
    ['node[1:9:0]', /step of 1:9:0 must be at least 1/],
    ['node[1:3', /brackets of node\[1:3 do not match/],
    ['node1:3]', /do not match/],
    ['node[[1:3]]', /do not match/],
    ['node[]', /empty brackets/],
    ['node[1:]', /1: is no range/],
    ['node[a:3]', /a:3 is no range/],
    ['node[x]', /x is no range/],
    ['node[1,,2]', /empty brackets/],
    ['node[1:99999999999999999]', /too long/],
    ['node[1:9999999]', /more than 1,000,000 names/],
    ['n[1:2000]m[1:2000]', /more than 1,000,000 names/],
    ['n[1:900000,1:900000]', /more than 1,000,000 names/],
  ])('%s is refused', (pattern, problem) => {
    expect(expanded(pattern)).toMatch(problem);
  });
});
