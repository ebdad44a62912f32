import type { ArgSpec } from '../model/args.ts';
import { defineModule, type Module } from '../model/module.ts';
import { sh } from '../shared/sh.ts';
import { readOf } from './support/piece.ts';
import { remoteWord } from './support/remote-path.ts';

/** Bytes. What a read may print at most, with a margin. */
const LIMIT = 12 * 1024 * 1024;

const ARGS = {
  src: {
    type: 'path',
    required: true,
    aliases: ['path'],
    doc: 'The file to read.',
    differs: `A file over ${LIMIT} bytes is refused: fetch it.`,
  },
} as const satisfies ArgSpec;

interface State {
  readonly path: string;
  readonly kind: 'file' | 'absent' | 'directory' | 'unreadable' | 'large';
  readonly content: Buffer;
}

export const slurp: Module<typeof ARGS, State> = defineModule({
  name: 'slurp',
  summary: "Reads a file's content into a variable, as base64.",
  args: ARGS,
  readOnly: true,
  touches: (args) => [`file:${args.src}`],
  // The content comes last and without a length, because files of /proc and /sys have none.
  read: (args) =>
    readOf({
      script: sh`kp_f=${{ script: remoteWord(args.src) }}
if [ -d "$kp_f" ]; then kp_kind='directory'
elif [ ! -e "$kp_f" ]; then kp_kind=absent
elif [ ! -r "$kp_f" ]; then kp_kind=unreadable
elif [ "$(stat -L -c %s -- "$kp_f")" -gt ${LIMIT} ]; then kp_kind=large
else kp_kind='file'; fi
printf '%s\000' "$kp_f" "$kp_kind"
if [ "$kp_kind" = file ]; then cat -- "$kp_f"; fi`,
      parse: (cursor) => ({ path: cursor.field(), kind: cursor.field() as State['kind'], content: cursor.rest() }),
    }),
  plan: (_args, { path, kind }) => {
    switch (kind) {
      case 'absent':
        return { failed: `file not found: ${path}` };
      case 'unreadable':
        return { failed: `file is not readable: ${path}` };
      case 'directory':
        return { failed: `source is a directory and must be a file: ${path}` };
      case 'large':
        return { failed: `file is larger than ${LIMIT} bytes: ${path}`, remedy: 'use fetch' };
      default:
        return [];
    }
  },
  result: (_args, { path, content }) => ({ content: content.toString('base64'), source: path, encoding: 'base64' }),
});
