import type { FrameResult } from '../model/connection.ts';
import { type Footprint, overlaps } from './footprint.ts';
import { isBefore, type Place } from './place.ts';

interface SentRead {
  readonly place: Place;
  /** Identity, variables and script: what must be the same for the answer to be the one that the task would get. */
  readonly question: string;
  readonly touches: Footprint;
  /** Milliseconds that it may take. */
  readonly timeout?: number;
  readonly answer: Promise<FrameResult>;
}

/** Reads of coming tasks that were sent ahead on one connection and not yet used, by place and item. */
export class SentReads {
  readonly #reads = new Map<string, SentRead>();

  get size(): number {
    return this.#reads.size;
  }

  has(slot: string): boolean {
    return this.#reads.has(slot);
  }

  add(slot: string, read: SentRead): void {
    // An answer that is never used must not be an unhandled rejection when the line goes.
    read.answer.catch(() => undefined);
    this.#reads.set(slot, read);
  }

  /**
   * The answer to a question that was sent already, for another task or item: the ports of one zone are read once. It is
   * good for both, because what touches one of them touches the other, and would have taken it away.
   */
  answerTo(read: Omit<SentRead, 'answer'>): Promise<FrameResult> | undefined {
    for (const sent of this.#reads.values()) {
      if (sent.question === read.question && sent.timeout === read.timeout && sameFootprint(sent, read)) {
        return sent.answer;
      }
    }
    return undefined;
  }

  /** The answer to this very question, if it still holds. It is handed out once. */
  take(slot: string, question: string): Promise<FrameResult> | undefined {
    const read = this.#reads.get(slot);
    this.#reads.delete(slot);
    return read?.question === question ? read.answer : undefined;
  }

  /** A change is about to be sent: what was read before it no longer holds where they meet. Reads sent behind it do. */
  invalidate(touches: Footprint): void {
    for (const [slot, read] of this.#reads) {
      if (overlaps(touches, read.touches)) this.#reads.delete(slot);
    }
  }

  /** Forgets reads of tasks that were passed over. */
  forgetBefore(place: Place): void {
    for (const [slot, read] of this.#reads) {
      if (isBefore(read.place, place)) this.#reads.delete(slot);
    }
  }

  clear(): void {
    this.#reads.clear();
  }
}

function sameFootprint(one: Pick<SentRead, 'touches'>, other: Pick<SentRead, 'touches'>): boolean {
  return JSON.stringify(one.touches) === JSON.stringify(other.touches);
}
