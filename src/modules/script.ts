import type { ArgSpec, ArgsOf } from '../model/args.ts';
import type { CommandChange } from '../model/change.ts';
import { contentOf } from '../model/content.ts';
import { defineModule, type Module } from '../model/module.ts';
import {
  COMMAND_ARGS,
  type CommandState,
  commandPiece,
  commandResult,
  needlessRun,
  planCommand,
} from './support/command.ts';
import { readOf } from './support/piece.ts';

const ARGS = {
  cmd: {
    type: 'localCommand',
    required: true,
    aliases: ['_raw_params', 'free_form'],
    doc: 'A script of this machine and its arguments; it is sent to the host and run there.',
  },
  ...COMMAND_ARGS,
  executable: { type: 'str', doc: 'The interpreter to run it with. Default: what its first line names.' },
  decrypt: { type: 'bool', default: true, doc: 'Whether a script that is vaulted is decrypted first.' },
} as const satisfies ArgSpec;

type Args = ArgsOf<typeof ARGS>;

export const script: Module<typeof ARGS, CommandState> = defineModule({
  name: 'script',
  summary: 'Sends a script of this machine to the host and runs it there.',
  args: ARGS,
  freeForm: 'cmd',
  validate(args) {
    if (args.chdir !== undefined && !args.chdir.startsWith('/')) return `chdir must be an absolute path: ${args.chdir}`;
    if (args.cmd.entries) return `${args.cmd.path} is a directory`;
    return undefined;
  },
  touches: () => 'anything',
  read: (args) => readOf(commandPiece(args)),
  plan(args, state, { check }) {
    const why = needlessRun(args, state);
    if (why !== undefined && state.chdirTrouble === undefined) {
      const exists = args.creates !== undefined && state.creates;
      return { skipped: exists ? `${args.creates} exists, matching creates option` : missing(args.removes) };
    }
    return planCommand({ args, state, check, change: () => changeOf(args, state) });
  },
  result: (args, state, outputs) => {
    const { cmd, ...values } = commandResult({ cmd: '', args: { ...args, strip_empty_ends: false }, state, outputs });
    return values;
  },
});

function missing(removes: string | undefined): string {
  return `${removes} does not exist, matching removes option`;
}

function changeOf(args: Args, state: CommandState): CommandChange {
  const { cmd, executable } = args;
  return {
    kind: 'command',
    summary: `run ${cmd.name}${cmd.arguments === '' ? '' : ` ${cmd.arguments}`}`,
    command: {
      script: cmd.content ?? contentOf(''),
      arguments: cmd.arguments,
      ...(executable === undefined ? {} : { executable }),
    },
    ...(state.chdir === undefined ? {} : { chdir: state.chdir }),
    undo: 'none',
    killable: true,
  };
}
