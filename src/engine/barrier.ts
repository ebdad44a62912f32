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
  /** All members are known to be here or past it. */
  #floor: Place = [];
  #laggard = '';

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

  /**
   * Whether waiting for this place would not wait. Hosts only go forward, so what is open stays open; and whoever was
   * behind when last asked most likely still is. Both keep this from looking at every member for every member.
   */
  isOpen(place: Place): boolean {
    if (!isBefore(this.#floor, place)) return true;
    const last = this.#at.get(this.#laggard);
    if (last && isBefore(last, place)) return false;
    for (const [member, at] of this.#at) {
      if (!isBefore(at, place)) continue;
      this.#laggard = member;
      return false;
    }
    this.#floor = place;
    return true;
  }

  /** Members that are exactly there, in the batch's order. */
  membersAt(place: Place): string[] {
    const key = placeKey(place);
    return [...this.#at].filter(([, at]) => placeKey(at) === key).map(([member]) => member);
  }

  /** Resolves when every member that is left is at this place or past it. */
  async reached(place: Place): Promise<void> {
    if (this.isOpen(place)) return;
    const key = placeKey(place);
    let gate = this.#gates.get(key);
    if (!gate) {
      const missing = new Set([...this.#at].filter(([, at]) => isBefore(at, place)).map(([member]) => member));
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
