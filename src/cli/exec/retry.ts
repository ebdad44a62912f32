import type { Connect } from '../../model/connection.ts';
import { KprepError } from '../../shared/errors.ts';
import type { Io } from '../io.ts';

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 15_000;

/** `--retry`: a host that cannot be reached is dialled again. A refused key or password never is, nor a host key. */
export function retrying(connect: Connect, times: number, io: Pick<Io, 'sleep' | 'random'>): Connect {
  return async (target, how) => {
    for (let tried = 0; ; tried++) {
      try {
        return await connect(target, how);
      } catch (error) {
        const passing = error instanceof KprepError && error.kind === 'unreachable';
        if (!passing || tried >= times || how.signal?.aborted) throw error;
        const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** tried);
        await io.sleep(longest * (0.5 + io.random() / 2), how.signal);
        if (how.signal?.aborted) throw error;
      }
    }
  };
}
