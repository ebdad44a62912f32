import { KprepError } from '../../shared/errors.ts';

/** A member as its header says it; nothing of it is trusted yet. */
export interface TarHeader {
  readonly path: string;
  readonly type: 'file' | 'directory' | 'link' | 'hardlink' | 'other';
  readonly mode: number;
  /** Epoch seconds. */
  readonly mtime: number;
  readonly size: number;
  readonly target: string;
}

/** Takes what a stream holds, member after member; a throw ends the reading. */
export interface TarSink {
  begin(header: TarHeader): void;
  data(bytes: Buffer): void;
  end(): void;
}

export interface TarReader {
  /** @throws KprepError `task` when the bytes are no tar. */
  push(chunk: Buffer): void;
  /** Whether the end of the archive was seen. */
  readonly complete: boolean;
}

const BLOCK = 512;
/** Of a name in an extended header; the longest path of Linux is 4096 bytes. */
const LONGEST = 1024 * 1024;

/**
 * Reads a tar stream from an untrusted host: ustar, GNU's long names, the path, linkpath, size and mtime of pax. Holds at
 * most one extended header in memory.
 */
export function makeTarReader(sink: TarSink): TarReader {
  return new Reader(sink);
}

interface Member {
  readonly flag: string;
  readonly extended: boolean;
  left: number;
  padding: number;
}

class Reader implements TarReader {
  complete = false;
  private readonly sink: TarSink;
  private held = Buffer.alloc(0);
  private member: Member | undefined;
  private text: Buffer[] = [];
  private readonly said = new Map<string, string>();

  constructor(sink: TarSink) {
    this.sink = sink;
  }

  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length && !this.complete) {
      if (this.member) {
        at += this.content(this.member, chunk, at);
      } else {
        const part = chunk.subarray(at, at + BLOCK - this.held.length);
        this.held = Buffer.concat([this.held, part]);
        at += part.length;
        if (this.held.length === BLOCK) this.header(this.held);
      }
    }
  }

  private content(member: Member, chunk: Buffer, at: number): number {
    const part = chunk.subarray(at, at + member.left);
    const pad = Math.min(member.padding, chunk.length - at - part.length);
    if (part.length > 0) {
      if (member.extended) this.text.push(Buffer.from(part));
      else this.sink.data(part);
      member.left -= part.length;
    }
    if (member.left === 0) member.padding -= pad;
    this.finish(member);
    return part.length + (member.left === 0 ? pad : 0);
  }

  private finish(member: Member): void {
    if (member.left > 0 || member.padding > 0) return;
    this.member = undefined;
    if (!member.extended) {
      this.sink.end();
      return;
    }
    const text = Buffer.concat(this.text);
    this.text = [];
    if (member.flag === 'L') this.said.set('path', cString(text));
    else if (member.flag === 'K') this.said.set('linkpath', cString(text));
    else if (member.flag === 'x') for (const [key, value] of paxRecords(text)) this.said.set(key, value);
  }

  private header(block: Buffer): void {
    this.held = Buffer.alloc(0);
    if (block.every((byte) => byte === 0)) {
      this.complete = true;
      return;
    }
    checkSum(block);
    const flag = String.fromCharCode(block[156] ?? 0);
    const extended = 'LKxg'.includes(flag);
    const saidSize = extended ? undefined : this.said.get('size');
    const size = sane(saidSize === undefined ? number(block, 124, 12) : Number(saidSize));
    if (extended && size > LONGEST) throw bad('a name in it is too long');
    const type = extended ? 'other' : (TYPES[flag] ?? 'other');
    const left = type === 'file' || type === 'other' || extended ? size : 0;
    if (!extended) this.begin(block, { type, size: left });
    this.member = { flag, extended, left, padding: (BLOCK - (left % BLOCK)) % BLOCK };
    this.finish(this.member);
  }

  private begin(block: Buffer, { type, size }: Pick<TarHeader, 'type' | 'size'>): void {
    const mtime = Number(this.said.get('mtime') ?? number(block, 136, 12));
    this.sink.begin({
      path: this.said.get('path') ?? nameOf(block),
      type,
      mode: number(block, 100, 8) & 0o7777,
      mtime: Number.isFinite(mtime) ? mtime : 0,
      size,
      target: this.said.get('linkpath') ?? cString(block.subarray(157, 257)),
    });
    this.said.clear();
  }
}

const TYPES: Readonly<Record<string, TarHeader['type']>> = {
  '0': 'file',
  '\0': 'file',
  '7': 'file',
  '1': 'hardlink',
  '2': 'link',
  '5': 'directory',
};

function nameOf(block: Buffer): string {
  const name = cString(block.subarray(0, 100));
  // POSIX ustar has a prefix there, GNU has times.
  if (block.toString('latin1', 257, 263) !== 'ustar\0') return name;
  const prefix = cString(block.subarray(345, 500));
  return prefix === '' ? name : `${prefix}/${name}`;
}

function checkSum(block: Buffer): void {
  let sum = 0;
  for (const [at, byte] of block.entries()) sum += at >= 148 && at < 156 ? 32 : byte;
  if (sum !== number(block, 148, 8)) throw bad('a header is damaged');
}

function number(block: Buffer, at: number, length: number): number {
  if ((block[at] ?? 0) >= 0x80) {
    let value = (block[at] ?? 0) & 0x7f;
    for (const byte of block.subarray(at + 1, at + length)) value = value * 256 + byte;
    return value;
  }
  const text = cString(block.subarray(at, at + length)).trim();
  return text === '' ? 0 : Number.parseInt(text, 8);
}

function sane(size: number): number {
  if (Number.isSafeInteger(size) && size >= 0) return size;
  throw bad('a size in it cannot be meant');
}

function cString(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end);
}

/** POSIX.1-2017, pax: `LENGTH KEY=VALUE\n`, the length counting all of it. */
function* paxRecords(text: Buffer): Generator<readonly [string, string]> {
  for (let at = 0; at < text.length; ) {
    const blank = text.indexOf(32, at);
    const length = blank < 0 ? Number.NaN : Number(text.toString('latin1', at, blank));
    if (!Number.isInteger(length) || length <= blank - at || at + length > text.length)
      throw bad('a pax header is damaged');
    const record = text.toString('utf8', blank + 1, at + length - 1);
    const equals = record.indexOf('=');
    if (equals > 0) yield [record.slice(0, equals), record.slice(equals + 1)];
    at += length;
  }
}

function bad(why: string): KprepError {
  return new KprepError('task', `what the host sent is no tar that can be read: ${why}`);
}
