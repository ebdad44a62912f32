import type { Connect, Connection, Frame, FrameResult, Shell } from '../../model/connection.ts';
import { count } from '../../shared/text.ts';

type Stream = 'stdout' | 'stderr';

/** Sees what an operator's command prints, byte for byte and without a bound, beside what the results keep. */
export interface Tap {
  /** The command is about to run on this host. */
  begin(host: string): void;
  output(host: string, stream: Stream, chunk: Buffer): void;
  /** No more comes from this host. `good`: it ended by itself, with status 0. */
  end(host: string, good: boolean): void;
}

export interface TapOptions {
  /** Bytes that a result keeps of each stream; what is more is counted, and the text ends with that count. */
  readonly maxOutput: number;
  readonly taps: readonly Tap[];
}

/** Connections whose steps for the user are bounded and tapped; reads of our own are left alone. */
export function tapped(connect: Connect, options: TapOptions): Connect {
  return async (target, how) => tappedConnection(await connect(target, how), options);
}

function tappedConnection(connection: Connection, options: TapOptions): Connection {
  return {
    target: connection.target,
    get roundTrips() {
      return connection.roundTrips;
    },
    shell: async (identity) => tappedShell(await connection.shell(identity), connection.target.name, options),
    exec: (command, how) => connection.exec(command, how),
    close: () => connection.close(),
  };
}

function tappedShell(shell: Shell, host: string, options: TapOptions): Shell {
  return {
    run: (frame) => (frame.environment === 'user' ? runTapped(shell, { frame, host, options }) : shell.run(frame)),
  };
}

async function runTapped(
  shell: Shell,
  { frame, host, options }: { readonly frame: Frame; readonly host: string; readonly options: TapOptions },
): Promise<FrameResult> {
  const { maxOutput, taps } = options;
  const seen = { stdout: 0, stderr: 0 };
  for (const tap of taps) tap.begin(host);
  let good = false;
  try {
    const result = await shell.run({
      ...frame,
      maxOutput,
      onOutput(stream, chunk) {
        seen[stream] += chunk.length;
        frame.onOutput?.(stream, chunk);
        for (const tap of taps) tap.output(host, stream, chunk);
      },
    });
    good = result.status === 0 && result.ended === 'exit';
    const { stdout, stderr } = result;
    return { ...result, stdout: told(stdout, seen.stdout), stderr: told(stderr, seen.stderr) };
  } finally {
    for (const tap of taps) tap.end(host, good);
  }
}

/** What was left out is said where it is missing. */
function told(kept: Buffer, seen: number): Buffer {
  const dropped = seen - kept.length;
  if (dropped <= 0) return kept;
  const newline = kept.at(-1) === 0x0a || kept.length === 0 ? '' : '\n';
  return Buffer.concat([kept, Buffer.from(`${newline}… ${count(dropped, 'byte')} dropped\n`)]);
}
