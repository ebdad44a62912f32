import { expect, test } from '@jest/globals';
import { exitStatusOf, reportLine } from '../../../../src/cli/compat/lines.ts';

const at = new Date(2026, 0, 2, 7, 8, 9).getTime();

test('lines of success and failure', () => {
  const line = { number: 3, host: 'u@a:22', at };
  expect(reportLine({ ...line, failures: [] }, { colour: false })).toBe('[3] 07:08:09 [SUCCESS] u@a:22');
  expect(reportLine({ ...line, failures: ['Timed out', 'Killed by signal 9'] }, { colour: false })).toBe(
    '[3] 07:08:09 [FAILURE] u@a:22 Timed out, Killed by signal 9',
  );
});

test('colours', () => {
  expect(reportLine({ number: 1, host: 'a', at, failures: [] }, { colour: true })).toBe(
    '\u001b[36m\u001b[49m[\u001b[1m1\u001b[22m]\u001b[39m\u001b[49m 07:08:09 \u001b[32m\u001b[49m[\u001b[1mSUCCESS\u001b[22m]\u001b[39m\u001b[49m a',
  );
});

test.each([
  [[0, 0], 0, 0],
  [[], 0, 0],
  [[0, 7], 5, 4],
  [[7, 255], 4, 4],
  [[255, -9, 7], 3, 3],
  [[0, null], 5, 4],
])('statuses %j: %i, of a copy %i', (statuses, status, ofCopy) => {
  const ends = statuses.map((one) => ({ status: one, failures: [] }));
  expect([exitStatusOf(ends, { copies: false }), exitStatusOf(ends, { copies: true })]).toEqual([status, ofCopy]);
});
