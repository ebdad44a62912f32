import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';

/** Bytes that somebody may want to put on a host: in memory, or a file that is only opened when it is sent. */
export interface Content {
  /** Bytes. */
  readonly size: number;
  /** Hex. */
  readonly sha256: string;
  /** Hex; what Ansible calls `checksum`. */
  readonly sha1: string;
  /** The bytes, when they are in memory; a large file has only `stream`. */
  readonly bytes?: Buffer;
  stream(): Readable;
  /** Where it came from, for messages: a path on this machine. */
  readonly origin?: string;
}

export function contentOf(data: string | Buffer, origin?: string): Content {
  const bytes = typeof data === 'string' ? Buffer.from(data, 'utf8') : data;
  return {
    size: bytes.length,
    bytes,
    get sha256(): string {
      return createHash('sha256').update(bytes).digest('hex');
    },
    get sha1(): string {
      return createHash('sha1').update(bytes).digest('hex');
    },
    stream: () => Readable.from([bytes]),
    ...(origin === undefined ? {} : { origin }),
  };
}
