import { UsageError } from '../commands/command.ts';

/**
 * What each host's command finds in its environment: its name in the inventory, its place (from 0, in the order of the
 * hosts) and how many there are, under our names and those of pssh; then `--env`. They travel with the command, so no
 * AcceptEnv of sshd is needed. @throws UsageError
 */
export function hostEnvironment(
  hosts: readonly string[],
  given: readonly string[] | undefined,
): (host: string) => Readonly<Record<string, string>> {
  const extra = Object.fromEntries((given ?? []).map(pair));
  const places = new Map(hosts.map((host, index) => [host, String(index)]));
  const total = String(hosts.length);
  return (host) => {
    const index = places.get(host) ?? '0';
    return {
      KPREP_HOST: host,
      KPREP_INDEX: index,
      KPREP_TOTAL: total,
      PSSH_HOST: host,
      PSSH_NODENUM: index,
      PSSH_NUMNODES: total,
      ...extra,
    };
  };
}

function pair(text: string): readonly [string, string] {
  const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=([\s\S]*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new UsageError(`--env takes NAME=VALUE, not ${text}`, 'such as --env LANG=C --env "GREETING=good morning"');
  }
  return [name, value];
}
