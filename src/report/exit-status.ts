import type { Report } from './report.ts';

/** The exit statuses of every command but the pssh family (DESIGN 5). Bits of hosts add up: 6 is failed and unreachable. */
export const EXIT = {
  ok: 0,
  bug: 1,
  failed: 2,
  unreachable: 4,
  unknown: 8,
  changes: 16,
  usage: 64,
  input: 65,
  interrupted: { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 },
} as const;

export type Signal = keyof typeof EXIT.interrupted;

export interface StatusOptions {
  /** `--fail-on-change`. */
  readonly failOnChange?: boolean;
  /** The signal that ended the run, if one did. */
  readonly interrupted?: Signal;
}

/** What the process exits with. A bug outranks all; then the signal; then the bits of the hosts. */
export function exitStatus(report: Report, options: StatusOptions = {}): number {
  const hosts = [...report.hosts.values()];
  const failures = hosts.flatMap((host) => host.failures);
  if (failures.some(({ failure }) => failure.kind === 'bug')) return EXIT.bug;
  if (options.interrupted) return EXIT.interrupted[options.interrupted];
  let status = 0;
  for (const { outcome } of failures) {
    if (outcome === 'unreachable') status |= EXIT.unreachable;
    else if (outcome === 'unknown') status |= EXIT.unknown;
    else status |= EXIT.failed;
  }
  if (options.failOnChange && hosts.some(({ counts }) => counts.changed > 0 || counts.pending > 0))
    status |= EXIT.changes;
  return status;
}
