import type { Connect } from '../model/connection.ts';
import type { Emit } from '../model/event.ts';
import type { Inventory } from '../model/inventory.ts';
import type { Plan } from '../model/plan.ts';
import type { Secrets } from '../shared/secrets.ts';

/** A run: what is to be done, and the world it is done in. */
export interface RunRequest {
  readonly plan: Plan;
  readonly inventory: Inventory;
  readonly connect: Connect;
  /** Given events from which the secrets are already removed. */
  readonly emit: Emit;
  readonly secrets: Secrets;
  /** At most so many steps and handshakes at a time. A host that waits for others or for a delay counts for none. */
  readonly forks: number;
  readonly check: boolean;
  readonly diff: boolean;
  /** Count of `-v`. */
  readonly verbosity: number;
  /** Milliseconds for each frame of a step that has no `timeout` of its own. */
  readonly stepTimeout?: number;
  readonly clock: Clock;
  /** First Ctrl-C: nothing new is started, what runs may end. */
  readonly drain: AbortSignal;
  /** Second: what may be killed is killed. */
  readonly kill: AbortSignal;
  /** Ad hoc: the first Ctrl-C already kills. */
  readonly killOnDrain: boolean;
  /** Aborted with a reason in words (`one host failed and --fail-fast is set`): nothing new is started, what runs may end. */
  readonly halt?: AbortSignal;
  /** Asks the operator (`pause`); without it a prompt is passed over with a warning. */
  readonly prompt?: (
    text: string,
    options: { readonly echo: boolean; readonly signal: AbortSignal },
  ) => Promise<string>;
}

export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Ends early, without throwing, when the signal is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface RunSummary {
  /** Times that a connection waited for an answer before it could send more, over all connections. */
  readonly roundTrips: number;
  readonly connections: number;
}
