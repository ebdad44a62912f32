import type { ArgSpec, ArgsOf } from '../model/args.ts';
import { type Decision, defineModule, type Module, type Refusal } from '../model/module.ts';
import { compilePythonRegex, PythonRegexError } from '../shared/python-regex/index.ts';
import { regexProblem } from './support/byte-pattern.ts';
import {
  type Edited,
  type EditState,
  editChanges,
  editPiece,
  editRefusal,
  editResult,
  exists,
} from './support/edit-file.ts';
import { FILE_ARGS, fileArgsProblem, ownerResources, validateProblem } from './support/file-args.ts';
import { readOf } from './support/piece.ts';
import { decodeEscaped, encodeEscaped } from './support/surrogate-text.ts';

const ARGS = {
  path: { type: 'path', required: true, aliases: ['dest', 'destfile', 'name'], doc: 'The file.' },
  regexp: {
    type: 'str',
    required: true,
    doc: 'Python pattern with MULTILINE: `^` and `$` mean lines, `.` ends at a newline.',
  },
  replace: { type: 'str', default: '', doc: 'What every match becomes; `\\1` and `\\g<name>` are groups.' },
  after: { type: 'str', doc: 'Only what follows a match of this pattern is looked at (DOTALL).' },
  before: { type: 'str', doc: 'Only what comes before a match of this pattern is looked at (DOTALL).' },
  backup: { type: 'bool', default: false, doc: 'Keep the old file beside it as `NAME.PID.DATE@TIME~`.' },
  encoding: { type: 'str', default: 'utf-8', doc: 'Encoding of the file.', differs: 'utf-8, latin-1 and ascii only.' },
  validate: { type: 'str', doc: 'Command that must succeed before the file is put in place; `%s` is the new file.' },
  ...FILE_ARGS,
} as const satisfies ArgSpec;

type Args = ArgsOf<typeof ARGS>;

export const replace: Module<typeof ARGS, EditState> = defineModule({
  name: 'replace',
  summary: 'Replaces every match of a pattern in a text file.',
  args: ARGS,
  validate(args) {
    if (!encodingOf(args.encoding)) return `encoding ${args.encoding} is not supported: utf-8, latin-1 or ascii`;
    if (args.after && args.before && /\\[1-9]/.test(args.before))
      return 'before: group references by number are not supported';
    const section = sectionPattern(args);
    return (
      regexProblem('regexp', () => compilePythonRegex(args.regexp, { multiline: true })) ??
      (section === ''
        ? undefined
        : regexProblem('after or before', () => compilePythonRegex(section, { dotAll: true }))) ??
      validateProblem(args.validate) ??
      fileArgsProblem(args)
    );
  },
  touches: (args) => [`file:${args.path}`, ...ownerResources(args)],
  read: (args) => readOf(editPiece(args)),
  plan(args, state): Decision {
    const refusal = editRefusal(state.file) ?? missing(state);
    if (refusal) return refusal;
    const edited = edit(args, state);
    if ('failed' in edited) return edited;
    return edited.outside ? [] : editChanges(args, state, edited);
  },
  result(args, state, outputs) {
    const edited = edit(args, state);
    if ('failed' in edited) return {};
    if (edited.outside)
      return { msg: `Pattern for before/after params did not match the given file: ${askedSection(args)}`, rc: 0 };
    const { msg, backup } = editResult(args, state, { edited, outputs });
    return { msg, rc: 0, ...(backup === '' ? {} : { backup_file: backup }) };
  },
});

function missing({ file }: EditState): Refusal | undefined {
  return exists(file) ? undefined : { failed: `Path ${file.path} does not exist !`, result: { rc: 257 } };
}

/** `outside`: `after` and `before` are nowhere in the file. */
type Replaced = Edited & { readonly outside: boolean };

function edit(args: Args, { file }: EditState): Replaced | Refusal {
  const { decode, encode } = CODECS[encodingOf(args.encoding) ?? 'utf8'];
  const bytes = file.content ?? Buffer.alloc(0);
  const text = decode(bytes);
  if (!encode(text).equals(bytes)) return { failed: `${file.path} is not ${args.encoding} text` };
  const section = sectionOf(args, text);
  if (!section) return { text: '', message: '', outside: true };
  try {
    const part = text.slice(section.start, section.end);
    const made = compilePythonRegex(args.regexp, { multiline: true }).subn(args.replace, part);
    if (made.count === 0 || made.text === part) return { text: '', message: '', outside: false };
    const whole = text.slice(0, section.start) + made.text + text.slice(section.end);
    const after = encode(whole);
    if (decode(after) !== whole) return { failed: `the replacement cannot be written as ${args.encoding}` };
    return { text: after.toString('latin1'), message: `${made.count} replacements made`, outside: false };
  } catch (error) {
    if (error instanceof PythonRegexError) return { failed: `replace: ${error.message}` };
    throw error;
  }
}

/** The part that is looked at; undefined where `after` and `before` do not match. */
function sectionOf(args: Args, text: string): { readonly start: number; readonly end: number } | undefined {
  const pattern = sectionPattern(args);
  if (pattern === '') return { start: 0, end: text.length };
  const match = compilePythonRegex(pattern, { dotAll: true }).search(text);
  if (!match) return undefined;
  const length = match.group('subsection')?.length ?? 0;
  if (args.after && args.before) {
    const end = text.length - (match.group('kp_rest')?.length ?? 0);
    return { start: end - length, end };
  }
  return args.after ? { start: match.end - length, end: match.end } : { start: match.index, end: match.index + length };
}

/** The pattern of the section. Python tells where a group ends; here a look at all that follows tells it. */
function sectionPattern({ after, before }: Args): string {
  if (after && before) return `${after}(?P<subsection>.*?)(?=(?P<kp_rest>.*))${before}`;
  return askedSection({ after, before });
}

/** As Ansible writes it in its message. */
function askedSection({
  after,
  before,
}: {
  readonly after?: string | undefined;
  readonly before?: string | undefined;
}): string {
  if (after && before) return `${after}(?P<subsection>.*?)${before}`;
  if (after) return `${after}(?P<subsection>.*)`;
  return before ? `(?P<subsection>.*)${before}` : '';
}

const CODECS = {
  utf8: { decode: decodeEscaped, encode: encodeEscaped },
  latin1: {
    decode: (bytes: Buffer) => bytes.toString('latin1'),
    encode: (text: string) => Buffer.from(text, 'latin1'),
  },
  ascii: { decode: (bytes: Buffer) => bytes.toString('ascii'), encode: (text: string) => Buffer.from(text, 'ascii') },
} as const;

function encodingOf(name: string): keyof typeof CODECS | undefined {
  const plain = name.toLowerCase().replace(/[-_ ]/g, '');
  if (plain === 'utf8') return 'utf8';
  if (plain === 'latin1' || plain === 'iso88591') return 'latin1';
  return plain === 'ascii' || plain === 'usascii' ? 'ascii' : undefined;
}
