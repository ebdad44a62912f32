import type { Host } from '../model/inventory.ts';

/** The names of this machine that need no line in an inventory (Ansible: C.LOCALHOST). */
export const LOCAL_NAMES = ['localhost', '127.0.0.1', '::1'] as const;

/**
 * The hosts of an inventory. `get` and `has` also know this machine by its local names, as Ansible does: it is the host of
 * the inventory that has one of them, else an implicit host, which no iteration shows and which does not count.
 */
export class HostMap extends Map<string, Host> {
  readonly implicit: ReadonlyMap<string, Host>;

  constructor(hosts: Iterable<readonly [string, Host]>, implicit: ReadonlyMap<string, Host>) {
    super(hosts);
    this.implicit = implicit;
  }

  /** Whether the inventory itself names the host. */
  hasOwnHost(name: string): boolean {
    return super.has(name);
  }

  override get(name: string): Host | undefined {
    return super.get(name) ?? this.#local(name);
  }

  override has(name: string): boolean {
    return super.has(name) || this.implicit.has(name);
  }

  #local(name: string): Host | undefined {
    const implicit = this.implicit.get(name);
    if (!implicit) return undefined;
    for (const local of LOCAL_NAMES) {
      const explicit = super.get(local);
      if (explicit) return explicit;
    }
    return implicit;
  }
}
