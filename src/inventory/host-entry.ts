import { isIPv6, refuseHostName, splitAddress } from './address.ts';
import type { Reporter, Spot } from './problems.ts';
import { expandNames } from './ranges.ts';

/** The hosts that one entry of a source names. */
export interface HostEntry {
  readonly names: readonly string[];
  readonly port?: number;
  readonly user?: string;
}

interface Place {
  readonly reporter: Reporter;
  readonly spot: Spot | undefined;
  /** Whether `user@` may stand before the host. In INI and YAML it would be a part of the name. */
  readonly users?: boolean;
}

/** Names, port and user of `[user@]node[01:20][:port]`; undefined after a problem was told. */
export function expandHosts(text: string, place: Place): HostEntry | undefined {
  const address = text.includes('@') && !place.users ? { host: text } : splitAddress(text);
  if ('problem' in address) return refuse(place, address.problem, address.hint);
  const isRange = /[[\]]/.test(address.host) && !isIPv6(address.host);
  const expansion = isRange ? expandNames(address.host) : { names: [address.host] };
  if ('problem' in expansion) return refuse(place, expansion.problem);
  for (const name of expansion.names) {
    const refusal = refuseHostName(name);
    if (refusal) return refuse(place, refusal.problem, refusal.hint);
  }
  return 'host' in address ? { ...address, names: expansion.names } : undefined;
}

function refuse({ reporter, spot }: Place, problem: string, hint?: string): undefined {
  reporter.error(spot, problem, hint);
  return undefined;
}
