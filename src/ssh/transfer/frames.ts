import type { Frame, FrameResult, Shell } from '../../model/connection.ts';
import { KprepError } from '../../shared/errors.ts';
import { lastLine } from '../sanitise.ts';

/** Bounds of every frame of one transfer. */
export type FrameLimits = Pick<Frame, 'timeout' | 'signal'>;

/** A script of ours that ran to its end. */
export interface Answer {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

const MAX_OUTPUT = 128 * 1024 * 1024;

/**
 * Runs a script of ours.
 * @throws KprepError `cancelled`, `timeout`, `lost`; `task` when the host says more than can be kept.
 */
export async function runOwn(
  shell: Shell,
  frame: Pick<Frame, 'script' | 'stdin' | 'timeout' | 'signal' | 'onOutput' | 'maxOutput'>,
): Promise<Answer> {
  const result = await shell.run({ environment: 'engine', killable: true, maxOutput: MAX_OUTPUT, ...frame });
  if (result.ended !== 'exit') throw endedEarly(result.ended);
  if (result.dropped > 0 && frame.maxOutput === undefined) {
    throw new KprepError('task', 'the host names more files than can be kept in mind');
  }
  return {
    status: result.status,
    stdout: result.stdout.toString('utf8'),
    stderr: result.stderr.toString('utf8'),
  };
}

function endedEarly(ended: Exclude<FrameResult['ended'], 'exit'>): KprepError {
  if (ended === 'cancelled') return new KprepError('cancelled', 'it was stopped while it ran');
  return new KprepError('timeout', 'it took longer than it may and was stopped', {
    remedy: 'raise --step-timeout',
  });
}

/** The host's own words, or the cause that hides in them. */
export function failureOf({ status, stderr }: Answer, what: string): KprepError {
  for (const [pattern, cause, remedy] of KNOWN) {
    if (pattern.test(stderr)) return new KprepError('task', `${what}: ${cause}`, { remedy });
  }
  const own = /^kprep: (.*)$/m.exec(stderr)?.[1];
  if (own !== undefined) return new KprepError('task', own);
  return new KprepError('task', `${what}: ${lastLine(stderr) || `status ${status}`}`);
}

/** Said by the C library in the locale C, so in the same words by every program. */
const KNOWN: readonly (readonly [RegExp, string, string])[] = [
  [/no space left on device/i, 'no space left on device', 'make room on the host, then run again'],
  [/disk quota exceeded/i, 'disk quota exceeded', 'make room on the host, then run again'],
  [/read-only file system/i, 'read-only file system', 'look for errors of the file system (dmesg), remount it'],
  [/unexpected eof|short read|premature end/i, 'not all of it arrived; nothing was changed', 'run again'],
  [
    /(?:temporary directory|cannot move|rename).*permission denied/i,
    'permission denied',
    'use -b, or log in as a user who may write there',
  ],
];
