import { setTimeout as delay } from 'node:timers/promises';
import type { Client, ClientChannel } from 'ssh2';
import { KprepError } from '../../shared/errors.ts';
import type { Carrier, Channel, ChannelEnd, OpenOptions } from '../channel.ts';
import type { Link } from './handshake.ts';

/** Slots of MaxSessions come back late: a refused channel is asked for again for this long, in milliseconds. */
const PATIENCE = [10, 30, 100, 300, 1000];
/** A host that does not answer our goodbye is not waited for. */
const GOODBYE_MS = 3000;

export interface Ssh2CarrierOptions {
  readonly link: Link;
  /** Called when the socket is closed. */
  onClosed(): void;
}

/** Channels of one authenticated client. */
export function ssh2Carrier({ link, onClosed }: Ssh2CarrierOptions): Carrier {
  const { client } = link;
  let gone = false;
  void link.closed.then(() => {
    gone = true;
    onClosed();
  });
  return {
    async open(command, options = {}) {
      for (const wait of PATIENCE) {
        if (gone) break;
        const opened = await openOnce(client, command, options);
        if (!(opened instanceof Error)) return opened;
        if (!isRefusal(opened)) break;
        await delay(wait);
      }
      if (gone) throw new KprepError('lost', link.reason() ?? 'the connection went');
      throw new KprepError('unreachable', 'the server gives no session', {
        remedy: 'MaxSessions in its sshd_config may be 0 or used up.',
      });
    },
    reason: () => link.reason(),
    async close() {
      if (gone) return;
      client.end();
      const late = setTimeout(() => client.destroy(), GOODBYE_MS);
      await link.closed;
      clearTimeout(late);
    },
  };
}

function openOnce(client: Client, command: string, { terminal }: OpenOptions): Promise<Channel | Error> {
  return new Promise((resolve) => {
    const onOpen = (error: Error | undefined, channel: ClientChannel): void => {
      resolve(error ?? wrap(channel));
    };
    try {
      client.exec(command, terminal ? { pty: { term: 'dumb', cols: 200, rows: 50 } } : {}, onOpen);
    } catch (error) {
      // ssh2 throws where the client has gone.
      resolve(error as Error);
    }
  });
}

/** SSH_OPEN_ADMINISTRATIVELY_PROHIBITED, SSH_OPEN_CONNECT_FAILED (RFC 4254, 5.1): what sshd says at MaxSessions. */
function isRefusal(error: Error): boolean {
  const { reason } = error as { reason?: number };
  return reason === 1 || reason === 2;
}

function wrap(channel: ClientChannel): Channel {
  let end: ChannelEnd = { status: undefined };
  channel.on('exit', (status: number | null, name?: string) => {
    end = name ? { status: null, signal: name.replace(/^SIG/, '') } : { status };
  });
  const ended = new Promise<ChannelEnd>((resolve) => {
    channel.once('close', () => resolve(end));
  });
  channel.on('error', () => undefined);
  return {
    stdin: channel,
    stdout: channel,
    stderr: channel.stderr,
    ended,
    destroy() {
      channel.resume();
      channel.stderr.resume();
      // Closing alone leaves the program running; sshd passes a signal on, though not to every user's.
      if (channel.writable) channel.signal('TERM');
      channel.close();
    },
  };
}
