import type { Outcome } from '../../model/event.ts';
import { count, duration, groupBy, printableLine } from '../../shared/text.ts';
import type { HostReport, Report } from '../report.ts';
import type { Style } from './style.ts';
import { namesOf } from './task-block.ts';

/** Past so many hosts the recap goes by outcome instead of by host. */
const HOSTS_LISTED = 50;

const COLUMNS: readonly (Outcome | 'ignored' | 'rescued')[] = [
  'ok',
  'changed',
  'skipped',
  'pending',
  'failed',
  'unreachable',
  'unknown',
  'cancelled',
  'rescued',
  'ignored',
];

/** What came of the run: a line a host (or an outcome, for many hosts), then each cause with the hosts that share it. */
export function renderRecap(report: Report, style: Style, { adHoc }: { readonly adHoc: boolean }): string[] {
  const hosts = [...report.hosts];
  const lines = [style.title('RECAP')];
  lines.push(...(adHoc || hosts.length > HOSTS_LISTED ? byOutcome(hosts, style, adHoc) : byHost(hosts, style)));
  lines.push(...causes(report, style, adHoc), summary(report, adHoc));
  return lines;
}

function byHost(hosts: readonly (readonly [string, HostReport])[], style: Style): string[] {
  const width = Math.max(...hosts.map(([name]) => name.length), 4);
  return hosts.map(([name, { counts }]) => {
    const cells = COLUMNS.filter((column) => ALWAYS.has(column) || counts[column] > 0).map((column) => {
      const cell = `${column}=${counts[column]}`.padEnd(column.length + 4);
      return counts[column] > 0 ? style.outcome(column, cell) : style.faint(cell);
    });
    return `  ${printableLine(name).padEnd(width)}  ${cells.join(' ').trimEnd()}`;
  });
}

/** Columns that every host has, so that the eye finds them. */
const ALWAYS: ReadonlySet<string> = new Set(['ok', 'changed', 'failed', 'unreachable']);

/** Ad hoc nobody knows whether a command changed anything: it went well. */
function byOutcome(hosts: readonly (readonly [string, HostReport])[], style: Style, adHoc: boolean): string[] {
  const groups = groupBy(hosts, ([, host]) => (adHoc && worst(host) === 'changed' ? 'ok' : worst(host)));
  return [...groups].map(([outcome, members]) => {
    const word = style.outcome(outcome as Outcome, outcome.padEnd(11));
    return `  ${word} ${namesOf(members.map(([name]) => name))}`;
  });
}

function worst({ counts, failures }: HostReport): Outcome {
  const outcome = failures[0]?.outcome;
  if (outcome) return outcome;
  if (counts.pending > 0) return 'pending';
  return counts.changed > 0 ? 'changed' : 'ok';
}

/** Ad hoc there is one task, which needs no name. */
function causes(report: Report, style: Style, adHoc: boolean): string[] {
  const failures = [...report.hosts].flatMap(([host, { failures }]) =>
    failures.map((failure) => ({ host, ...failure })),
  );
  if (failures.length === 0) return [];
  const clusters = groupBy(failures, ({ outcome, failure, task }) =>
    JSON.stringify([outcome, failure.cause, failure.remedy, task?.name]),
  );
  const lines = [''];
  for (const cluster of clusters.values()) {
    const first = cluster[0];
    if (!first) continue;
    const where = first.task && !adHoc ? ` in "${printableLine(first.task.name)}"` : '';
    const hosts = namesOf([...new Set(cluster.map(({ host }) => host))]);
    lines.push(`  ${style.outcome(first.outcome, first.outcome)}${where}: ${hosts}`);
    lines.push(`      ${printableLine(first.failure.cause)}`);
    const { detail } = first.failure;
    if (detail !== undefined && cluster.length === 1) lines.push(`      (${printableLine(detail)})`);
    if (first.failure.remedy) lines.push(`      → ${printableLine(first.failure.remedy)}`);
  }
  return lines;
}

function summary({ started, finished, hosts }: Report, adHoc: boolean): string {
  const changed = [...hosts.values()].reduce((sum, { counts }) => sum + counts.changed, 0);
  const failed = [...hosts.values()].filter(({ failures }) => failures.length > 0).length;
  const time = started && finished ? ` in ${duration(finished.at - started.at)}` : '';
  const check = started?.check ? ' (check mode: nothing was written)' : '';
  if (adHoc) return `${count(hosts.size, 'host')}, ${failed} failed${time}${check}`;
  return `${count(hosts.size, 'host')}, ${count(changed, 'change')}, ${count(failed, 'failed host')}${time}${check}`;
}
