import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';

/**
 * Sends a stream and ends the other side, waiting where it is slow. Stops without an error when the other side closed: its
 * status tells more. Gives the number of bytes sent. When the source fails the other side is not ended, since it would take
 * what it got for all.
 */
export async function pump(from: Readable, to: Writable): Promise<number> {
  let sent = 0;
  const gone = new AbortController();
  const leave = (): void => gone.abort();
  to.once('close', leave);
  try {
    for await (const chunk of from) {
      if (to.destroyed || !to.writable) break;
      sent += (chunk as Buffer).length;
      if (!to.write(chunk)) await once(to, 'drain', { signal: gone.signal });
    }
  } catch (error) {
    if (!gone.signal.aborted) throw error;
  } finally {
    to.off('close', leave);
  }
  to.end();
  return sent;
}
