import type { ArgSpec } from '../model/args.ts';
import { defineModule, type Module } from '../model/module.ts';
import { sh } from '../shared/sh.ts';
import { outputTexts, shortCommand } from './support/command.ts';

const ARGS = {
  cmd: {
    type: 'str',
    required: true,
    aliases: ['_raw_params', 'free_form'],
    doc: 'The command line, handed to the login shell as it is.',
  },
  executable: { type: 'str', doc: 'A shell to run it with instead of the login shell: an absolute path.' },
} as const satisfies ArgSpec;

export const raw: Module<typeof ARGS, undefined> = defineModule({
  name: 'raw',
  summary: 'Hands a command line to the login shell, for machines without a POSIX sh.',
  args: ARGS,
  freeForm: 'cmd',
  validate: (args) => (args.cmd.trim() === '' ? 'no command given' : undefined),
  touches: () => 'anything',
  read: () => ({ script: sh`:`, parse: () => ({ now: undefined }) }),
  plan: (args, _state, { check }) => {
    if (check) return { skipped: 'Command would have run if not in check mode' };
    return [
      {
        kind: 'command',
        summary: `run ${shortCommand(args.cmd)}`,
        command: { raw: args.cmd, ...(args.executable === undefined ? {} : { executable: args.executable }) },
        undo: 'none',
        killable: true,
      },
    ];
  },
  result: (_args, _state, outputs) => {
    const output = outputs.at(-1);
    if (!output) return { rc: 0 };
    const msg = output.status === 0 ? '' : 'non-zero return code';
    return { rc: output.status, msg, ...outputTexts(output, false) };
  },
});
