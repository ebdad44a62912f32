import { count } from '../../shared/text.ts';

/** Characters that may wait for a reader of ours who is slower than the hosts. */
const MOST_WAITING = 16 * 1024 * 1024;

interface Stream {
  write(text: string): unknown;
  readonly writableLength: number;
}

/** Writes until too much waits to be read; what is then left out is counted. Memory stays bounded. */
export function patientOut(
  stream: Stream,
  write: (text: string) => void,
): { readonly write: (text: string) => void; readonly leftOut: () => string | undefined } {
  let lines = 0;
  return {
    write(text) {
      if (stream.writableLength <= MOST_WAITING) write(text);
      else lines += text.split('\n').length - 1;
    },
    leftOut: () =>
      lines === 0 ? undefined : `${count(lines, 'line')} of output left out: whoever reads it is slower than the hosts`,
  };
}
