import type { Readable, Writable } from 'node:stream';

/** How the program behind a channel ended. `status` undefined: nobody said, so the connection went. */
export interface ChannelEnd {
  readonly status: number | null | undefined;
  /** Without `SIG`. */
  readonly signal?: string;
}

/** One program on the host with its three streams. Both outputs must be read, or the host stops. */
export interface Channel {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves when the program ended and both outputs were read. Never rejects. */
  readonly ended: Promise<ChannelEnd>;
  /** Gives the channel up without waiting for the program. */
  destroy(): void;
}

export interface OpenOptions {
  /** A pseudo terminal, for programs that ask for a password only there. */
  readonly terminal?: boolean;
}

/** What a transport does: run a command line with the login shell. */
export interface Carrier {
  /** @throws KprepError `lost` when the connection is gone, `unreachable` when the host gives no channel. */
  open(command: string, options?: OpenOptions): Promise<Channel>;
  /** Why the connection went, where the transport knows. */
  reason(): string | undefined;
  /** Resolves when everything is closed. Never rejects. */
  close(): Promise<void>;
}
