/** Keeps the first `limit` bytes of a stream and counts the rest, so that a flooding host costs no memory. */
export interface Collector {
  add(chunk: Buffer): void;
  bytes(): Buffer;
  readonly dropped: number;
}

const DEFAULT_MAX_OUTPUT = 16 * 1024 * 1024;

export function makeCollector(limit: number = DEFAULT_MAX_OUTPUT): Collector {
  const chunks: Buffer[] = [];
  let kept = 0;
  let dropped = 0;
  return {
    add(chunk) {
      const room = Math.max(0, limit - kept);
      const part = chunk.length <= room ? chunk : chunk.subarray(0, room);
      dropped += chunk.length - part.length;
      if (part.length === 0) return;
      kept += part.length;
      // A few bytes out of a large read would keep all of it alive.
      chunks.push(part.length * 4 < part.buffer.byteLength ? Buffer.from(part) : part);
    },
    bytes: () => (chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)),
    get dropped() {
      return dropped;
    },
  };
}
