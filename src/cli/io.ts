import type { Readable } from 'node:stream';
import type { Signal } from '../report/index.ts';

export type { Signal };

/** The world as a parameter: only `bin.ts` makes one from `process`, tests make their own. */
export interface Io {
  /** Without `node` and the script. */
  readonly argv: readonly string[];
  /** The name of the script without its directory: a link may be called `pssh`. */
  readonly invokedAs?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly home: string;
  readonly user: string;
  /** `undefined` where the platform has none. */
  readonly uid: number | undefined;
  readonly stdin: Readable & { readonly isTTY?: boolean; setRawMode?(on: boolean): unknown };
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** Epoch milliseconds. */
  now(): number;
  /** 0 ≤ n < 1. */
  random(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls back at SIGINT, SIGTERM and SIGHUP until the returned function is called. */
  onSignal(handler: (signal: Signal) => void): () => void;
  /** Where the shipped playbooks are: the package's own folder. */
  readonly packageDir: string;
}

/** Text to a stream whose reader may have gone: EPIPE ends output, not the run. */
export interface Out {
  write(text: string): void;
  readonly isTty: boolean;
  readonly columns: number;
}

export function outOf(stream: NodeJS.WriteStream): Out {
  let open = true;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    open = false;
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
  });
  return {
    write(text) {
      if (open) stream.write(text);
    },
    isTty: stream.isTTY === true,
    get columns() {
      return stream.columns ?? 80;
    },
  };
}
