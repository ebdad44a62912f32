import type { Connect, Connection, ConnectionTarget } from '../../model/connection.ts';
import { LOGIN } from '../../model/connection.ts';
import { contentOf } from '../../model/content.ts';
import { KprepError } from '../../shared/errors.ts';
import { type Script, sh } from '../../shared/sh.ts';
import type { Job, RunJob } from './manager.ts';

export interface RemoteRequest {
  readonly connect: Connect;
  target(job: Job): ConnectionTarget;
  /** For the login shell; empty starts the login shell itself, which reads `input`. */
  readonly command: string;
  readonly input: Buffer | undefined;
  /** The command goes to the host as it is, with nothing around it: for hosts without a shell. */
  readonly bare: boolean;
}

export interface RemoteRunner {
  readonly run: RunJob;
  /** Resolves when every connection is closed. Never rejects. */
  close(): Promise<void>;
}

/** ssh's own status for everything that kept the command from running or from telling how it ended. */
const SSH_FAILED = 255;

/** Runs the command on each host over a connection of ours; time-out, Ctrl-C and the death of this process kill it there. */
export function remoteRunner(request: RemoteRequest): RemoteRunner {
  const closing = new Set<Promise<void>>();
  return {
    async run(job) {
      let connection: Connection | undefined;
      try {
        connection = await request.connect(request.target(job), { signal: job.signal });
        return await runOn(connection, job, request);
      } catch (error) {
        return failed(job, error);
      } finally {
        if (connection) closing.add(connection.close());
      }
    },
    close: async () => {
      await Promise.all(closing);
    },
  };
}

async function runOn(connection: Connection, job: Job, request: RemoteRequest): ReturnType<RunJob> {
  const stdin = request.input === undefined ? {} : { stdin: contentOf(request.input) };
  const common = { ...stdin, signal: job.signal, maxOutput: 0, onOutput: job.take };
  if (request.bare) {
    const { status, ended } = await connection.exec(request.command, common);
    return { status: status ?? SSH_FAILED, stopped: ended === 'cancelled' };
  }
  const shell = await connection.shell(LOGIN);
  const { status, ended } = await shell.run({
    ...common,
    script: commandScript(request.command),
    environment: 'user',
    env: job.env,
    killable: true,
  });
  return { status, stopped: ended === 'cancelled' };
}

/** As sshd hands it to the login shell; bash reads ~/.bashrc for sshd only where it finds itself to be the first shell. */
export function commandScript(command: string): Script {
  if (command === '') return sh`unset SHLVL; exec "\${SHELL:-/bin/sh}" -l`;
  return sh`unset SHLVL; exec "\${SHELL:-/bin/sh}" -c ${command}`;
}

function failed({ signal, take }: Job, error: unknown): { readonly status: number; readonly stopped?: boolean } {
  if (signal.aborted) return { status: SSH_FAILED, stopped: true };
  const remedy = error instanceof KprepError && error.remedy ? `\n  ${error.remedy}` : '';
  take('stderr', Buffer.from(`kprep: ${error instanceof Error ? error.message : String(error)}${remedy}\n`));
  return { status: SSH_FAILED };
}
