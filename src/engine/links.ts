import type { Connect, Connection, ConnectionTarget, Identity, Shell } from '../model/connection.ts';
import type { Emit } from '../model/event.ts';
import { KprepError } from '../shared/errors.ts';
import { SentReads } from './sent-reads.ts';

/** A host's connection as the engine keeps it: its shells by identity, and the reads that travel ahead on it. */
export class Link {
  readonly host: string;
  readonly key: string;
  readonly connection: Connection;
  readonly reads = new SentReads();
  /** The line went. */
  dead = false;
  /** Some task has told that the line went. Only then, where a task still comes, is the host dialled again. */
  told = false;

  constructor(host: string, key: string, connection: Connection) {
    this.host = host;
    this.key = key;
    this.connection = connection;
  }

  /** @throws KprepError `become`, `lost`. */
  async shell(identity: Identity): Promise<Shell> {
    try {
      const shell = await this.connection.shell(identity);
      return { run: (frame) => this.#watch(shell.run(frame)) };
    } catch (error) {
      this.#notice(error);
      throw error;
    }
  }

  async #watch<T>(running: Promise<T>): Promise<T> {
    try {
      return await running;
    } catch (error) {
      this.#notice(error);
      throw error;
    }
  }

  #notice(error: unknown): void {
    if (error instanceof KprepError && error.kind === 'lost') this.dead = true;
  }
}

/** The connections of a run: one per host and way of logging in, made when first needed, closed together at the end. */
export class Links {
  readonly #connect: Connect;
  readonly #emit: Emit;
  readonly #now: () => number;
  readonly #open = new Map<string, Promise<Link>>();
  #roundTrips = 0;
  #connections = 0;

  constructor(options: { readonly connect: Connect; readonly emit: Emit; readonly now: () => number }) {
    this.#connect = options.connect;
    this.#emit = options.emit;
    this.#now = options.now;
  }

  get connections(): number {
    return this.#connections;
  }

  /** Of the closed connections; complete after `closeAll`. */
  get roundTrips(): number {
    return this.#roundTrips;
  }

  /** @throws KprepError `unreachable`, `host-key`, `authentication`, `cancelled`. */
  async open(host: string, target: ConnectionTarget, signal: AbortSignal): Promise<Link> {
    const key = linkKey(host, target);
    const known = await this.#open.get(key);
    if (known && !known.dead) return known;
    if (known) await this.#giveUp(known);
    const current = this.#open.get(key);
    if (current !== undefined) return current;
    const opening = this.#dial(host, target, signal);
    this.#open.set(key, opening);
    try {
      return await opening;
    } catch (error) {
      this.#open.delete(key);
      throw error;
    }
  }

  /** Closes what a host has open, so that the next task dials anew. */
  async reset(host: string): Promise<void> {
    const own = [...this.#open].filter(([key]) => key.startsWith(`${host} {`)).map(([, link]) => link);
    const opened = await Promise.allSettled(own);
    await Promise.all(opened.map((one) => (one.status === 'fulfilled' ? this.#close(one.value) : undefined)));
  }

  async closeAll(): Promise<void> {
    const opened = await Promise.allSettled(this.#open.values());
    await Promise.all(opened.map((one) => (one.status === 'fulfilled' ? this.#close(one.value) : undefined)));
  }

  /** @throws KprepError `unreachable` the first time: a line that went between two tasks is not passed over in silence. */
  async #giveUp(link: Link): Promise<void> {
    await this.#close(link);
    if (!link.told) throw new KprepError('unreachable', 'the connection was lost', { remedy: LOST_REMEDY });
  }

  async #dial(host: string, target: ConnectionTarget, signal: AbortSignal): Promise<Link> {
    const startedAt = this.#now();
    this.#emit({ type: 'host-connecting', host });
    const connection = await this.#connect(target, { signal });
    this.#connections++;
    this.#emit({ type: 'host-connected', host, ms: this.#now() - startedAt });
    return new Link(host, linkKey(host, target), connection);
  }

  async #close(link: Link): Promise<void> {
    const current = await this.#open.get(link.key)?.catch(() => undefined);
    if (current !== link) return;
    this.#open.delete(link.key);
    this.#roundTrips += link.connection.roundTrips;
    await link.connection.close();
  }
}

const LOST_REMEDY = 'see whether the host is up, then run again';

/** Which connection a target means. */
export function linkKey(host: string, target: ConnectionTarget): string {
  return `${host} ${JSON.stringify(target)}`;
}
