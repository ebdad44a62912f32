import { createHash } from 'node:crypto';
import type { Change, Diff, PutChange } from '../../model/change.ts';
import { type Content, contentOf } from '../../model/content.ts';
import { type Script, sh } from '../../shared/sh.ts';
import type { Ownership } from './file-args.ts';
import { expectOf, type HostFile } from './host-file.ts';
import type { HostStat } from './host-stat.ts';
import { octal, resolveMode, UMASK } from './mode.ts';
import type { OwnerIds } from './ownership.ts';

/** Ansible shows no diff of larger files (`max_diff_size`, bytes). */
const DIFF_LIMIT = 104_448;

export interface PutFile {
  /** As it was read. */
  readonly file: HostFile;
  readonly content: Content;
  readonly wanted: Ownership;
  readonly summary: string;
  readonly backup: boolean;
  readonly validate?: string | undefined;
  /** Default: through links. */
  readonly follow?: boolean;
  readonly makeParents?: boolean;
  readonly inPlace?: boolean | undefined;
  /** How to bring back a link that is replaced by a file. */
  readonly undoLink?: Change | undefined;
}

/** Writes a whole file over one that was read: with what was found as a condition, a diff where both are text, and the way back. */
export function putFile(put: PutFile): PutChange {
  const { file, content, wanted } = put;
  const mode = putMode(file, wanted.mode);
  const replacesLink = put.follow === false && file.link;
  const expect = replacesLink ? undefined : expectOf(file);
  const diff = contentDiff(file, content, mode);
  return {
    kind: 'put',
    summary: put.summary,
    path: file.path,
    content,
    ...(mode === undefined ? {} : { mode }),
    ...(wanted.owner === undefined ? {} : { owner: wanted.owner }),
    ...(wanted.group === undefined ? {} : { group: wanted.group }),
    backup: put.backup && file.kind === 'file',
    ...(put.validate === undefined ? {} : { validate: put.validate }),
    follow: put.follow ?? true,
    ...(put.makeParents ? { makeParents: true } : {}),
    ...(put.inPlace ? { inPlace: true } : {}),
    ...(expect === undefined ? {} : { expect }),
    ...(diff ? { diff } : {}),
    undo: replacesLink ? (put.undoLink ?? 'none') : undoPut(file, content, put.follow ?? true),
    killable: false,
  };
}

/** Octal digits; undefined: that of the old file, or the default of a new one. */
function putMode(file: HostFile, mode: string | undefined): string | undefined {
  if (mode === undefined) return undefined;
  return resolveMode(mode, { mode: file.stat?.mode ?? 0o666 & ~UMASK, directory: false });
}

function undoPut(file: HostFile, content: Content, follow: boolean): Change | 'none' {
  return undoScript(file, content.sha256, follow);
}

/** Old content back, or the new file away; both only while the path still holds what was put there (`sha256`, hex). */
export function undoScript(file: HostFile, sha256: string, follow: boolean): Change | 'none' {
  const summary = file.kind === 'absent' ? `remove ${file.path}` : `put the former content of ${file.path} back`;
  if (file.kind === 'absent') {
    return { kind: 'run', summary, script: removeScript(file.path, sha256), undo: 'none', killable: true };
  }
  if (!file.content || !file.stat) return 'none';
  return {
    kind: 'put',
    summary,
    path: file.path,
    content: contentOf(file.content),
    mode: octal(file.stat.mode),
    owner: String(file.stat.uid),
    group: String(file.stat.gid),
    backup: false,
    follow,
    expect: sha256,
    undo: 'none',
    killable: false,
  };
}

function removeScript(path: string, sha256: string): Script {
  return sh`kp_f=${path}
[ -e "$kp_f" ] || [ -L "$kp_f" ] || exit 0
kp_sum=$(sha256sum <"$kp_f") || exit 1
[ "\${kp_sum%% *}" = ${sha256} ] || { printf '%s was changed since\n' "$kp_f" >&2; exit 1; }
rm -f -- "$kp_f"`;
}

/** Undefined where one side is binary, too large or not at hand. */
function contentDiff(file: HostFile, content: Content, mode?: string): Diff | undefined {
  const before = file.kind === 'absent' ? '' : textOf(file.content);
  const after = textOf(content.bytes);
  if (before === undefined || after === undefined) return undefined;
  const headers = { beforeHeader: `${file.path} (content)`, afterHeader: `${file.path} (content)` };
  return { before, after, ...headers, ...(isPrivate(file, mode) ? { private: true } : {}) };
}

function isPrivate(file: HostFile, mode: string | undefined): boolean {
  const was = file.stat?.mode ?? 0o644;
  const will = mode === undefined ? was : Number.parseInt(mode, 8);
  return (was & will & 0o004) === 0;
}

function textOf(bytes: Buffer | undefined): string | undefined {
  if (!bytes || bytes.length > DIFF_LIMIT || bytes.includes(0)) return undefined;
  return bytes.toString('utf8');
}

/** What is there; or, where nothing is yet, whether it will be a directory. */
export interface ResultBase {
  readonly stat: HostStat | undefined;
  readonly directory: boolean;
}

/** The return values that `file` and `copy` give of a file, as it will be; what is not known yet is left out. */
export function ownershipResult(
  { stat, directory }: ResultBase,
  wanted: Ownership,
  ids: OwnerIds,
): Record<string, number | string> {
  const base = { mode: stat?.mode ?? (directory ? 0o777 : 0o666) & ~UMASK, directory };
  const uid = wanted.owner === undefined ? stat?.uid : ids.uid;
  const gid = wanted.group === undefined ? stat?.gid : ids.gid;
  return {
    ...(uid === undefined ? {} : { uid }),
    ...(gid === undefined ? {} : { gid }),
    ...nameOf('owner', wanted.owner, stat?.user),
    ...nameOf('group', wanted.group, stat?.group),
    mode: wanted.mode === undefined ? octal(base.mode) : resolveMode(wanted.mode, base),
  };
}

function nameOf(key: string, wanted: string | undefined, now: string | undefined): Record<string, string> {
  const name = wanted !== undefined && !/^\d+$/.test(wanted) ? wanted : now;
  return name === undefined ? {} : { [key]: name };
}

/** md5 of bytes in hex: a return value of `copy`, no safeguard. */
export function md5(bytes: Buffer): string {
  return createHash('md5').update(bytes).digest('hex');
}
