import type { ArgSpec } from '../model/args.ts';
import { defineModule, type Module } from '../model/module.ts';
import { sh } from '../shared/sh.ts';

const ARGS = {
  data: { type: 'str', default: 'pong', doc: 'What comes back. `crash` makes the task fail.' },
} as const satisfies ArgSpec;

export const ping: Module<typeof ARGS, string> = defineModule({
  name: 'ping',
  summary: 'Tells that a shell on the host can be used.',
  args: ARGS,
  readOnly: true,
  touches: () => [],
  read: (args) => ({
    script: sh`printf '%s' ${args.data}`,
    parse: (out) => ({ now: out.stdout.toString('utf8') }),
  }),
  plan(args, now) {
    if (args.data === 'crash') return { failed: 'boom' };
    return now === args.data ? [] : { failed: `the host's shell answered "${now}" instead of "${args.data}"` };
  },
  result: (_args, now) => ({ ping: now }),
});
