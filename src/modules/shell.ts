import type { ArgSpec } from '../model/args.ts';
import { defineModule, type Module } from '../model/module.ts';
import {
  COMMAND_ARGS,
  type CommandState,
  commandPiece,
  commandResult,
  INPUT_ARGS,
  planCommand,
  shortCommand,
  stdinOf,
} from './support/command.ts';
import { readOf } from './support/piece.ts';

const ARGS = {
  cmd: { type: 'str', required: true, aliases: ['_raw_params', 'free_form'], doc: 'The command line, for the shell.' },
  executable: { type: 'path', doc: 'The shell: an absolute path. Default: /bin/sh.' },
  ...COMMAND_ARGS,
  ...INPUT_ARGS,
} as const satisfies ArgSpec;

export const shell: Module<typeof ARGS, CommandState> = defineModule({
  name: 'shell',
  summary: 'Runs a command line through a shell of the host.',
  args: ARGS,
  freeForm: 'cmd',
  validate: (args) => (args.cmd.trim() === '' ? 'no command given' : undefined),
  touches: () => 'anything',
  read: (args) => readOf(commandPiece(args)),
  plan: (args, state, { check }) =>
    planCommand({
      args,
      state,
      check,
      change: () => ({
        kind: 'command',
        summary: `run ${shortCommand(args.cmd)}`,
        command: { shell: args.cmd, ...(args.executable === undefined ? {} : { executable: args.executable }) },
        ...(state.chdir === undefined ? {} : { chdir: state.chdir }),
        ...stdinOf(args),
        undo: 'none',
        killable: true,
      }),
    }),
  result: (args, state, outputs) => commandResult({ cmd: args.cmd, args, state, outputs }),
});
