import { closeSync, openSync, writeSync } from 'node:fs';
import type { Event } from '../model/event.ts';
import {
  type LiveView,
  makeTextReport,
  startLive,
  type TextOptions,
  type TextReport,
  toJsonLine,
} from '../report/index.ts';
import { UsageError } from './commands/command.ts';
import type { Io } from './io.ts';
import { outOf } from './io.ts';
import type { OutputOptions } from './options.ts';

/** Takes every event of a run; closed when the run has ended. */
export interface Sink {
  take(event: Event): void;
  close(): void;
}

/** Makes a text output; `live`: it shows what happens as it happens, so there is no line that is redrawn. */
export interface TextFormat {
  readonly live?: true;
  make(options: TextOptions): TextReport;
}

export interface OutputRequest {
  readonly io: Io;
  readonly options: OutputOptions;
  readonly adHoc: boolean;
  /** Default: blocks of tasks and a recap. */
  readonly text?: TextFormat;
}

type Format = 'text' | 'jsonl';

interface Output {
  readonly format: Format;
  /** Undefined: standard output. */
  readonly file?: string;
}

/** What `-o` asks for. @throws UsageError for unknown formats and for two that would both go to standard output. */
export function parseOutputs(given: readonly string[] | undefined): readonly Output[] {
  const outputs = (given ?? ['text']).map(parseOutput);
  if (outputs.filter(({ file }) => file === undefined).length > 1) {
    throw new UsageError('two outputs cannot both go to standard output', 'give one of them a file: -o jsonl=FILE');
  }
  return outputs;
}

function parseOutput(given: string): Output {
  const [format = '', ...rest] = given.split('=');
  if (format !== 'text' && format !== 'jsonl')
    throw new UsageError(`unknown output ${given}`, 'outputs are text and jsonl');
  return rest.length > 0 ? { format, file: rest.join('=') } : { format };
}

/** Opens every output and, on a terminal, the live view. */
export async function openOutputs(request: OutputRequest): Promise<Sink> {
  const { io, options } = request;
  const outputs = parseOutputs(options.output);
  const err = outOf(io.stderr);
  const textOnScreen = outputs.some(({ format, file }) => format === 'text' && file === undefined);
  const wantsLive = textOnScreen && err.isTty && !options.quiet && !request.text?.live;
  const live = wantsLive ? await openLive(request) : undefined;
  const sinks = outputs.map((output) => openOutput(output, request, live));
  return {
    take(event) {
      live?.take(event);
      for (const sink of sinks) sink.take(event);
      tellNotice(event, (text) => (live ? live.around(() => err.write(text)) : err.write(text)));
    },
    close() {
      live?.stop();
      for (const sink of sinks) sink.close();
    },
  };
}

function openLive({ io, options, adHoc }: OutputRequest): Promise<LiveView> {
  const color = wantsColor(io, options, io.stderr);
  return startLive({ stream: io.stderr, color, now: io.now, unit: adHoc ? 'hosts' : 'steps' });
}

function openOutput(output: Output, request: OutputRequest, live: LiveView | undefined): Sink {
  const { io, options, adHoc } = request;
  const target = output.file === undefined ? standardOutput(io, live) : fileOutput(output.file);
  if (output.format === 'jsonl') {
    return { take: (event) => target.write(toJsonLine(event)), close: target.close };
  }
  const { make } = request.text ?? { make: makeTextReport };
  const report = make({
    write: target.write,
    color: output.file === undefined && wantsColor(io, options, io.stdout),
    verbosity: options.verbose ?? 0,
    quiet: options.quiet === true,
    adHoc,
  });
  return { take: (event) => report.take(event), close: target.close };
}

interface Target {
  write(text: string): void;
  close(): void;
}

function standardOutput(io: Io, live: LiveView | undefined): Target {
  const out = outOf(io.stdout);
  return {
    write: (text) => (live ? live.around(() => out.write(text)) : out.write(text)),
    close: () => undefined,
  };
}

function fileOutput(path: string): Target {
  const file = openSync(path, 'w', 0o600);
  return {
    write: (text) => {
      const bytes = Buffer.from(text, 'utf8');
      for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
    },
    close: () => closeSync(file),
  };
}

/** https://no-color.org and the CLICOLOR convention; an option wins over both. */
function wantsColor(io: Io, options: OutputOptions, stream: { readonly isTTY?: boolean }): boolean {
  if (options.color !== undefined) return options.color;
  if (io.env.NO_COLOR) return false;
  if (io.env.CLICOLOR_FORCE && io.env.CLICOLOR_FORCE !== '0') return true;
  return stream.isTTY === true && io.env.TERM !== 'dumb';
}

function tellNotice(event: Event, write: (text: string) => void): void {
  if (event.type === 'notice') {
    write(`kprep: ${event.level}: ${event.host ? `${event.host}: ` : ''}${event.message}\n`);
  } else if (event.type === 'waiting') {
    write(`kprep: ${event.reason}; still running: ${event.hosts.join(', ')}\n`);
  }
}
