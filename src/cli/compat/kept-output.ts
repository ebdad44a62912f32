import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a host prints, until its line is printed. */
export interface KeptOutput {
  add(chunk: Buffer): void;
  /** Hands everything over, in order, and forgets it. */
  drain(take: (chunk: Buffer) => Promise<void>): Promise<void>;
}

const IN_MEMORY = 1024 * 1024;
const PIECE = 64 * 1024;

/** In memory up to 1 MiB, then in a file without a name: a flooding host costs disk while it runs, not memory. */
export function keepOutput(limit: number = IN_MEMORY): KeptOutput {
  let chunks: Buffer[] = [];
  let size = 0;
  let file: number | undefined;
  const spill = (): number => {
    const fd = file ?? unnamedFile();
    for (const chunk of chunks) writeFully(fd, chunk);
    chunks = [];
    return fd;
  };
  return {
    add(chunk) {
      // A copy: the chunk may be a few bytes of a large read.
      chunks.push(Buffer.from(chunk));
      size += chunk.length;
      if (size <= limit) return;
      file = spill();
    },
    async drain(take) {
      if (file !== undefined) await drainFile(file, take);
      for (const chunk of chunks) await take(chunk);
      chunks = [];
      file = undefined;
      size = 0;
    },
  };
}

/** Writes all of it: one write may take less. */
export function writeFully(fd: number, chunk: Buffer): void {
  for (let at = 0; at < chunk.length; ) at += writeSync(fd, chunk, at);
}

function unnamedFile(): number {
  const directory = mkdtempSync(join(tmpdir(), 'kprep-'));
  try {
    return openSync(join(directory, 'output'), 'wx+', 0o600);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function drainFile(fd: number, take: (chunk: Buffer) => Promise<void>): Promise<void> {
  for (let at = 0; ; ) {
    const piece = Buffer.alloc(PIECE);
    const read = readSync(fd, piece, 0, PIECE, at);
    if (read === 0) break;
    await take(piece.subarray(0, read));
    at += read;
  }
  closeSync(fd);
}
