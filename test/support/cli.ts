import { homedir } from 'node:os';
import { PassThrough, Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Signal } from '../../src/cli/io.ts';
import { main } from '../../src/cli/main.ts';

export interface CliRequest {
  readonly cwd?: string;
  readonly home?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Called once, with a function that raises a signal in the run. */
  readonly onStart?: (raise: (signal: Signal) => void) => void;
}

export interface CliResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

const packageDir = fileURLToPath(new URL('../..', import.meta.url));

/** The whole program in this process: argv to exit status, with streams of its own and no terminal. */
export async function runCli(argv: readonly string[], request: CliRequest = {}): Promise<CliResult> {
  const stdout = collector();
  const stderr = collector();
  const handlers = new Set<(signal: Signal) => void>();
  request.onStart?.((signal) => {
    for (const handler of handlers) handler(signal);
  });
  const status = await main({
    argv,
    env: { PATH: process.env.PATH ?? '', ...request.env },
    cwd: request.cwd ?? packageDir,
    home: request.home ?? homedir(),
    user: 'tester',
    uid: process.getuid?.(),
    stdin: Readable.from(request.stdin === undefined ? [] : [Buffer.from(request.stdin)], { objectMode: false }),
    stdout: stdout.stream,
    stderr: stderr.stream,
    now: Date.now,
    random: Math.random,
    sleep: (ms, signal) => delay(ms, undefined, signal ? { signal } : {}).catch(unlessAborted(signal)),
    onSignal(handler) {
      handlers.add(handler);
      return () => handlers.delete(handler);
    },
    packageDir,
  });
  return { status, stdout: stdout.text(), stderr: stderr.text() };
}

function collector(): { readonly stream: NodeJS.WriteStream; text(): string } {
  const chunks: Buffer[] = [];
  const stream = new PassThrough();
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return { stream: stream as unknown as NodeJS.WriteStream, text: () => Buffer.concat(chunks).toString('utf8') };
}

/** A wait that is called off just ends. */
function unlessAborted(signal: AbortSignal | undefined): (error: unknown) => void {
  return (error) => {
    if (!signal?.aborted) throw error;
  };
}
