import type { Connect, Connection, FrameResult, Identity } from '../../model/connection.ts';
import { type AnyModule, defineModule } from '../../model/module.ts';
import type { JsonObject } from '../../model/value.ts';
import { sh } from '../../shared/sh.ts';

/** One host of a transfer: its connection, as whom, and until when. */
export interface TransferSite {
  readonly connection: Connection;
  readonly identity: Identity;
  readonly limits: { readonly timeout?: number; readonly signal?: AbortSignal };
}

/** What came of it on one host. `data` is what the events carry. */
export interface TransferEnd {
  readonly changed: boolean;
  readonly data: JsonObject;
}

export interface Transfer {
  /** The command's name. */
  readonly name: string;
  /** In the imperative: `copy 3 sources to /srv`. */
  readonly summary: string;
  /** @throws KprepError */
  run(site: TransferSite): Promise<TransferEnd>;
}

/**
 * A transfer as a module of one change, so that it is a plan of one task like any ad-hoc command: strategy, forks, identity,
 * interrupts, events and exit status are the engine's. It looks and decides itself (check mode too), hence `readOnly`.
 */
export function transferModule({ name, summary }: Transfer): AnyModule {
  return defineModule({
    name,
    summary,
    args: {},
    readOnly: true,
    touches: () => 'anything',
    read: () => ({ script: sh``, parse: () => ({ now: undefined }) }),
    plan: () => [
      {
        kind: 'run',
        summary,
        script: sh`:`,
        undo: 'none',
        killable: true,
        changed: ({ stdout }) => endIn(stdout).changed,
      },
    ],
    result: (_args, _now, outputs) => {
      const stdout = outputs.at(-1)?.stdout;
      return stdout === undefined ? {} : endIn(stdout).data;
    },
  });
}

/** Connections whose shells do the transfer where the engine has the module's one frame run. */
export function transferring(connect: Connect, transfer: Transfer, onEnd?: (end: TransferEnd) => void): Connect {
  return async (target, options) => {
    const connection = await connect(target, options);
    return {
      target: connection.target,
      get roundTrips() {
        return connection.roundTrips;
      },
      exec: (command, how) => connection.exec(command, how),
      close: () => connection.close(),
      async shell(identity) {
        await connection.shell(identity);
        return {
          run: async ({ timeout, signal }) => {
            const limits = { ...(timeout === undefined ? {} : { timeout }), ...(signal ? { signal } : {}) };
            const end = await transfer.run({ connection, identity, limits });
            onEnd?.(end);
            return resultOf(end);
          },
        };
      },
    };
  };
}

function resultOf(end: TransferEnd): FrameResult {
  const stdout = Buffer.from(JSON.stringify(end));
  return { status: 0, stdout, stderr: Buffer.alloc(0), dropped: 0, ended: 'exit' };
}

function endIn(stdout: Buffer): TransferEnd {
  return JSON.parse(stdout.toString('utf8')) as TransferEnd;
}
