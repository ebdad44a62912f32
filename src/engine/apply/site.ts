import type { Change, StepOutput } from '../../model/change.ts';
import type { ExecOptions, ExecResult, Frame, FrameResult, Shell } from '../../model/connection.ts';

/** Where and how the frames of one step run. */
export interface Site {
  readonly shell: Shell;
  /** Hands a command to the login shell without frames (`raw`); absent under a become identity. */
  readonly exec?: (command: string, options: ExecOptions) => Promise<ExecResult>;
  /** The task's `environment`. */
  readonly environment: Readonly<Record<string, string>>;
  /** Milliseconds for each frame. */
  readonly timeout?: number;
  /** Kills what may be killed. */
  readonly signal?: AbortSignal;
  /** Live output of an operator's own command. */
  readonly onOutput?: (stream: 'stdout' | 'stderr', chunk: Buffer) => void;
  /** Epoch milliseconds. */
  now(): number;
}

/** A change that ran to an end, whichever. */
export interface Applied {
  readonly output: StepOutput;
  readonly ended: FrameResult['ended'];
}

/** What time-out and signal do to a frame: nothing, where it may not be killed. */
export function limits(site: Site, killable: boolean): Pick<Frame, 'killable' | 'timeout' | 'signal'> {
  if (!killable) return { killable: false };
  return {
    killable: true,
    ...(site.timeout === undefined ? {} : { timeout: site.timeout }),
    ...(site.signal === undefined ? {} : { signal: site.signal }),
  };
}

/** Runs a frame for a change and times it. @throws KprepError `lost`. */
export async function runFrame(site: Site, change: Change, frame: Omit<Frame, 'killable'>): Promise<Applied> {
  const startedAt = site.now();
  const result = await site.shell.run({ ...frame, ...limits(site, change.killable) });
  const { status, stdout, stderr } = result;
  return { output: { change, status, stdout, stderr, startedAt, endedAt: site.now() }, ended: result.ended };
}
