import type { Failure } from '../../model/event.ts';
import { duration } from '../../shared/text.ts';
import { missedDirectory } from './command.ts';
import type { Applied } from './site.ts';

/** Why an applied change counts as failed; undefined when it did what it should. */
export function failureOfChange(applied: Applied): Failure | undefined {
  const { output, ended } = applied;
  if (ended === 'timeout') return timedOut(output.endedAt - output.startedAt);
  if (ended === 'cancelled') return { kind: 'cancelled', cause: 'it was stopped while it ran' };
  if (output.status === 0) return undefined;
  return output.change.kind === 'command' ? failureOfCommand(applied) : failureOfScript(applied);
}

export function timedOut(ms: number): Failure {
  return {
    kind: 'timeout',
    cause: 'it took longer than it may and was stopped',
    // Apart from the cause, by which hosts are folded.
    detail: `after ${duration(ms)}`,
    remedy: 'raise the time-out of the task (timeout:) or of all steps (--step-timeout)',
  };
}

function failureOfCommand({ output }: Applied): Failure {
  const stderr = output.stderr.toString('utf8');
  const missed = missedDirectory(output.status, stderr);
  if (missed !== undefined) return { kind: 'task', cause: missed, remedy: 'chdir must name a directory of the host' };
  const last = lastLine(stderr) ?? lastLine(output.stdout.toString('utf8'));
  const what = `the command ended with status ${output.status}`;
  return { kind: 'task', cause: last === undefined ? what : `${what}: ${last}` };
}

function failureOfScript({ output }: Applied): Failure {
  const { change } = output;
  const known = change.kind === 'run' ? change.explain?.(output) : undefined;
  if (known)
    return { kind: 'task', cause: known.message, ...(known.remedy === undefined ? {} : { remedy: known.remedy }) };
  const stderr = output.stderr.toString('utf8');
  const last = lastLine(stderr) ?? `it ended with status ${output.status} and said nothing`;
  const remedy = remedyFor(stderr);
  return { kind: 'task', cause: `cannot ${change.summary}: ${last}`, ...(remedy === undefined ? {} : { remedy }) };
}

const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [/no space left on device|disk quota exceeded/i, 'make room on the host, then run again'],
  [/read-only file system/i, 'the file system is mounted read-only: look for its errors (dmesg), remount it'],
  [/device or resource busy/i, 'a bind-mounted file cannot be replaced: unsafe_writes: true writes in place'],
  [/changed by something else since it was read/, 'run again: what is there now is then read anew'],
  [/permission denied|operation not permitted|cannot be kept/i, 'use become, or log in as a user who may'],
];

function remedyFor(stderr: string): string | undefined {
  return REMEDIES.find(([pattern]) => pattern.test(stderr))?.[1];
}

/** The last line that is not blank, without blanks around it. */
function lastLine(text: string): string | undefined {
  return text.trimEnd().split(/\r?\n/).at(-1)?.trim() || undefined;
}
