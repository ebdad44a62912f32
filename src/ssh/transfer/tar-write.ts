/** One member of a tar stream. */
export interface TarMember {
  readonly path: string;
  readonly type: 'file' | 'directory' | 'link';
  readonly mode: number;
  /** Epoch seconds. */
  readonly mtime: number;
  readonly size: number;
  readonly target?: string;
  /** `size` bytes; only of a file. */
  readonly content?: AsyncIterable<Buffer> | Buffer;
}

const BLOCK = 512;
/** Small members are sent together. */
const GATHERED = 64 * 1024;
const FLAGS = { file: '0', directory: '5', link: '2' } as const;

/**
 * A tar stream as GNU tar and busybox both read it: ustar headers, GNU's `L` and `K` for long names, base-256 for sizes of
 * 8 GiB and more. Owners are 0 and without names. Content is taken as it is: its size must be right.
 */
export async function* tarStream(members: AsyncIterable<TarMember> | Iterable<TarMember>): AsyncGenerator<Buffer> {
  let gathered: Buffer[] = [];
  let size = 0;
  for await (const member of members) {
    for await (const part of partsOf(member)) {
      gathered.push(part);
      size += part.length;
      if (size < GATHERED) continue;
      yield Buffer.concat(gathered, size);
      gathered = [];
      size = 0;
    }
  }
  yield Buffer.concat([...gathered, Buffer.alloc(2 * BLOCK)]);
}

/** Waiting for each part of a thousand small files would cost more than sending them. */
function partsOf(member: TarMember): Iterable<Buffer> | AsyncIterable<Buffer> {
  const { content = EMPTY } = member;
  if (!Buffer.isBuffer(content)) return largeParts(member, content);
  return [Buffer.concat([...headersOf(member), content, padding(member.size)])];
}

async function* largeParts(member: TarMember, content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield* headersOf(member);
  yield* content;
  yield padding(member.size);
}

const EMPTY = Buffer.alloc(0);

function* headersOf(member: TarMember): Generator<Buffer> {
  const name = Buffer.from(member.type === 'directory' ? `${member.path}/` : member.path);
  const target = Buffer.from(member.target ?? '');
  if (target.length > 100) yield* longName('K', target);
  if (name.length > 100) yield* longName('L', name);
  const { mode, mtime, size } = member;
  yield header({ name, target, flag: FLAGS[member.type], mode, mtime, size });
}

function* longName(flag: string, text: Buffer): Generator<Buffer> {
  const name = Buffer.from('././@LongLink');
  const size = text.length + 1;
  yield header({ name, target: Buffer.alloc(0), flag, mode: 0o644, mtime: 0, size });
  yield Buffer.concat([text, Buffer.alloc(1), padding(size)]);
}

const ZEROS = Buffer.alloc(BLOCK);

function padding(size: number): Buffer {
  return ZEROS.subarray(0, (BLOCK - (size % BLOCK)) % BLOCK);
}

interface Header {
  readonly name: Buffer;
  readonly target: Buffer;
  readonly flag: string;
  readonly mode: number;
  readonly mtime: number;
  readonly size: number;
}

function header({ name, target, flag, mode, mtime, size }: Header): Buffer {
  const block = Buffer.alloc(BLOCK);
  name.copy(block, 0, 0, 100);
  number(block, 100, 8, mode);
  number(block, 108, 8, 0);
  number(block, 116, 8, 0);
  number(block, 124, 12, size);
  number(block, 136, 12, Math.max(0, mtime));
  block.write('        ', 148, 'latin1');
  block.write(flag, 156, 'latin1');
  target.copy(block, 157, 0, 100);
  block.write('ustar  \0', 257, 'latin1');
  let sum = 0;
  for (let at = 0; at < BLOCK; at++) sum += block[at] ?? 0;
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

/** Octal digits and a NUL; what does not fit is big-endian with the first bit set (GNU tar, "base-256"). */
function number(block: Buffer, at: number, length: number, value: number): void {
  const octal = value.toString(8).padStart(length - 1, '0');
  if (octal.length < length) {
    block.write(octal, at, 'latin1');
    return;
  }
  block[at] = 0x80;
  block.writeBigUInt64BE(BigInt(value), at + length - 8);
}
