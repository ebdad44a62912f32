import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { KprepError } from '../../shared/errors.ts';
import { count } from '../../shared/text.ts';
import type { Tap } from './tap.ts';

type Stream = 'stdout' | 'stderr';

export interface OutputFilesOptions {
  readonly cwd: string;
  /** `--out-dir` and `--err-dir`; made where they are missing. */
  readonly directories: Readonly<Partial<Record<Stream, string>>>;
  /** Bytes that one file may grow to. */
  readonly maxFile: number;
  readonly warn: (host: string, message: string) => void;
}

export interface OutputFiles extends Tap {
  /** Whether something could not be written, so the files do not hold what the hosts printed. */
  readonly incomplete: boolean;
}

interface OpenFile {
  readonly path: string;
  fd: number | undefined;
  written: number;
  dropped: number;
}

/**
 * Streams what each host prints to `DIR/HOST`, as it comes and byte for byte. A file is made when the command starts on
 * its host. Names of hosts hold no slash and are not `..`: the inventory sees to that.
 * @throws KprepError `task` when a directory cannot be made.
 */
export function outputFiles(options: OutputFilesOptions): OutputFiles {
  const streams = (['stdout', 'stderr'] as const).flatMap((stream) => {
    const directory = options.directories[stream];
    return directory === undefined ? [] : [{ stream, directory: madeDirectory(resolve(options.cwd, directory)) }];
  });
  return new Files(options, streams);
}

function madeDirectory(path: string): string {
  try {
    mkdirSync(path, { recursive: true });
    return path;
  } catch (error) {
    throw new KprepError('task', `cannot make the directory ${path}: ${(error as Error).message}`, { cause: error });
  }
}

class Files implements OutputFiles {
  incomplete = false;
  readonly #options: OutputFilesOptions;
  readonly #streams: readonly { readonly stream: Stream; readonly directory: string }[];
  readonly #open = new Map<string, OpenFile>();

  constructor(
    options: OutputFilesOptions,
    streams: readonly { readonly stream: Stream; readonly directory: string }[],
  ) {
    this.#options = options;
    this.#streams = streams;
  }

  begin(host: string): void {
    for (const { stream, directory } of this.#streams) {
      const path = join(directory, host);
      const file: OpenFile = { path, fd: undefined, written: 0, dropped: 0 };
      this.#open.set(`${stream} ${host}`, file);
      this.#try(host, file, () => {
        file.fd = openSync(path, 'w');
      });
    }
  }

  output(host: string, stream: Stream, chunk: Buffer): void {
    const file = this.#open.get(`${stream} ${host}`);
    const { fd } = file ?? {};
    if (!file || fd === undefined) return;
    const part = chunk.subarray(0, Math.max(0, this.#options.maxFile - file.written));
    file.dropped += chunk.length - part.length;
    this.#try(host, file, () => {
      for (let done = 0; done < part.length; ) done += writeSync(fd, part, done);
      file.written += part.length;
    });
  }

  end(host: string): void {
    for (const { stream } of this.#streams) {
      const file = this.#open.get(`${stream} ${host}`);
      if (!file) continue;
      this.#open.delete(`${stream} ${host}`);
      const { fd } = file;
      if (fd !== undefined) this.#try(host, file, () => closeSync(fd));
      if (file.dropped === 0) continue;
      this.#trouble(host, `${file.path}: ${count(file.dropped, 'byte')} over --max-file were dropped`);
    }
  }

  /** A full disk of ours ends that file, not the run. */
  #try(host: string, file: OpenFile, work: () => void): void {
    try {
      work();
    } catch (error) {
      file.fd = undefined;
      this.#trouble(host, `cannot write ${file.path}: ${(error as Error).message}`);
    }
  }

  #trouble(host: string, message: string): void {
    this.incomplete = true;
    this.#options.warn(host, message);
  }
}
