import type { Event, Result } from '../../model/event.ts';
import { count, printableLine } from '../../shared/text.ts';
import { foldReport } from '../report.ts';
import type { TextOptions, TextReport } from './index.ts';
import { renderRecap } from './recap.ts';
import { makeStyle } from './style.ts';

/** A line for each host as it answers, then how long answers took, and the recap where a host did not answer. */
export function makePingReport(options: TextOptions): TextReport {
  const style = makeStyle(options.color);
  const fold = foldReport();
  const connected = new Map<string, number>();
  const times: number[] = [];
  const write = (lines: readonly string[]): void => options.write(`${lines.join('\n')}\n`);
  const tell = (host: string, result: Result): void => {
    const trip = result.data.round_trip_ms;
    const answers = result.outcome === 'ok' && typeof trip === 'number';
    if (answers) times.push(trip);
    if (options.quiet) return;
    const dialled = connected.get(host);
    const said = answers
      ? `round trip ${trip} ms${dialled === undefined ? '' : `, connected in ${dialled} ms`}`
      : printableLine(result.failure?.cause ?? result.message ?? '');
    write([
      `${printableLine(host)}: ${style.outcome(result.outcome, result.outcome)}${said === '' ? '' : `, ${said}`}`,
    ]);
  };
  return {
    take(event: Event) {
      fold.take(event);
      if (event.type === 'host-connected') connected.set(event.host, event.ms);
      if (event.type === 'task-finished') tell(event.host, event.result);
      if (event.type !== 'run-finished') return;
      const hosts = [...fold.report.hosts.values()];
      if (hosts.some(({ failures }) => failures.length > 0)) write(renderRecap(fold.report, style, { adHoc: true }));
      if (times.length > 0) write([summary(times)]);
    },
  };
}

function summary(times: number[]): string {
  const sorted = times.sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
  return `${count(sorted.length, 'answer')}; round trip ${at(0)} ms at best, ${at(0.5)} ms in the middle, ${at(1)} ms at worst`;
}
