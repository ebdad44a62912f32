import { printable } from '../../shared/text.ts';
import type { Io } from '../io.ts';

/** A stream of ours that hosts' bytes go to: raw, but on a terminal, where no control sequence stays alive. */
export interface Screen {
  readonly colour: boolean;
  /** Our own text. */
  write(text: string): void;
  host(bytes: Buffer): void;
  /** Resolves when there is room for more: a slow reader must not fill our memory. */
  room(): Promise<void>;
}

/** A reader that has gone ends the output, not the run. */
export function screenOf(stream: NodeJS.WriteStream, env: Io['env']): Screen {
  let open = true;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    open = false;
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
  });
  const terminal = stream.isTTY === true;
  return {
    colour: terminal && !env.NO_COLOR && ![undefined, '', 'dumb'].includes(env.TERM),
    write(text) {
      if (open) stream.write(text);
    },
    host(bytes) {
      if (open) stream.write(terminal ? printable(bytes.toString('utf8')) : bytes);
    },
    async room() {
      if (!open || !stream.writableNeedDrain) return;
      await new Promise<void>((resolve) => {
        const done = (): void => {
          for (const event of ['drain', 'close', 'error']) stream.off(event, done);
          resolve();
        };
        for (const event of ['drain', 'close', 'error']) stream.on(event, done);
      });
    },
  };
}
