import type { Event } from '../../model/event.ts';
import type { Json } from '../../model/value.ts';
import { foldReport } from '../report.ts';
import type { TextOptions, TextReport } from './index.ts';
import { renderRecap } from './recap.ts';
import { makeStyle } from './style.ts';

/**
 * One JSON object, `{"HOST": {"ansible_…": …}}`, written host by host as the answers come, and whole JSON however the run
 * ends. Hosts that failed are not in it; `tell` gets the recap about them.
 */
export function makeFactsReport(options: TextOptions, tell: (text: string) => void): TextReport {
  const fold = foldReport();
  let hosts = 0;
  const add = (host: string, facts: Json): void => {
    const body = visible(JSON.stringify(facts, null, 2)).replaceAll('\n', '\n  ');
    options.write(`${hosts === 0 ? '{\n' : ',\n'}  ${visible(JSON.stringify(host))}: ${body}`);
    hosts += 1;
  };
  return {
    take(event: Event) {
      fold.take(event);
      if (event.type === 'task-finished' && event.result.outcome === 'ok') {
        add(event.host, event.result.data.ansible_facts ?? {});
      }
      if (event.type !== 'run-finished') return;
      options.write(hosts === 0 ? '{}\n' : '\n}\n');
      const failed = [...fold.report.hosts.values()].some(({ failures }) => failures.length > 0);
      if (failed) tell(`${renderRecap(fold.report, makeStyle(false), { adHoc: true }).join('\n')}\n`);
    },
  };
}

/** JSON leaves DEL, C1 and bidirectional marks as they are; a terminal would obey them. */
function visible(json: string): string {
  return json.replace(/[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
