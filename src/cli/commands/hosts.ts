import { matchHosts } from '../../inventory/index.ts';
import { foldNames } from '../../shared/fold-names.ts';
import { printableLine } from '../../shared/text.ts';
import { openInventory, selectHosts } from '../inventory.ts';
import type { HostOptions, Options } from '../options.ts';
import type { Invocation } from './command.ts';

type HostsOptions = HostOptions &
  Options<Record<'fold' | 'count' | 'json', { readonly type: 'boolean'; readonly describe: ''; readonly group: '' }>>;

/** `kprep hosts [PATTERN]`: which hosts a pattern means. Dials nothing. */
export async function hostsCommand({ io, options, words }: Invocation): Promise<number> {
  const given = options as HostsOptions;
  const opened = await openInventory({ io, options: given, playbookDirs: [io.cwd] });
  if (opened.status !== undefined) return opened.status;
  const pattern = words.length > 0 ? words.join(',') : 'all';
  const hosts = selectHosts({
    io,
    options: given,
    inventory: opened.inventory,
    hosts: matchHosts(opened.inventory, pattern),
  });
  io.stdout.write(`${listed(hosts, given)}\n`);
  return 0;
}

function listed(hosts: readonly string[], options: HostsOptions): string {
  if (options.count) return String(hosts.length);
  if (options.json) return JSON.stringify(hosts);
  return options.fold ? foldNames(hosts) : hosts.map(printableLine).join('\n');
}
