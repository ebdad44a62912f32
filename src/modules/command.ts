import type { ArgSpec, ArgsOf } from '../model/args.ts';
import type { CommandChange } from '../model/change.ts';
import { defineModule, type Module } from '../model/module.ts';
import { joinScripts } from '../shared/sh.ts';
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
import { isExpanded, remoteWord } from './support/remote-path.ts';
import { splitWords } from './support/shlex.ts';

const ARGS = {
  cmd: {
    type: 'str',
    aliases: ['_raw_params', 'free_form'],
    doc: 'The command line; quotes group, no shell looks at it.',
  },
  argv: { type: 'list', doc: 'The command as a list of words, instead of `cmd`.' },
  ...COMMAND_ARGS,
  ...INPUT_ARGS,
  expand_argument_vars: {
    type: 'bool',
    default: true,
    doc: 'Whether `$NAME` and a leading `~` in the words stand for what they mean on the host.',
  },
  executable: {
    type: 'str',
    doc: 'Nothing: there is no shell here.',
    differs: 'Accepted and without effect, as Ansible warns.',
  },
} as const satisfies ArgSpec;

type Args = ArgsOf<typeof ARGS>;

export const command: Module<typeof ARGS, CommandState> = defineModule({
  name: 'command',
  summary: 'Runs a program on the host, without a shell.',
  args: ARGS,
  freeForm: 'cmd',
  validate(args) {
    const hasCmd = (args.cmd ?? '').trim() !== '';
    if (!hasCmd && (args.argv ?? []).length === 0) return 'no command given';
    if (hasCmd && args.argv) return 'only command or argv can be given, not both';
    const words = wordsOf(args);
    return typeof words === 'string' ? `${words}: ${args.cmd}` : undefined;
  },
  touches: () => 'anything',
  read: (args) => readOf(commandPiece(args)),
  plan: (args, state, { check }) => planCommand({ args, state, check, change: () => changeOf(args, state) }),
  result: (args, state, outputs) => {
    const words = wordsOf(args);
    return commandResult({ cmd: typeof words === 'string' ? [] : words, args, state, outputs });
  },
});

/** The words, or what is wrong with the quotes. */
function wordsOf(args: Args): readonly string[] | string {
  if (args.argv && args.argv.length > 0) return args.argv;
  const split = splitWords(args.cmd ?? '');
  return 'problem' in split ? split.problem : split.words;
}

function changeOf(args: Args, state: CommandState): CommandChange {
  const words = wordsOf(args);
  const argv = typeof words === 'string' ? [] : words;
  const expands = args.expand_argument_vars && argv.some(isExpanded);
  return {
    kind: 'command',
    summary: `run ${shortCommand(argv.join(' '))}`,
    // Only the host knows what `$HOME` is, so such a line goes through its sh, every other character quoted.
    command: expands ? { shell: joinScripts(argv.map(remoteWord), ' ') } : { argv },
    ...(state.chdir === undefined ? {} : { chdir: state.chdir }),
    ...stdinOf(args),
    undo: 'none',
    killable: true,
  };
}
