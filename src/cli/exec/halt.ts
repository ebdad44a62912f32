import type { Connect, Connection } from '../../model/connection.ts';
import type { ExecOptions } from '../options.ts';
import { parseShare } from './sizes.ts';
import type { Tap } from './tap.ts';

export interface Halt {
  readonly signal: AbortSignal;
  /** Sees hosts that cannot be reached. */
  wrap(connect: Connect): Connect;
  /** Sees commands that fail. */
  readonly tap: Tap;
}

/**
 * `--fail-fast` and `--max-fail`: its signal is aborted with the reason in words once more hosts are lost than may be. It
 * looks where the host's turn is not over yet, so the next one does not begin. Undefined where neither is given.
 * @throws UsageError
 */
export function haltOf(given: Pick<ExecOptions, 'fail-fast' | 'max-fail'>, hosts: number): Halt | undefined {
  const most = mostLost(given, hosts);
  if (most === undefined) return undefined;
  const lost = new Set<string>();
  const controller = new AbortController();
  const lose = (host: string): void => {
    lost.add(host);
    if (lost.size > most) controller.abort(reason(given, lost.size));
  };
  return {
    signal: controller.signal,
    wrap: (connect) => async (target, how) => {
      try {
        return losingShells(await connect(target, how), lose);
      } catch (error) {
        lose(target.name);
        throw error;
      }
    },
    tap: {
      begin: () => undefined,
      output: () => undefined,
      end: (host, good) => void (good || lose(host)),
    },
  };
}

/** Also lost is where nobody may become who is to be become. */
function losingShells(connection: Connection, lose: (host: string) => void): Connection {
  return {
    target: connection.target,
    get roundTrips() {
      return connection.roundTrips;
    },
    shell: (identity) =>
      connection.shell(identity).catch((error: unknown) => {
        lose(connection.target.name);
        throw error;
      }),
    exec: (command, how) => connection.exec(command, how),
    close: () => connection.close(),
  };
}

function mostLost(given: Pick<ExecOptions, 'fail-fast' | 'max-fail'>, hosts: number): number | undefined {
  const bound = given['max-fail'] === undefined ? undefined : parseShare('max-fail', given['max-fail']);
  if (given['fail-fast']) return 0;
  if (!bound) return undefined;
  return 'share' in bound ? bound.share * hosts : bound.hosts;
}

function reason(given: Pick<ExecOptions, 'fail-fast' | 'max-fail'>, lost: number): string {
  if (given['fail-fast']) return 'another host failed (--fail-fast)';
  return `${lost === 1 ? 'one host' : `${lost} hosts`} failed, more than --max-fail ${given['max-fail']} allows`;
}
