import { resolve } from 'node:path';
import { makeStatusReport, makeTextReport } from '../../report/index.ts';
import { printable } from '../../shared/text.ts';
import { type AdHocRun, type AdHocWorld, runAdHoc } from '../ad-hoc.ts';
import { haltOf } from '../exec/halt.ts';
import { hostEnvironment } from '../exec/host-env.ts';
import { type Input, readInput } from '../exec/input.ts';
import { liveLines } from '../exec/live-lines.ts';
import { execModule } from '../exec/module.ts';
import { type OutputFiles, outputFiles } from '../exec/output-files.ts';
import { patientOut } from '../exec/patient-out.ts';
import { retrying } from '../exec/retry.ts';
import { parseBatches, parseSize } from '../exec/sizes.ts';
import { type Tap, tapped } from '../exec/tap.ts';
import { execCommand as commandOf, type ExecWords, execWords } from '../exec/task.ts';
import type { Io } from '../io.ts';
import { outOf } from '../io.ts';
import type { ConnectionOptions, ExecOptions, HostOptions, OutputOptions, RunOptions } from '../options.ts';
import type { TextFormat } from '../outputs.ts';
import { type Invocation, UsageError } from './command.ts';

type Given = HostOptions & ConnectionOptions & RunOptions & ExecOptions & OutputOptions;

/** Our own side failed: a file of `--out-dir` does not hold what the host printed. */
const INCOMPLETE = 1;

/** `kprep exec PATTERN -- CMD…` word by word, or `kprep exec PATTERN 'one line for the login shell'`: a plan of one task. */
export async function execCommand({ io, options, words, after }: Invocation): Promise<number> {
  const given = options as Given;
  const said = execWords(words, after, given);
  checkOptions(io, given);
  let input: Input | undefined;
  let files: OutputFiles | undefined;
  const out = patientOut(io.stdout, outOf(io.stdout).write);
  try {
    const status = await runAdHoc({
      io,
      options: given,
      pattern: said.pattern,
      command: 'exec',
      async prepare(world) {
        // Behind the passwords, whose prompts may read the same stream.
        if (given.stdin) input = await readInput(io.stdin);
        files = filesOf(io, given);
        return prepared({ io, given, said, world, input, files, out: out.write });
      },
    });
    return status === 0 && files?.incomplete ? INCOMPLETE : status;
  } finally {
    input?.close();
    const missing = out.leftOut();
    if (missing !== undefined) io.stderr.write(`kprep: warning: ${missing}\n`);
  }
}

/** Everything that can be refused without reading a file. @throws UsageError */
function checkOptions(io: Io, given: Given): void {
  const layouts = (['stream', 'per-host', 'odd'] as const).filter((name) => given[name]);
  if (layouts.length > 1) throw new UsageError(`--${layouts.join(' and --')} exclude each other`);
  const { 'out-dir': out, 'err-dir': err } = given;
  if (out !== undefined && err !== undefined && resolve(io.cwd, out) === resolve(io.cwd, err)) {
    throw new UsageError('--out-dir and --err-dir must be two directories');
  }
  parseSize('max-output', given['max-output']);
  parseSize('max-file', given['max-file']);
  if (given.serial !== undefined) parseBatches(given.serial);
  haltOf(given, 1);
  hostEnvironment([], given.env);
}

interface Preparing {
  readonly io: Io;
  readonly given: Given;
  readonly said: ExecWords;
  readonly world: AdHocWorld;
  readonly input: Input | undefined;
  readonly files: OutputFiles | undefined;
  readonly out: (text: string) => void;
}

function prepared({ io, given, said, world, input, files, out }: Preparing): AdHocRun {
  const { hosts, secrets } = world;
  const err = outOf(io.stderr);
  const live = liveLines({ secrets, write: (stream, text) => (stream === 'stdout' ? out(text) : err.write(text)) });
  const halt = haltOf(given, hosts.length);
  const taps: readonly Tap[] = [
    ...(given.stream ? [live] : []),
    ...(files ? [files] : []),
    ...(halt ? [halt.tap] : []),
  ];
  const maxOutput = parseSize('max-output', given['max-output']);
  const stdin = input ? { stdin: input.content } : {};
  return {
    module: execModule(commandOf(said, { cwd: io.cwd, chdir: given.chdir, ...stdin })),
    text: textOf(given),
    hostEnvironment: hostEnvironment(hosts, given.env),
    wrapConnect(connect) {
      const patient = retrying(connect, given.retry ?? 0, io);
      return tapped(halt ? halt.wrap(patient) : patient, { maxOutput, taps });
    },
    ...(given.serial === undefined ? {} : { serial: parseBatches(given.serial) }),
    ...(halt ? { halt: halt.signal } : {}),
  };
}

function textOf(given: Given): TextFormat {
  if (given.stream) return { live: true, make: makeStatusReport };
  const layout = given['per-host'] ? 'per-host' : given.odd ? 'odd' : 'folded';
  return { make: (options) => makeTextReport({ ...options, layout }) };
}

function filesOf(io: Io, given: Given): OutputFiles | undefined {
  const { 'out-dir': stdout, 'err-dir': stderr } = given;
  if (stdout === undefined && stderr === undefined) return undefined;
  return outputFiles({
    cwd: io.cwd,
    directories: { ...(stdout === undefined ? {} : { stdout }), ...(stderr === undefined ? {} : { stderr }) },
    maxFile: parseSize('max-file', given['max-file']),
    warn: (host, message) => io.stderr.write(`kprep: warning: ${printable(`${host}: ${message}`)}\n`),
  });
}
