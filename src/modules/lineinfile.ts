import type { ArgSpec, ArgsOf } from '../model/args.ts';
import { type Decision, defineModule, type Module, type Refusal } from '../model/module.ts';
import { PythonRegexError } from '../shared/python-regex/index.ts';
import { bytePatternProblem, compileBytes } from './support/byte-pattern.ts';
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
import { bare, type LinePattern, withLine, withoutLines } from './support/edit-line.ts';
import { FILE_ARGS, fileArgsProblem, ownerResources, validateProblem } from './support/file-args.ts';
import { readOf } from './support/piece.ts';

const ARGS = {
  path: { type: 'path', required: true, aliases: ['dest', 'destfile', 'name'], doc: 'The file.' },
  state: { type: 'str', default: 'present', choices: ['absent', 'present'], doc: 'Whether the line is there.' },
  regexp: {
    type: 'str',
    aliases: ['regex'],
    doc: 'Python pattern: the last line that matches is replaced (state present), all that match are removed (absent).',
  },
  search_string: { type: 'str', doc: 'As `regexp`, but plain text that a line contains.' },
  line: { type: 'str', aliases: ['value'], doc: 'The line. With `backrefs`, groups of the match are put into it.' },
  insertafter: {
    type: 'str',
    doc: 'Where nothing matches: after the last line that matches this pattern, or `EOF`. Default: EOF.',
    differs: 'A last line without its newline gets one before the new line follows; Ansible joins the two.',
  },
  insertbefore: {
    type: 'str',
    doc: 'Where nothing matches: before the last line that matches this pattern, or `BOF`.',
  },
  backrefs: {
    type: 'bool',
    default: false,
    doc: 'Put groups of `regexp` into the line; where nothing matches, nothing is done.',
  },
  create: { type: 'bool', default: false, doc: 'Make the file, and directories above it, where it is missing.' },
  backup: { type: 'bool', default: false, doc: 'Keep the old file beside it as `NAME.PID.DATE@TIME~`.' },
  firstmatch: { type: 'bool', default: false, doc: 'Let the first match count rather than the last.' },
  validate: { type: 'str', doc: 'Command that must succeed before the file is put in place; `%s` is the new file.' },
  ...FILE_ARGS,
} as const satisfies ArgSpec;

type Args = ArgsOf<typeof ARGS>;

export const lineinfile: Module<typeof ARGS, EditState> = defineModule({
  name: 'lineinfile',
  summary: 'Keeps one line in a text file, or out of it.',
  args: ARGS,
  validate: problemOf,
  touches: (args) => [`file:${args.path}`, ...ownerResources(args)],
  read: (args) => readOf(editPiece(args)),
  plan(args, state): Decision {
    const refusal = editRefusal(state.file) ?? missing(args, state);
    if (refusal) return refusal;
    if (args.state === 'absent' && !exists(state.file)) return [];
    const edited = edit(args, state);
    return isRefused(edited) ? edited : editChanges(args, state, edited);
  },
  result(args, state, outputs) {
    if (args.state === 'absent' && !exists(state.file)) return { msg: 'file not present' };
    const edited = edit(args, state);
    if (isRefused(edited)) return {};
    const found = 'found' in edited ? { found: edited.found } : {};
    return { ...found, ...editResult(args, state, { edited, outputs }) };
  },
});

function problemOf(args: Args): string | undefined {
  if (args.insertbefore !== undefined && args.insertafter !== undefined) {
    return 'parameters are mutually exclusive: insertbefore|insertafter';
  }
  if (args.regexp !== undefined && args.search_string !== undefined) {
    return 'parameters are mutually exclusive: regexp|search_string';
  }
  if (args.backrefs && args.search_string !== undefined)
    return 'parameters are mutually exclusive: backrefs|search_string';
  return stateProblem(args) ?? patternProblem(args) ?? validateProblem(args.validate) ?? fileArgsProblem(args);
}

function stateProblem({ state, regexp, search_string, line, backrefs }: Args): string | undefined {
  if (state === 'present') {
    if (backrefs && regexp === undefined) return 'regexp is required with backrefs=true';
    return line === undefined ? 'line is required with state=present' : undefined;
  }
  const nothing = regexp === undefined && search_string === undefined && line === undefined;
  return nothing ? 'one of line, search_string, or regexp is required with state=absent' : undefined;
}

function patternProblem({ regexp, insertafter, insertbefore }: Args): string | undefined {
  const anchor = (text: string | undefined) => (text === 'EOF' || text === 'BOF' ? undefined : text);
  return (
    bytePatternProblem('regexp', regexp) ??
    bytePatternProblem('insertafter', anchor(insertafter)) ??
    bytePatternProblem('insertbefore', anchor(insertbefore))
  );
}

function missing(args: Args, { file }: EditState): Refusal | undefined {
  if (exists(file) || args.create || args.state === 'absent') return undefined;
  return { failed: `Destination ${file.path} does not exist !`, result: { rc: 257 } };
}

function edit(args: Args, state: EditState): Refusal | Edited | (Edited & { readonly found: number }) {
  const text = editText(state.file);
  const line = bytesText(args.line ?? '');
  const searchString = args.search_string === undefined ? undefined : bytesText(args.search_string);
  const regexp = args.regexp === undefined ? undefined : compileBytes(args.regexp);
  if (args.state === 'absent') {
    return withoutLines(text, (one) => {
      if (regexp) return regexp.search(one) !== undefined;
      return searchString === undefined ? bare(one) === line : one.includes(searchString);
    });
  }
  try {
    return withLine(text, {
      line,
      regexp,
      searchString,
      ...anchors(args),
      backrefs: args.backrefs,
      firstMatch: args.firstmatch,
    });
  } catch (error) {
    // A group in `line` that the pattern does not have shows only when a line matches.
    if (error instanceof PythonRegexError) return { failed: `line: ${error.message}` };
    throw error;
  }
}

function anchors({ insertafter, insertbefore }: Args) {
  const end = insertafter === undefined && insertbefore === undefined;
  return { insertAfter: end ? ('EOF' as const) : anchor(insertafter), insertBefore: beforeAnchor(insertbefore) };
}

/** `EOF` is no word for insertbefore: Ansible takes it for a pattern. */
function beforeAnchor(text: string | undefined): LinePattern | 'BOF' | undefined {
  if (text === undefined || text === 'BOF') return text;
  return compileBytes(text);
}

function anchor(text: string | undefined): LinePattern | 'EOF' | 'BOF' | undefined {
  if (text === undefined || text === 'EOF' || text === 'BOF') return text;
  return compileBytes(text);
}

function isRefused(edited: Refusal | Edited): edited is Refusal {
  return 'failed' in edited;
}
