import type { Failure, Outcome } from '../model/event.ts';
import type { JsonObject } from '../model/value.ts';

/** How the walk of a host goes on after a node. */
export type Flow =
  | { readonly kind: 'next' }
  /** It failed; a `rescue` may take over. */
  | { readonly kind: 'failed'; readonly failure: Failure; readonly task: string; readonly result: JsonObject }
  /** The host is out of the play. `failure` absent: as was asked (`end_host`, `end_play`). */
  | { readonly kind: 'left'; readonly outcome: Outcome; readonly failure?: Failure };

export const NEXT: Flow = { kind: 'next' };
export const ENDED: Flow = { kind: 'left', outcome: 'ok' };

export function cancelledFlow(cause: string): Flow {
  return { kind: 'left', outcome: 'cancelled', failure: { kind: 'cancelled', cause } };
}
