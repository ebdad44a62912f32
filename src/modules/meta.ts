import type { ArgSpec } from '../model/args.ts';
import { type Action, defineAction } from '../model/module.ts';

const ARGS = {
  free_form: {
    type: 'str',
    required: true,
    aliases: ['_raw_params'],
    choices: [
      'flush_handlers',
      'clear_facts',
      'clear_host_errors',
      'end_host',
      'end_play',
      'end_batch',
      'reset_connection',
      'refresh_inventory',
      'noop',
    ],
    doc: 'What becomes of the run: handlers run now, facts are forgotten, the host, play or batch is over …',
    differs: '`end_role` is refused. `refresh_inventory` warns: the inventory is read once, at the start.',
  },
} as const satisfies ArgSpec;

export const meta: Action<typeof ARGS> = defineAction({
  name: 'meta',
  summary: 'Steers the run itself.',
  args: ARGS,
  freeForm: 'free_form',
  run: ({ free_form }) => ({ effect: { kind: free_form } }),
});
