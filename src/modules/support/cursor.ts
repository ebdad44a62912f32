import { KprepError } from '../../shared/errors.ts';

/** Walks through what a read script printed: fields that end in NUL, and runs of raw bytes. */
export interface Cursor {
  /** Text up to the next NUL. @throws KprepError `task` at the end of the output. */
  field(): string;
  /** A field that must be a whole number. @throws KprepError `task` */
  number(): number;
  /** Exactly so many bytes, which must be followed by a NUL. @throws KprepError `task` when they are not: the file changed while it was read. */
  bytes(length: number): Buffer;
  /** Everything that is left. */
  rest(): Buffer;
  readonly atEnd: boolean;
}

/** @param stderr The script's complaint, quoted when the output ends too early. */
export function cursorOver(stdout: Buffer, stderr: Buffer = Buffer.alloc(0)): Cursor {
  let at = 0;
  const short = () => new KprepError('task', `the host's answer is incomplete${lastLine(stderr)}`);
  const field = () => {
    const end = stdout.indexOf(0, at);
    if (end < 0) throw short();
    const text = stdout.toString('utf8', at, end);
    at = end + 1;
    return text;
  };
  return {
    field,
    number() {
      const text = field().trim();
      if (!/^-?\d+$/.test(text)) throw new KprepError('task', `the host answered "${text}" where a number belongs`);
      return Number(text);
    },
    bytes(length) {
      if (stdout[at + length] !== 0) throw new KprepError('task', 'the file changed while it was read');
      const taken = stdout.subarray(at, at + length);
      at += length + 1;
      return taken;
    },
    rest() {
      const taken = stdout.subarray(at);
      at = stdout.length;
      return taken;
    },
    get atEnd() {
      return at >= stdout.length;
    },
  };
}

function lastLine(stderr: Buffer): string {
  const line = stderr.toString('utf8').trim().split('\n').at(-1);
  return line ? `: ${line}` : '';
}
