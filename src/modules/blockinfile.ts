import type { ArgSpec, ArgsOf } from '../model/args.ts';
import { type Decision, defineModule, type Module, type Refusal } from '../model/module.ts';
import { bytePatternProblem, compileBytes } from './support/byte-pattern.ts';
import { type BlockPlace, withBlock } from './support/edit-block.ts';
import {
  bytesText,
  type Edited,
  type EditState,
  editChanges,
  editPiece,
  editRefusal,
  editResult,
  editText,
  exists,
} from './support/edit-file.ts';
import { FILE_ARGS, fileArgsProblem, ownerResources, validateProblem } from './support/file-args.ts';
import { readOf } from './support/piece.ts';

const ARGS = {
  path: { type: 'path', required: true, aliases: ['dest', 'destfile', 'name'], doc: 'The file.' },
  state: { type: 'str', default: 'present', choices: ['absent', 'present'], doc: 'Whether the block is there.' },
  block: { type: 'str', default: '', aliases: ['content'], doc: 'The lines. Empty: as state absent.' },
  marker: {
    type: 'str',
    default: '# {mark} ANSIBLE MANAGED BLOCK',
    doc: 'Line before and after the block; `{mark}` is replaced.',
  },
  marker_begin: { type: 'str', default: 'BEGIN', doc: 'What `{mark}` is before the block.' },
  marker_end: { type: 'str', default: 'END', doc: 'What `{mark}` is after the block.' },
  insertafter: {
    type: 'str',
    doc: 'A new block goes after the last line that matches this pattern, or to `EOF`. Default: EOF.',
  },
  insertbefore: { type: 'str', doc: 'A new block goes before the last line that matches this pattern, or to `BOF`.' },
  create: { type: 'bool', default: false, doc: 'Make the file, and directories above it, where it is missing.' },
  backup: { type: 'bool', default: false, doc: 'Keep the old file beside it as `NAME.PID.DATE@TIME~`.' },
  append_newline: { type: 'bool', default: false, doc: 'Have a blank line after the block.' },
  prepend_newline: { type: 'bool', default: false, doc: 'Have a blank line before the block.' },
  validate: { type: 'str', doc: 'Command that must succeed before the file is put in place; `%s` is the new file.' },
  ...FILE_ARGS,
} as const satisfies ArgSpec;

type Args = ArgsOf<typeof ARGS>;

export const blockinfile: Module<typeof ARGS, EditState> = defineModule({
  name: 'blockinfile',
  summary: 'Keeps a block of lines between two marker lines of a text file, or out of it.',
  args: ARGS,
  validate(args) {
    const { insertbefore, insertafter } = args;
    if (insertbefore !== undefined && insertafter !== undefined) {
      return 'parameters are mutually exclusive: insertbefore|insertafter';
    }
    if (begin(args) === end(args)) return 'the markers before and after the block are the same: use {mark} in marker';
    return (
      bytePatternProblem('insertafter', insertafter) ??
      bytePatternProblem('insertbefore', insertbefore) ??
      validateProblem(args.validate) ??
      fileArgsProblem(args)
    );
  },
  touches: (args) => [`file:${args.path}`, ...ownerResources(args)],
  read: (args) => readOf(editPiece(args)),
  plan(args, state): Decision {
    const refusal = editRefusal(state.file) ?? missing(args, state);
    if (refusal) return refusal;
    if (args.state === 'absent' && !exists(state.file)) return [];
    return editChanges(args, state, edit(args, state));
  },
  result(args, state, outputs) {
    if (args.state === 'absent' && !exists(state.file)) return { msg: `File ${state.file.path} not present` };
    const { msg, backup } = editResult(args, state, { edited: edit(args, state), outputs });
    return { msg, ...(backup === '' ? {} : { backup_file: backup }) };
  },
});

function missing(args: Args, { file }: EditState): Refusal | undefined {
  if (exists(file) || args.create) return undefined;
  return { failed: `Path ${file.path} does not exist !`, result: { rc: 257 } };
}

function edit(args: Args, { file }: EditState): Edited {
  return withBlock(exists(file) ? editText(file) : undefined, {
    begin: begin(args),
    end: end(args),
    block: args.state === 'present' ? bytesText(args.block) : '',
    place: placeOf(args),
    appendNewline: args.append_newline,
    prependNewline: args.prepend_newline,
  });
}

function begin({ marker, marker_begin }: Args): string {
  return bytesText(marker.replaceAll('{mark}', () => marker_begin));
}

function end({ marker, marker_end }: Args): string {
  return bytesText(marker.replaceAll('{mark}', () => marker_end));
}

function placeOf({ insertafter, insertbefore }: Args): BlockPlace {
  if (insertafter !== undefined && insertafter !== 'EOF') return patternPlace(insertafter, 'after');
  if (insertbefore !== undefined && insertbefore !== 'BOF') return patternPlace(insertbefore, 'before');
  return { at: insertbefore === 'BOF' ? 'BOF' : 'EOF' };
}

function patternPlace(pattern: string, side: 'before' | 'after'): BlockPlace {
  return { pattern: compileBytes(pattern), side, multiline: /^\(\?[aiLmsux]*m[aiLmsux]*\)/.test(pattern) };
}
