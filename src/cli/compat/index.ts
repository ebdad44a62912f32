import { KprepError } from '../../shared/errors.ts';
import { printable } from '../../shared/text.ts';
import type { Io } from '../io.ts';
import { makeAskpass, readPassword } from './askpass.ts';
import { makeOutputs } from './host-output.ts';
import { readHosts } from './hosts.ts';
import { exitStatusOf } from './lines.ts';
import { type ManagerResult, runJobs } from './manager.ts';
import { OptionError, ValueError } from './option-parser.ts';
import { type FamilyOptions, readOptions } from './options.ts';
import { makeRunner } from './runners.ts';
import { screenOf } from './screen.ts';
import { type Tool, tools } from './tools.ts';
import { checkWords } from './words.ts';

export interface FamilyRequest {
  readonly tool: keyof typeof tools;
  /** What usage and errors call it. */
  readonly program: string;
  /** Behind the program's name. */
  readonly argv: readonly string[];
}

const FAILED = 1;
const USAGE = 2;
const GOODBYE_MS = 4000;

/** pssh, pscp, prsync, pslurp, pnuke as pssh 2.3.6 has them; docs/pssh.md lists what is meant to differ. → exit status */
export async function runFamily(io: Io, { tool: name, program, argv }: FamilyRequest): Promise<number> {
  const tool = tools[name];
  try {
    const options = readOptions(io, tool, { program, argv });
    if (typeof options === 'string') {
      io.stdout.write(options);
      return 0;
    }
    checkWords(name, options);
    return await run(io, tool, options);
  } catch (error) {
    if (error instanceof OptionError) {
      io.stderr.write(`Usage: ${program} ${tool.usage}\n\n${program}: error: ${printable(error.message)}\n`);
      return USAGE;
    }
    if (!(error instanceof ValueError) && !(error instanceof KprepError)) throw error;
    io.stderr.write(`${error.message.startsWith('Could not open') ? '' : `${program}: `}${printable(error.message)}\n`);
    return FAILED;
  }
}

async function run(io: Io, tool: Tool, options: FamilyOptions): Promise<number> {
  const entries = readHosts({
    files: options.hostFiles,
    strings: options.hostStrings,
    user: options.user,
    glob: options.hostGlob,
    warn: (line) => io.stderr.write(`${printable(line)}\n`),
  });
  const out = screenOf(io.stdout, io.env);
  const output = makeOutputs({ ...options, out, err: screenOf(io.stderr, io.env) });
  const password = options.askpass ? await readPassword(io) : undefined;
  const input = options.sendInput ? await readAll(io) : undefined;
  const askpass = password === undefined ? undefined : makeAskpass(password);
  try {
    const runner = await makeRunner(tool.name, { io, options, entries, input, password, askpass });
    const result = await runJobs(io, {
      entries,
      run: runner.run,
      parallel: options.parallel,
      timeout: options.timeout,
      defaultUser: options.user,
      headers: !(options.inline && options.noHeaders),
      out,
      output,
    });
    // A connection that hangs must not hold us.
    await Promise.race([runner.close(), io.sleep(GOODBYE_MS)]);
    return statusOf(result, tool);
  } finally {
    askpass?.remove();
  }
}

const SIGNALLED = { SIGHUP: 129, SIGTERM: 143 } as const;

function statusOf({ ends, signal }: ManagerResult, { name }: Tool): number {
  if (signal === 'SIGHUP' || signal === 'SIGTERM') return SIGNALLED[signal];
  return exitStatusOf(ends, { copies: name === 'pscp' || name === 'prsync' });
}

async function readAll({ stdin }: Io): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
