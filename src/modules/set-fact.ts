import type { ArgSpec } from '../model/args.ts';
import { plain } from '../model/coerce.ts';
import { type Action, defineAction } from '../model/module.ts';
import type { JsonObject, Vars } from '../model/value.ts';

const ARGS = {
  cacheable: {
    type: 'bool',
    default: false,
    doc: 'Whether the variables count as facts of the host too.',
    differs: 'Without effect: kprep keeps no facts from one run to the next.',
  },
} as const satisfies ArgSpec;

export const setFact: Action<typeof ARGS> = defineAction({
  name: 'set_fact',
  summary: 'Sets variables of the host for the rest of the run.',
  args: ARGS,
  anyArgs: true,
  run(_args, all) {
    const entries = Object.entries(all).filter(([name]) => name !== 'cacheable');
    if (entries.length === 0) {
      return { failed: 'No key/value pairs provided, at least one is required for this action to succeed' };
    }
    const wrong = entries.find(([name]) => !/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name));
    if (wrong) {
      return {
        failed: `The variable name '${wrong[0]}' is not valid. Variables must start with a letter or underscore character, and contain only letters, numbers and underscores.`,
      };
    }
    const facts: Vars = Object.fromEntries(entries);
    return { facts, result: { ansible_facts: plain(facts) as JsonObject } };
  },
});
