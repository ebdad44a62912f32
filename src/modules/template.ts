import type { ArgSpec } from '../model/args.ts';
import { defineModule, type Module } from '../model/module.ts';
import { localPiece, planLocal, sourceOf } from './support/copy/local.ts';
import { type CopyState, resultOfOne } from './support/copy/plan.ts';
import { FILE_ARGS, fileArgsProblem, ownerResources, validateProblem } from './support/file-args.ts';
import { readOf } from './support/piece.ts';

const ARGS = {
  src: { type: 'templateFile', required: true, doc: 'A Jinja2 template of this machine.' },
  dest: {
    type: 'path',
    required: true,
    doc: 'Where the text shall be on the host. A directory: into it, under its own name.',
  },
  backup: { type: 'bool', default: false, doc: 'Keep the old file beside it as `NAME.PID.DATE@TIME~`.' },
  force: { type: 'bool', default: true, doc: 'No: leave a file that is already there as it is.' },
  follow: {
    type: 'bool',
    default: false,
    doc: 'Write through a symbolic link at the destination; else it is replaced.',
  },
  validate: { type: 'str', doc: 'Command that must succeed before the file is put in place; `%s` is the new file.' },
  newline_sequence: {
    type: 'str',
    default: '\n',
    choices: ['\n', '\r', '\r\n'],
    doc: 'What ends a line in the result.',
  },
  block_start_string: { type: 'str', default: '{%', doc: 'Beginning of a statement.' },
  block_end_string: { type: 'str', default: '%}', doc: 'End of a statement.' },
  variable_start_string: { type: 'str', default: '{{', doc: 'Beginning of an expression.' },
  variable_end_string: { type: 'str', default: '}}', doc: 'End of an expression.' },
  comment_start_string: { type: 'str', default: '{#', doc: 'Beginning of a comment.' },
  comment_end_string: { type: 'str', default: '#}', doc: 'End of a comment.' },
  trim_blocks: { type: 'bool', default: true, doc: 'Remove the newline after a statement.' },
  lstrip_blocks: { type: 'bool', default: false, doc: 'Remove the blanks before a statement.' },
  output_encoding: {
    type: 'str',
    default: 'utf-8',
    doc: 'Encoding of the result.',
    differs: 'Only utf-8.',
  },
  ...FILE_ARGS,
} as const satisfies ArgSpec;

export const template: Module<typeof ARGS, CopyState> = defineModule({
  name: 'template',
  summary: 'Puts a rendered template on the host.',
  args: ARGS,
  validate(args) {
    if (args.src.entries) return `${args.src.path} is a directory`;
    if (!/^utf-?8$/i.test(args.output_encoding))
      return `output_encoding ${args.output_encoding} is not supported, only utf-8`;
    return validateProblem(args.validate) ?? fileArgsProblem(args);
  },
  touches: (args) => [`file:${args.dest}`, ...ownerResources(args)],
  read: (args) => readOf(localPiece(args, args.src)),
  plan: (args, state) => planLocal(args, args.src, state),
  result: (args, state, outputs) => {
    const file = state.files[0];
    if (!file) return { dest: args.dest };
    return { src: args.src.path, ...resultOfOne(file, sourceOf(args, args.src), { ids: state.ids, outputs }) };
  },
});
