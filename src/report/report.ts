import type { Event, Failure, Outcome, PlayStarted, Result, RunFinished, RunStarted, TaskRef } from '../model/event.ts';

/** What a run came to, folded from its events. Every format and the exit status are functions of this or of the stream. */
export interface Report {
  readonly started?: RunStarted & { readonly at: number };
  readonly finished?: RunFinished & { readonly at: number };
  readonly plays: readonly PlayStarted[];
  readonly hosts: ReadonlyMap<string, HostReport>;
  readonly notices: readonly { readonly level: string; readonly host?: string; readonly message: string }[];
}

export interface HostReport {
  readonly counts: Readonly<Record<Outcome | 'ignored' | 'rescued', number>>;
  /** The failures that count, with the task they came from; none for a host that was only unreachable before a task. */
  readonly failures: readonly HostFailure[];
}

export interface HostFailure {
  readonly outcome: Outcome;
  readonly task?: TaskRef;
  readonly failure: Failure;
}

interface MutableHost {
  counts: Record<Outcome | 'ignored' | 'rescued', number>;
  failures: HostFailure[];
}

interface MutableReport {
  started?: RunStarted & { readonly at: number };
  finished?: RunFinished & { readonly at: number };
  plays: PlayStarted[];
  hosts: Map<string, MutableHost>;
  notices: { level: string; host?: string; message: string }[];
}

/** Takes events one by one; `report` is what they came to so far. */
export interface ReportFold {
  take(event: Event): void;
  readonly report: Report;
}

export function foldReport(): ReportFold {
  const report: MutableReport = { plays: [], hosts: new Map(), notices: [] };
  return { take: (event) => takeInto(report, event), report };
}

/** The whole fold at once. */
export function reportOf(events: Iterable<Event>): Report {
  const fold = foldReport();
  for (const event of events) fold.take(event);
  return fold.report;
}

function takeInto(report: MutableReport, event: Event): void {
  switch (event.type) {
    case 'run-started':
      report.started = event;
      for (const host of event.hosts) hostOf(report, host);
      break;
    case 'play-started':
      report.plays.push(event);
      for (const host of event.hosts) hostOf(report, host);
      break;
    case 'task-finished':
      takeResult(hostOf(report, event.host), event.task, event.result);
      break;
    case 'host-left':
      takeLeaving(hostOf(report, event.host), event.outcome, event.failure);
      break;
    case 'notice':
      report.notices.push(event);
      break;
    case 'run-finished':
      report.finished = event;
      break;
    default:
      break;
  }
}

function takeResult(host: MutableHost, task: TaskRef, result: Result): void {
  if (result.rescued) host.counts.rescued += 1;
  else if (result.ignored) host.counts.ignored += 1;
  // Ansible counts an ignored failure as ok, a changed task as ok and changed: here each task counts once.
  const outcome = result.ignored ? 'ok' : result.outcome;
  if (!result.rescued) host.counts[outcome] += 1;
  if (result.failure && !result.ignored && !result.rescued && isBad(result.outcome)) {
    host.failures.push({ outcome: result.outcome, task, failure: result.failure });
  }
}

/** A host may leave for a reason that no task has told: it could not be reached. */
function takeLeaving(host: MutableHost, outcome: Outcome, failure: Failure | undefined): void {
  if (!isBad(outcome) || host.failures.some((known) => known.outcome === outcome)) return;
  host.counts[outcome] += 1;
  host.failures.push({ outcome, failure: failure ?? { kind: 'task', cause: outcome } });
}

export function isBad(outcome: Outcome): boolean {
  return outcome === 'failed' || outcome === 'unreachable' || outcome === 'unknown' || outcome === 'cancelled';
}

function hostOf(report: MutableReport, name: string): MutableHost {
  let host = report.hosts.get(name);
  if (!host) {
    host = { counts: emptyCounts(), failures: [] };
    report.hosts.set(name, host);
  }
  return host;
}

function emptyCounts(): Record<Outcome | 'ignored' | 'rescued', number> {
  return {
    ok: 0,
    changed: 0,
    skipped: 0,
    pending: 0,
    failed: 0,
    unreachable: 0,
    unknown: 0,
    cancelled: 0,
    ignored: 0,
    rescued: 0,
  };
}
