import { createHash } from 'node:crypto';
import type { Change, PutChange } from '../../model/change.ts';
import { contentOf } from '../../model/content.ts';
import { sh } from '../../shared/sh.ts';

export interface TextEdit {
  readonly path: string;
  /** What was read; undefined: the file is not there. */
  readonly before: Buffer | undefined;
  /** Text as `textIn` gives it, or bytes. */
  readonly after: string | Buffer;
  readonly summary: string;
  readonly backup?: boolean;
  readonly mode?: string | undefined;
  readonly makeParents?: boolean;
  /** Secrets are in it: no diff. */
  readonly hideDiff?: boolean;
}

/** Replaces a small text file as a whole, only if it still is what was read; its undo puts the old bytes back. */
export function editText(edit: TextEdit): PutChange {
  const after = typeof edit.after === 'string' ? Buffer.from(edit.after, 'latin1') : edit.after;
  return {
    kind: 'put',
    summary: edit.summary,
    path: edit.path,
    content: contentOf(after),
    backup: edit.backup ?? false,
    follow: true,
    expect: edit.before === undefined ? 'absent' : sha256(edit.before),
    killable: false,
    undo: takeBack(edit, after),
    ...(edit.mode === undefined ? {} : { mode: edit.mode }),
    ...(edit.makeParents ? { makeParents: true } : {}),
    ...(edit.hideDiff ? {} : { diff: { before: edit.before?.toString('utf8') ?? '', after: after.toString('utf8') } }),
  };
}

/** The text of a file, one character for each byte (latin1), so that every file comes through unharmed. */
export function textIn(bytes: Buffer | undefined): string {
  return bytes?.toString('latin1') ?? '';
}

/** Text of an operator in the spelling of `textIn`. */
export function byteText(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** Removes a small text file; its undo puts it back. */
export function removeText(path: string, before: Buffer, summary: string): Change {
  return {
    kind: 'run',
    summary,
    script: sh`rm -f -- ${path}`,
    killable: true,
    diff: { before: before.toString('utf8'), after: '' },
    undo: {
      kind: 'put',
      summary: `put ${path} back`,
      path,
      content: contentOf(before),
      backup: false,
      follow: true,
      expect: 'absent',
      killable: false,
      undo: 'none',
    },
  };
}

function takeBack(edit: TextEdit, after: Buffer): Change {
  if (edit.before === undefined) {
    const script = sh`[ -e ${edit.path} ] || exit 0
[ "$(sha256sum < ${edit.path})" = ${`${sha256(after)}  -`} ] || { printf '%s was changed since\n' ${edit.path} >&2; exit 1; }
rm -f -- ${edit.path}`;
    return { kind: 'run', summary: `remove ${edit.path}`, script, killable: true, undo: 'none' };
  }
  return {
    kind: 'put',
    summary: `put ${edit.path} back`,
    path: edit.path,
    content: contentOf(edit.before),
    backup: false,
    follow: true,
    expect: sha256(after),
    killable: false,
    undo: 'none',
  };
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
