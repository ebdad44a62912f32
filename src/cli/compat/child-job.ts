import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Job, RunJob } from './manager.ts';
import { ValueError } from './option-parser.ts';

/** A program of this machine that does a job: ssh, scp, rsync. */
export interface ChildCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly input?: Buffer;
}

export interface ChildRequest {
  /** @throws ValueError where the host's name cannot be handed to a program. */
  command(job: Job): ChildCommand | Promise<ChildCommand>;
  /** Of this process. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

const CANNOT_START = 127;
/** After the end of a program its standard error may be held open by one that it left behind. */
const LINGER_MS = 200;

/** Runs one program for each host, in a process group of its own that is killed at time-out and Ctrl-C. */
export function childRunner(request: ChildRequest): RunJob {
  return async (job) => {
    let command: ChildCommand;
    try {
      command = await request.command(job);
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      job.take('stderr', Buffer.from(`kprep: ${error.message}\n`));
      return { status: 255 };
    }
    if (job.signal.aborted) return { status: 255, stopped: true };
    const child = spawn(command.file, command.args, {
      cwd: request.cwd,
      env: { ...request.env, ...job.env },
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].on('data', (chunk: Buffer) => job.take(stream, chunk));
    }
    // A program that reads no input is no failure.
    child.stdin.on('error', () => undefined);
    child.stdin.end(command.input);
    return await ended(child, job);
  };
}

function ended(child: ChildProcess, job: Job): ReturnType<RunJob> {
  return new Promise((resolve) => {
    let killed = false;
    const kill = (): void => {
      killed = true;
      if (child.pid !== undefined) killGroup(child.pid);
    };
    const finish = (status: number): void => {
      job.signal.removeEventListener('abort', kill);
      resolve({ status, stopped: killed && status < 0 });
    };
    job.signal.addEventListener('abort', kill, { once: true });
    child.once('error', (error) => {
      job.take('stderr', Buffer.from(`kprep: cannot start ${child.spawnfile}: ${error.message}\n`));
      finish(CANNOT_START);
    });
    child.once('exit', (code, signal) => {
      const status = signal === null ? (code ?? 255) : -constants.signals[signal];
      const late = setTimeout(() => finish(status), LINGER_MS);
      child.stdout?.once('end', () => late.refresh());
      child.stdout?.once('data', () => late.refresh());
      child.once('close', () => {
        clearTimeout(late);
        finish(status);
      });
    });
  });
}

function killGroup(pid: number): void {
  spawn('/bin/sh', ['-c', `kill -KILL -${pid}`], { stdio: 'ignore' }).on('error', () => undefined);
}
