import type { ArgSpec, ArgsOf, LocalFile } from '../model/args.ts';
import type { StepOutput } from '../model/change.ts';
import { contentOf } from '../model/content.ts';
import { type Decision, defineModule, type Module } from '../model/module.ts';
import type { Json, JsonObject } from '../model/value.ts';
import { localPiece, planLocal, sourceOf } from './support/copy/local.ts';
import { type CopyState, resultOfOne } from './support/copy/plan.ts';
import { planRemote, type RemoteState, remoteBackup, remotePiece } from './support/copy/remote.ts';
import { FILE_ARGS, fileArgsProblem, ownerResources, validateProblem } from './support/file-args.ts';
import { mapPiece, type Piece, readOf } from './support/piece.ts';
import { ownershipResult } from './support/put-file.ts';
import { pythonJson } from './support/python-json.ts';

const ARGS = {
  src: {
    type: 'localFile',
    hostPathIf: 'remote_src',
    doc: 'A file or directory of this machine (with remote_src: of the host). A slash at the end: the entries of the directory.',
  },
  content: { type: 'any', doc: 'The content itself, instead of `src`. A mapping or list is written as JSON.' },
  dest: {
    type: 'path',
    required: true,
    doc: 'Where it shall be on the host. A slash at the end: into that directory.',
  },
  backup: { type: 'bool', default: false, doc: 'Keep the old file beside it as `NAME.PID.DATE@TIME~`.' },
  force: { type: 'bool', default: true, aliases: ['thirsty'], doc: 'No: leave a file that is already there as it is.' },
  directory_mode: { type: 'mode', doc: 'Mode of directories that are made; of those below a copied directory too.' },
  remote_src: { type: 'bool', default: false, doc: 'Whether `src` is on the host.' },
  follow: {
    type: 'bool',
    default: false,
    doc: 'Write through a symbolic link at the destination; else it is replaced.',
  },
  local_follow: {
    type: 'bool',
    default: true,
    doc: 'Whether links below a directory of this machine are followed.',
    differs: 'Only yes: links of this machine are copied as what they stand for.',
  },
  checksum: { type: 'str', doc: 'SHA-1 that the source must have, in hex.' },
  decrypt: { type: 'bool', default: true, doc: 'Whether a vaulted source is decrypted.' },
  validate: { type: 'str', doc: 'Command that must succeed before the file is put in place; `%s` is the new file.' },
  ...FILE_ARGS,
} as const satisfies ArgSpec;

type Args = ArgsOf<typeof ARGS>;
type State = { readonly local: CopyState } | { readonly remote: RemoteState };

export const copy: Module<typeof ARGS, State> = defineModule({
  name: 'copy',
  summary: 'Puts files, directories or given content on the host.',
  args: ARGS,
  validate: problemOf,
  touches: (args) => [
    `file:${args.dest}`,
    ...(typeof args.src === 'string' ? [`file:${args.src}` as const] : []),
    ...ownerResources(args),
  ],
  read: (args) => readOf(pieceOf(args)),
  plan: planOf,
  result: resultOf,
});

function problemOf(args: Args): string | undefined {
  const hasContent = args.content !== undefined;
  if (args.src !== undefined && hasContent) return 'src and content are mutually exclusive';
  if (args.src === undefined && !hasContent) return 'src (or content) is required';
  if (hasContent && args.dest.endsWith('/')) return 'can not use content with a dir as dest';
  if (!args.local_follow)
    return 'local_follow: no is not supported: links of this machine are copied as what they stand for';
  const src = localSource(args);
  const odd = src && oddName(src);
  if (odd !== undefined) return `a file name with a newline cannot be copied: ${JSON.stringify(odd)}`;
  return validateProblem(args.validate) ?? fileArgsProblem(args);
}

function oddName({ name, entries = [] }: LocalFile): string | undefined {
  if (name.includes('\n')) return name;
  return entries.map(oddName).find((found) => found !== undefined);
}

/** The path of a source on the host. */
function remoteSource(args: Args): string | undefined {
  return typeof args.src === 'string' ? args.src : undefined;
}

/** The file of this machine, or the content as one. Undefined: the source is on the host. */
function localSource({ src, content, dest }: Args): LocalFile | undefined {
  if (typeof src === 'string') return undefined;
  return src ?? { path: dest, name: dest.replace(/.*\//, ''), mode: 0o644, content: contentOf(textOf(content ?? '')) };
}

function textOf(content: Json): string {
  if (typeof content === 'string') return content;
  if (typeof content === 'boolean') return content ? 'True' : 'False';
  return typeof content === 'object' ? pythonJson(content) : String(content);
}

function pieceOf(args: Args): Piece<State> {
  const path = remoteSource(args);
  if (path !== undefined) return mapPiece(remotePiece(args, path), (remote) => ({ remote }));
  const src = localSource(args);
  return mapPiece(localPiece(args, src ?? EMPTY), (local) => ({ local }));
}

const EMPTY: LocalFile = { path: '', name: '', mode: 0o644 };

function planOf(args: Args, state: State): Decision {
  if ('remote' in state) return planRemote(args, state.remote, args.checksum);
  const src = localSource(args) ?? EMPTY;
  if (args.checksum !== undefined && src.content && src.content.sha1 !== args.checksum.toLowerCase()) {
    const failed = 'Copied file does not match the expected checksum. Transfer failed.';
    return { failed, result: { checksum: src.content.sha1, expected_checksum: args.checksum } };
  }
  if (args.content !== undefined && state.local.destIsDirectory)
    return { failed: 'can not use content with a dir as dest' };
  return planLocal(args, src, state.local);
}

function resultOf(args: Args, state: State, outputs: readonly StepOutput[]): JsonObject {
  if ('remote' in state) return remoteResult(args, state.remote, outputs);
  const src = localSource(args) ?? EMPTY;
  const from = args.content === undefined ? { src: src.path } : {};
  const file = state.local.files[0];
  if (src.entries || !file) return { ...from, dest: args.dest };
  return { ...from, ...resultOfOne(file, sourceOf(args, src), { ids: state.local.ids, outputs }) };
}

function remoteResult(args: Args, state: RemoteState, outputs: readonly StepOutput[]): JsonObject {
  const { src, dest, tree, ids, srcSha1 } = state;
  if (src.kind === 'directory') return { src: src.path, dest: tree?.dest ?? dest.path };
  const backup = remoteBackup(outputs);
  return {
    src: src.path,
    dest: dest.path,
    checksum: srcSha1,
    size: src.stat?.size ?? 0,
    state: 'file',
    ...ownershipResult({ stat: dest.stat, directory: false }, args, ids),
    ...(backup === undefined ? {} : { backup_file: backup }),
  };
}
