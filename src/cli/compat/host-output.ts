import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { type KeptOutput, keepOutput, writeFully } from './kept-output.ts';
import { stderrLabel } from './lines.ts';
import { ValueError } from './option-parser.ts';
import type { Screen } from './screen.ts';

export type Stream = 'stdout' | 'stderr';

export interface OutputOptions {
  readonly inline: boolean;
  readonly inlineStdout: boolean;
  readonly print: boolean;
  readonly noHeaders: boolean;
  readonly outdir: string | undefined;
  readonly errdir: string | undefined;
  readonly append: boolean;
}

/** Where one host's output goes while it runs, and behind its line. */
export interface HostOutput {
  take(stream: Stream, chunk: Buffer): void;
  /** Why a file could not be written, said once. */
  readonly trouble: string | undefined;
  close(): void;
  /** `-i`: what stands behind the host's line. */
  show(): Promise<void>;
}

export interface OutputRequest extends OutputOptions {
  readonly out: Screen;
  readonly err: Screen;
}

/**
 * Makes the outputs of hosts, in the order in which they start: a host that comes again gets `.1`, `.2` behind its file's name.
 * @throws ValueError when a directory cannot be made.
 */
export function makeOutputs(request: OutputRequest): (host: string, pretty: string) => HostOutput {
  for (const directory of [request.outdir, request.errdir]) if (directory) makeDirectory(directory);
  const counts = new Map<string, number>();
  return (host, pretty) => {
    // A slash would lead out of the directory.
    const name = pretty.replaceAll('/', '_').replace(/^\.{1,2}$/, '_');
    const before = counts.get(name) ?? 0;
    counts.set(name, before + 1);
    return hostOutput(host, before === 0 ? name : `${name}.${before}`, request);
  };
}

/** @throws ValueError */
export function makeDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw new ValueError(`cannot make the directory ${path}: ${(error as Error).message}`);
  }
}

function hostOutput(host: string, name: string, request: OutputRequest): HostOutput {
  const { inline, inlineStdout, print, noHeaders, append, out, err } = request;
  const kept: Record<Stream, KeptOutput | undefined> = {
    stdout: inline || inlineStdout ? keepOutput() : undefined,
    stderr: inline ? keepOutput() : undefined,
  };
  const files: Record<Stream, OutputFile | undefined> = {
    stdout: request.outdir ? outputFile(join(request.outdir, name), append) : undefined,
    stderr: request.errdir ? outputFile(join(request.errdir, name), append) : undefined,
  };
  return {
    take(stream, chunk) {
      kept[stream]?.add(chunk);
      files[stream]?.write(chunk);
      if (print) printChunk(stream === 'stdout' ? out : err, host, chunk);
    },
    get trouble() {
      return files.stdout?.trouble ?? files.stderr?.trouble;
    },
    close() {
      files.stdout?.close();
      files.stderr?.close();
    },
    async show() {
      await kept.stdout?.drain((chunk) => shown(out, chunk));
      let labelled = noHeaders;
      await kept.stderr?.drain((chunk) => {
        if (!labelled) out.write(stderrLabel(out));
        labelled = true;
        return shown(out, chunk);
      });
    },
  };
}

function shown(screen: Screen, chunk: Buffer): Promise<void> {
  screen.host(chunk);
  return screen.room();
}

function printChunk(screen: Screen, host: string, chunk: Buffer): void {
  screen.write(`${host}: `);
  screen.host(chunk);
  if (chunk.at(-1) !== 0x0a) screen.write('\n');
}

interface OutputFile {
  readonly trouble: string | undefined;
  write(chunk: Buffer): void;
  close(): void;
}

/** Made when the first byte comes. */
function outputFile(path: string, append: boolean): OutputFile {
  let fd: number | undefined;
  let trouble: string | undefined;
  return {
    get trouble() {
      return trouble;
    },
    write(chunk) {
      if (trouble !== undefined) return;
      try {
        fd ??= openSync(path, append ? 'a' : 'w');
        writeFully(fd, chunk);
      } catch (error) {
        trouble = `cannot write ${path}: ${(error as Error).message}`;
      }
    },
    close() {
      if (fd !== undefined) closeSync(fd);
      fd = undefined;
    },
  };
}
