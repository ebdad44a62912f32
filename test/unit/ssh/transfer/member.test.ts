import { expect, test } from '@jest/globals';
import { isDirectoryName, linkProblem, memberParts } from '../../../../src/ssh/transfer/member.ts';

test.each([
  ['./a//b/', ['a', 'b']],
  ['a/./b', ['a', 'b']],
  ['./', []],
  ['/etc/passwd', /absolute/],
  ['a/../../b', /"\.\."/],
  ['..', /"\.\."/],
  ['a\0b', /NUL/],
  [`${'n'.repeat(256)}`, /too long/],
  [`${'d/'.repeat(3000)}x`, /too long/],
])('member %j', (path, expected) => {
  const parts = memberParts(path);
  if (expected instanceof RegExp) expect(parts).toMatch(expected);
  else expect(parts).toEqual(expected);
});

test.each([
  ['b', 0, undefined],
  ['../b', 1, undefined],
  ['../../b', 1, /out of the tree/],
  ['..', 0, /out of the tree/],
  ['/etc/passwd', 3, /absolute/],
  ['a/..', 3, /behind a name/],
  ['a/../../../etc', 3, /behind a name/],
  ['', 3, /no path/],
])('link to %j below %i directories', (target, above, expected) => {
  const problem = linkProblem(target, above);
  if (expected) expect(problem).toMatch(expected);
  else expect(problem).toBeUndefined();
});

test.each([
  ['node01', true],
  ['10.0.0.1', true],
  ['fe80::1', true],
  ['..', false],
  ['.', false],
  ['', false],
  ['../../x', false],
  ['a/b', false],
  ['a\nb', false],
])('host name %j', (name, expected) => {
  expect(isDirectoryName(name)).toBe(expected);
});
