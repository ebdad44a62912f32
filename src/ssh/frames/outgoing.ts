import type { Frame } from '../../model/connection.ts';
import type { Content } from '../../model/content.ts';
import { KprepError } from '../../shared/errors.ts';
import { encode, INLINE_LIMIT, programOf, type Uploaded } from './encode.ts';
import { keptProgram, spoolName } from './spool.ts';

/** Whether what the step reads cannot go into its line as it is. */
export function needsUpload({ stdin }: Frame): boolean {
  return stdin !== undefined && (stdin.size > INLINE_LIMIT || stdin.bytes === undefined);
}

/**
 * The line for the guard.
 * @throws KprepError `task` when a name or value cannot be meant.
 */
export function lineOf(id: string, frame: Frame, input: Buffer | Uploaded | undefined, nonce: string): string {
  const program = programOf(frame, input);
  if (frame.killable) return `kp_run ${id} '${encode(program)}'\n`;
  return `kp_keep ${id} ${spoolName(frame, `${nonce}-${id}`)} '${encode(keptProgram(program))}'\n`;
}

/** For a step that must not be killed a lost connection is not its end. */
export function keptError(error: Error): Error {
  if (!(error instanceof KprepError) || error.kind !== 'lost') return error;
  return new KprepError('lost', `${error.message}; the step goes on by itself if it had begun`, { cause: error });
}

/** What a step reads: in memory where it is small, else put on the host by `upload`. */
export async function readInput(
  { stdin }: Frame,
  upload: (content: Content) => Promise<Uploaded>,
): Promise<Buffer | Uploaded> {
  if (!stdin) return Buffer.alloc(0);
  if (stdin.size > INLINE_LIMIT) return upload(stdin);
  const chunks: Buffer[] = [];
  for await (const chunk of stdin.stream()) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
