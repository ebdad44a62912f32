import { addHost, type Draft } from './draft.ts';
import { expandHosts } from './host-entry.ts';
import { makeReporter } from './problems.ts';

/** Splits at commas outside brackets. */
function splitCommas(text: string): string[] {
  return text.split(/,(?![^[]*\])/);
}

/** Hosts of a command line, `h1,h2,`: `[user@]host[:port]`, ranges too. They are ungrouped, as in Ansible. */
export function readHostList(list: string, draft: Draft, dir: string): void {
  const reporter = makeReporter(list, list, draft.problems);
  for (const part of splitCommas(list).map((item) => item.trim())) {
    if (part === '') continue;
    const entry = expandHosts(part, { reporter, spot: { line: 1, column: list.indexOf(part) + 1 }, users: true });
    for (const name of entry?.names ?? []) {
      const host = addHost(draft, name, { group: 'ungrouped', origin: { source: list, dir } });
      if (entry?.port !== undefined) host.vars.ansible_port = entry.port;
      if (entry?.user !== undefined) host.vars.ansible_user = entry.user;
    }
  }
}
