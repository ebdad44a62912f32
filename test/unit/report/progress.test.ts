import { describe, expect, test } from '@jest/globals';
import { foldProgress, progressLine } from '../../../src/report/progress.ts';
import { finished, left, runOf, taskRef } from '../../support/events.ts';

function progress() {
  const fold = foldProgress();
  const started = { type: 'task-started', host: 'b', task: taskRef('exec') } as const;
  const gone = left('c', 'unreachable', { kind: 'unreachable', cause: 'gone' });
  for (const event of runOf(['a', 'b', 'c'], [started, finished('a', 'exec', 'changed'), gone]).slice(0, 5))
    fold.take(event);
  return fold.progress();
}

describe('the line on a terminal', () => {
  test('ad hoc it counts hosts', () => {
    const line = progressLine({ ...progress(), allSteps: 3 }, { now: 6000, width: 80, unit: 'hosts' });
    expect(line).toBe('1/3 hosts · 1 failed · b (4.0 s)');
  });

  test('of a playbook it counts steps and names the task', () => {
    expect(progressLine(progress(), { now: 6000, width: 80, unit: 'steps' })).toBe(
      '1/6 steps · 1 failed · b: exec (4.0 s)',
    );
  });

  test('it is never wider than the terminal', () => {
    expect(progressLine(progress(), { now: 6000, width: 12, unit: 'steps' })).toBe('1/6 steps ·…');
  });
});
