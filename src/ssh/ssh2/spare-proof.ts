import type { Client } from 'ssh2';

type OnGlobalRequest = (protocol: unknown, name: string, wantReply: boolean, data: unknown) => void;

/** What is used of ssh2's inside; every part is looked for before. */
interface Inside {
  readonly _callbacks?: (() => void)[];
  readonly _protocol?: { readonly _handlers?: { GLOBAL_REQUEST?: OnGlobalRequest }; ping?(): void };
}

/**
 * OpenSSH tells its other host keys after login; ssh2 has each of them proven, for an event that nobody takes here: the
 * server signs with all of them, RSA too, and we verify, a fourth of a connection's CPU. They are no concern of ours, but
 * something must be answered at once: sshd holds its next packet back until ours was acknowledged.
 */
export function spareProof(client: Client): void {
  const { _protocol: protocol, _callbacks: callbacks } = client as unknown as Inside;
  const handlers = protocol?._handlers;
  const usual = handlers?.GLOBAL_REQUEST;
  if (!protocol || !handlers || !usual || !callbacks || typeof protocol.ping !== 'function') return;
  handlers.GLOBAL_REQUEST = (from, name, wantReply, data) => {
    if (name !== 'hostkeys-00@openssh.com' || wantReply) return usual(from, name, wantReply, data);
    callbacks.push(() => undefined);
    protocol.ping?.();
  };
}
