import { StringDecoder } from 'node:string_decoder';
import type { AnyModule } from '../model/module.ts';
import type { TaskContext } from './task-context.ts';

/** Bytes of live output that one task hands on; what is final is in its result. */
const MOST = 256 * 1024;
/** Characters of one line that are kept back for its end. */
const LONGEST_LINE = 64 * 1024;

type OnOutput = (stream: 'stdout' | 'stderr', chunk: Buffer) => void;

/**
 * Emits output of an operator's own command as it comes, unless it is hidden. Only whole lines are handed on: a secret
 * that arrives in two pieces would not be recognised.
 */
export function liveOutput(context: TaskContext): OnOutput | undefined {
  if (context.noLog || (context.task.run as AnyModule).readOnly) return undefined;
  const { run, host } = context.host;
  const decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
  const kept = { stdout: '', stderr: '' };
  let left = MOST;
  return (stream, chunk) => {
    if (left <= 0) return;
    const text = kept[stream] + decoders[stream].write(chunk.subarray(0, left));
    left -= chunk.length;
    const end = text.length > LONGEST_LINE ? text.length : text.lastIndexOf('\n') + 1;
    kept[stream] = text.slice(end);
    const more = left <= 0 ? '\n… more output follows\n' : '';
    if (end > 0 || more) {
      run.emit({ type: 'task-output', host, task: context.ref, stream, text: text.slice(0, end) + more });
    }
  };
}
