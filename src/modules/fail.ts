import type { ArgSpec } from '../model/args.ts';
import { type Action, defineAction } from '../model/module.ts';

const ARGS = {
  msg: { type: 'str', default: 'Failed as requested from task', doc: 'Why.' },
} as const satisfies ArgSpec;

export const fail: Action<typeof ARGS> = defineAction({
  name: 'fail',
  summary: 'Fails with a message.',
  args: ARGS,
  run: ({ msg }) => ({ failed: msg, result: { msg } }),
});
