import { createHash } from 'node:crypto';
import { closeSync, createReadStream, mkdtempSync, openSync, rmdirSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { type Content, contentOf } from '../../model/content.ts';

/** Up to here it is kept in memory. */
const IN_MEMORY = 1024 * 1024;

export interface Input {
  readonly content: Content;
  close(): void;
}

/**
 * All of standard input, to be given to many hosts. It is read once, to its end; what is large lies in a file without a
 * name, which is gone however this process ends, and is streamed from there to each host on its own.
 */
export async function readInput(stdin: Readable): Promise<Input> {
  const kept: Buffer[] = [];
  let size = 0;
  let file: number | undefined;
  const hashes = [createHash('sha256'), createHash('sha1')] as const;
  for await (const piece of stdin) {
    const chunk = Buffer.isBuffer(piece) ? piece : Buffer.from(piece as string);
    size += chunk.length;
    for (const hash of hashes) hash.update(chunk);
    if (file === undefined && size > IN_MEMORY) {
      file = namelessFile();
      for (const before of kept.splice(0)) writeAll(file, before);
    }
    if (file === undefined) kept.push(chunk);
    else writeAll(file, chunk);
  }
  if (file === undefined) return { content: contentOf(Buffer.concat(kept), 'standard input'), close: () => undefined };
  const fd = file;
  return {
    content: {
      size,
      sha256: hashes[0].digest('hex'),
      sha1: hashes[1].digest('hex'),
      origin: 'standard input',
      // Each reader has a position of its own, since it says where it starts.
      stream: () => createReadStream('', { fd, start: 0, autoClose: false }),
    },
    close: () => closeSync(fd),
  };
}

function namelessFile(): number {
  const directory = mkdtempSync(join(tmpdir(), 'kprep-'));
  const path = join(directory, 'stdin');
  const fd = openSync(path, 'wx+', 0o600);
  unlinkSync(path);
  rmdirSync(directory);
  return fd;
}

function writeAll(file: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
}
