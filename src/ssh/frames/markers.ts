/** Splits one stream at `NUL nonce SPACE text NEWLINE`, wherever the chunks are cut; all else is output. */
export interface MarkerScanner {
  push(chunk: Buffer): void;
}

export interface MarkerListener {
  output(bytes: Buffer): void;
  marker(words: readonly string[]): void;
}

/** A marker is written by one `write`, below PIPE_BUF, so nothing else stands inside it. */
const LONGEST = 512;

export function makeScanner(nonce: string, listener: MarkerListener): MarkerScanner {
  const needle = Buffer.from(`\0${nonce} `, 'latin1');
  let held: Buffer = Buffer.alloc(0);
  return {
    push(chunk) {
      const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      let from = 0;
      for (let found = find(bytes, needle, from); found; found = find(bytes, needle, from)) {
        if (found.at > from) listener.output(bytes.subarray(from, found.at));
        listener.marker(bytes.toString('latin1', found.at + needle.length, found.end).split(' '));
        from = found.end + 1;
      }
      const keep = cutAt(bytes, needle, from);
      if (keep > from) listener.output(bytes.subarray(from, keep));
      held = Buffer.from(bytes.subarray(keep));
    },
  };
}

function find(bytes: Buffer, needle: Buffer, from: number): { readonly at: number; readonly end: number } | undefined {
  const at = bytes.indexOf(needle, from);
  const end = at < 0 ? -1 : bytes.indexOf(10, at + needle.length);
  return end < 0 ? undefined : { at, end };
}

/** Where a marker that the end of the chunk cuts off may begin; the end where none does. */
function cutAt(bytes: Buffer, needle: Buffer, from: number): number {
  const whole = bytes.indexOf(needle, from);
  if (whole >= 0) return bytes.length - whole <= LONGEST ? whole : bytes.length;
  const first = Math.max(from, bytes.length - needle.length + 1);
  for (let at = bytes.indexOf(0, first); at >= 0; at = bytes.indexOf(0, at + 1)) {
    if (bytes.compare(needle, 0, bytes.length - at, at) === 0) return at;
  }
  return bytes.length;
}
