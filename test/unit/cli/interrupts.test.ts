import { expect, test } from '@jest/globals';
import { watchInterrupts } from '../../../src/cli/interrupts.ts';
import type { Signal } from '../../../src/cli/io.ts';

test('the first signal drains, the second kills, the first is the one that counts', () => {
  let handler: (signal: Signal) => void = () => undefined;
  let removed = false;
  const interrupts = watchInterrupts({
    onSignal(given) {
      handler = given;
      return () => {
        removed = true;
      };
    },
  });
  const state = () => [interrupts.drain.aborted, interrupts.kill.aborted, interrupts.signal()];
  expect(state()).toEqual([false, false, undefined]);
  handler('SIGTERM');
  expect(state()).toEqual([true, false, 'SIGTERM']);
  handler('SIGINT');
  expect(state()).toEqual([true, true, 'SIGTERM']);
  interrupts.stop();
  expect(removed).toBe(true);
});
