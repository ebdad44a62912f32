import { isBefore, type Place, placeKey } from './place.ts';

interface Gate {
  readonly place: Place;
  /** Members that are not there yet. */
  readonly missing: Set<string>;
  readonly opened: Promise<void>;
  readonly open: () => void;
}

/** Where the hosts of a batch are, and waiting until all of them are past what lies before a place. */
export class Barrier {
  readonly #at = new Map<string, Place>();
  readonly #gates = new Map<string, Gate>();

  constructor(members: readonly string[]) {
    for (const member of members) this.#at.set(member, []);
  }

  /** The member starts on what is at this place: all before it is done. */
  arrive(member: string, place: Place): void {
    if (!this.#at.has(member)) return;
    this.#at.set(member, place);
    for (const gate of this.#gates.values()) {
      if (!isBefore(place, gate.place)) this.#pass(member, gate);
    }
  }

  /** The member is done with the batch, whichever way: nobody waits for it. */
  leave(member: string): void {
    this.#at.delete(member);
    for (const gate of this.#gates.values()) this.#pass(member, gate);
  }

  /** Whether waiting for this place would not wait. */
  isOpen(place: Place): boolean {
    for (const at of this.#at.values()) if (isBefore(at, place)) return false;
    return true;
  }

  /** Members that are exactly there, in the batch's order. */
  membersAt(place: Place): string[] {
    const key = placeKey(place);
    return [...this.#at].filter(([, at]) => placeKey(at) === key).map(([member]) => member);
  }

  /** Resolves when every member that is left is at this place or past it. */
  async reached(place: Place): Promise<void> {
    const key = placeKey(place);
    let gate = this.#gates.get(key);
    if (!gate) {
      const missing = new Set([...this.#at].filter(([, at]) => isBefore(at, place)).map(([member]) => member));
      if (missing.size === 0) return;
      const { promise, resolve } = makeGate();
      gate = { place, missing, opened: promise, open: resolve };
      this.#gates.set(key, gate);
    }
    await gate.opened;
  }

  #pass(member: string, gate: Gate): void {
    if (!gate.missing.delete(member) || gate.missing.size > 0) return;
    this.#gates.delete(placeKey(gate.place));
    gate.open();
  }
}

function makeGate(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
