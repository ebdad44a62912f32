import type { Change, StepOutput } from '../../model/change.ts';
import { contentOf } from '../../model/content.ts';
import type { Refusal } from '../../model/module.ts';
import type { Ownership } from './file-args.ts';
import { filePiece, fileTrouble, type HostFile } from './host-file.ts';
import { type OwnerIds, ownerIdsPiece, ownershipChange } from './ownership.ts';
import { type Piece, pieces } from './piece.ts';
import { putFile } from './put-file.ts';

/** What the modules that edit a text file read first. */
export interface EditState {
  readonly file: HostFile;
  readonly ids: OwnerIds;
}

export interface EditArgs extends Ownership {
  readonly path: string;
  readonly backup: boolean;
  readonly validate?: string;
  readonly unsafe_writes: boolean;
}

export function editPiece(args: { readonly path: string } & Ownership): Piece<EditState> {
  return pieces({ file: filePiece(args.path), ids: ownerIdsPiece(args) });
}

/** What an edit makes of the text. Texts hold one character for each byte (latin1), so that every file comes through unharmed. */
export interface Edited {
  readonly text: string;
  /** Ansible's message: `line added`. Empty: nothing changed. */
  readonly message: string;
}

/** A path that cannot be edited, as Ansible refuses it. An absent file is none of its business. */
export function editRefusal(file: HostFile): Refusal | undefined {
  if (file.kind === 'directory') return { failed: `Path ${file.path} is a directory !`, result: { rc: 256 } };
  const trouble = fileTrouble(file);
  return trouble === undefined ? undefined : { failed: trouble };
}

export function exists(file: HostFile): boolean {
  return file.kind !== 'absent' && file.kind !== 'dangling';
}

/** The text of a file that was read; empty where there is none. */
export function editText(file: HostFile): string {
  return file.content?.toString('latin1') ?? '';
}

/** UTF-8 text in the same spelling as the texts of files here. */
export function bytesText(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** The changes of an edit: the new content, or only the ownership. */
export function editChanges(args: EditArgs, state: EditState, edited: Edited): readonly Change[] {
  const { file, ids } = state;
  if (edited.message !== '') {
    return [
      putFile({
        file,
        content: contentOf(Buffer.from(edited.text, 'latin1')),
        wanted: args,
        summary: `${file.path}: ${edited.message}`,
        backup: args.backup,
        validate: args.validate,
        makeParents: true,
        inPlace: args.unsafe_writes,
      }),
    ];
  }
  const ownership = file.stat && ownershipChange({ path: file.path, stat: file.stat, wanted: args, ids, follow: true });
  return ownership ? [ownership] : [];
}

/** `msg` and `backup` as Ansible's editing modules return them. */
export function editResult(
  args: EditArgs,
  state: EditState,
  edit: { readonly edited: Edited; readonly outputs: readonly StepOutput[] },
) {
  const { file, ids } = state;
  const owned = file.stat && ownershipChange({ path: file.path, stat: file.stat, wanted: args, ids, follow: true });
  const parts = [edit.edited.message, owned ? 'ownership, perms or SE linux context changed' : ''];
  return {
    msg: parts.filter(Boolean).join(' and '),
    backup: edit.outputs.find((output) => output.backup)?.backup ?? '',
  };
}
