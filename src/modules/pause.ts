import type { ArgSpec } from '../model/args.ts';
import { type Action, defineAction } from '../model/module.ts';

const ARGS = {
  minutes: { type: 'float', doc: 'How long.' },
  seconds: { type: 'float', doc: 'How long.' },
  prompt: {
    type: 'str',
    doc: 'What is asked. Without a time: the run goes on when Enter is pressed, and `user_input` holds the line.',
  },
  echo: { type: 'bool', default: true, doc: 'Whether what is typed can be seen.' },
} as const satisfies ArgSpec;

export const pause: Action<typeof ARGS> = defineAction({
  name: 'pause',
  summary: 'Waits for a time, or for somebody to press Enter.',
  args: ARGS,
  validate({ minutes, seconds }) {
    if (minutes !== undefined && seconds !== undefined) return 'parameters are mutually exclusive: minutes|seconds';
    const negative = (minutes ?? 0) < 0 || (seconds ?? 0) < 0;
    return negative ? 'a time cannot be negative' : undefined;
  },
  run({ minutes, seconds, prompt, echo }) {
    const time = minutes === undefined ? seconds : minutes * 60;
    // Whole seconds and at least one, as Ansible counts them.
    const wait = time === undefined ? undefined : Math.max(1, Math.floor(time));
    return {
      effect: {
        kind: 'pause',
        echo,
        ...(wait === undefined ? {} : { seconds: wait }),
        ...(prompt === undefined ? {} : { prompt }),
      },
      result: { echo, ...(wait === undefined ? {} : { seconds: wait }) },
    };
  },
});
