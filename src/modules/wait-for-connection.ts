import type { ArgSpec } from '../model/args.ts';
import { type Action, defineAction } from '../model/module.ts';

const ARGS = {
  timeout: { type: 'int', default: 600, doc: 'Seconds until it is given up.' },
  delay: { type: 'int', default: 0, doc: 'Seconds before the first try.' },
  sleep: { type: 'int', default: 1, doc: 'Seconds between tries.' },
  connect_timeout: {
    type: 'int',
    default: 5,
    doc: 'Seconds of one try.',
    differs: 'Without effect: the time-out for connecting of the run holds (`--timeout`).',
  },
} as const satisfies ArgSpec;

export const waitForConnection: Action<typeof ARGS> = defineAction({
  name: 'wait_for_connection',
  summary: 'Waits until the host can be logged in to.',
  args: ARGS,
  validate: ({ timeout, delay, sleep }) =>
    Math.min(timeout, delay, sleep) < 0 ? 'a time cannot be negative' : undefined,
  run({ timeout, delay, sleep }, _all, { check }) {
    if (check) return { skipped: 'not waited for in check mode' };
    return { effect: { kind: 'wait_for_connection', timeout, delay, sleep } };
  },
});
