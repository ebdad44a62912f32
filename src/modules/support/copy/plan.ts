import type { Change, RunChange, StepOutput } from '../../../model/change.ts';
import type { Content } from '../../../model/content.ts';
import type { Decision, Refusal, Resource } from '../../../model/module.ts';
import type { JsonObject } from '../../../model/value.ts';
import { joinScripts, sh } from '../../../shared/sh.ts';
import { newOwnership, removeEmpty } from '../file/common.ts';
import type { Ownership } from '../file-args.ts';
import { octal } from '../mode.ts';
import { type OwnerIds, ownershipChange } from '../ownership.ts';
import { md5, ownershipResult, putFile } from '../put-file.ts';
import type { TreeFile, TreeState } from './tree.ts';

export interface CopyArgs extends Ownership {
  readonly dest: string;
  readonly backup: boolean;
  readonly force: boolean;
  readonly follow: boolean;
  readonly validate?: string;
  readonly unsafe_writes: boolean;
}

export interface CopyState extends TreeState {
  readonly ids: OwnerIds;
}

/** One file to be put, and what the task wants of it; the mode `preserve` is already resolved. */
export interface Source {
  readonly content: Content;
  readonly wanted: Ownership;
}

/** What has to be done for one file; empty: it is so. */
export function planOne(
  args: CopyArgs,
  state: CopyState,
  { file, source }: { readonly file: TreeFile; readonly source: Source },
): Decision {
  const trouble = troubleOf(file);
  if (trouble) return trouble;
  const there = file.stat !== undefined;
  if (there && !args.force) return [];
  if (file.sha256 === source.content.sha256) {
    const { stat, path } = file;
    const change = stat && ownershipChange({ path, stat, wanted: source.wanted, ids: state.ids, follow: true });
    return change ? [change] : [];
  }
  return [
    putFile({
      file,
      content: source.content,
      wanted: source.wanted,
      summary: `${there ? 'replace' : 'write'} ${file.path}`,
      backup: args.backup,
      validate: args.validate,
      follow: args.follow,
      inPlace: args.unsafe_writes,
      undoLink: bringLinkBack(file),
    }),
  ];
}

function troubleOf({ kind, path }: TreeFile): Refusal | undefined {
  if (kind === 'directory') return { failed: `${path} is a directory` };
  if (kind === 'unreadable') return { failed: `Destination ${path} not readable` };
  if (kind === 'other') return { failed: `${path} is not a regular file` };
  return undefined;
}

function bringLinkBack({ path, linkTarget }: TreeFile): Change | undefined {
  if (linkTarget === undefined) return undefined;
  return {
    kind: 'run',
    summary: `bring the link ${path} back`,
    script: sh`ln -sfn -- ${linkTarget} ${path}`,
    undo: 'none',
    killable: true,
  };
}

/** Directories that are missing, made in order with their mode; undefined where none is. */
export function makeMissing(
  dirs: readonly { readonly path: string; readonly wanted: Ownership }[],
): RunChange | undefined {
  if (dirs.length === 0) return undefined;
  const steps = dirs.map(({ path, wanted }) =>
    joinScripts([sh`mkdir -p -- ${path}`, ...newOwnership(path, wanted, { directory: true })], ' &&\n'),
  );
  return {
    kind: 'run',
    summary:
      dirs.length === 1 ? `make directory ${dirs[0]?.path}` : `make ${dirs.length} directories below ${dirs[0]?.path}`,
    script: sh`umask 022
${{ script: joinScripts(steps, ' &&\n') }}`,
    undo: {
      kind: 'run',
      summary: 'remove the directories that were made',
      script: removeEmpty(dirs.map(({ path }) => path)),
      undo: 'none',
      killable: true,
    },
    killable: true,
    touches: dirs.slice(0, 1).map(({ path }): Resource => `file:${path}`),
  };
}

/** The return values for one file, under the names of `copy`. */
export function resultOfOne(
  file: TreeFile,
  source: Source,
  about: { readonly ids: OwnerIds; readonly outputs: readonly StepOutput[] },
): JsonObject {
  const backup = about.outputs.find((output) => output.backup !== undefined)?.backup;
  const { content } = source;
  return {
    dest: file.path,
    checksum: content.sha1,
    ...(content.bytes ? { md5sum: md5(content.bytes) } : {}),
    size: content.size,
    state: 'file',
    ...ownershipResult(
      { stat: file.kind === 'file' ? file.stat : undefined, directory: false },
      source.wanted,
      about.ids,
    ),
    ...(backup === undefined ? {} : { backup_file: backup }),
  };
}

/** `preserve` is the mode that the file has here. */
export function sourceMode(mode: string | undefined, local: number): { mode?: string } {
  if (mode === undefined) return {};
  return { mode: mode === 'preserve' ? octal(local) : mode };
}
