import type { Identity } from '../../model/connection.ts';
import { KprepError } from '../../shared/errors.ts';
import { quote } from '../../shared/sh.ts';
import type { Carrier, Channel, ChannelEnd } from '../channel.ts';
import { type FramedShell, openFramedShell } from '../frames/framed-shell.ts';
import { pairOfShells } from '../frames/prelude.ts';
import type { Step } from '../frames/step.ts';
import { discard, upload } from '../frames/upload.ts';
import { lastLine } from '../sanitise.ts';
import { becomeCommand } from './command.ts';
import { answerPrompts } from './dialog.ts';
import { explainRefusal, wantsTerminal } from './explain.ts';
import { openWithTerminal } from './terminal.ts';

export interface OpenAsOptions {
  readonly carrier: Carrier;
  readonly nonce: string;
  readonly shell: string;
  readonly watchSeconds?: number;
  /** What one try at this identity learned for the next. */
  readonly memory: { terminal: boolean };
  onWait(): void;
  onRetired(steps: readonly Step[]): void;
}

/**
 * A framed shell under an identity. Where a password may be asked for, nothing is sent until the shell or our own prompt
 * was seen; elsewhere the first steps travel at once.
 * @throws KprepError `become`, `unreachable`, `lost`
 */
export async function openAs(identity: Identity, options: OpenAsOptions): Promise<FramedShell> {
  const channel = await openChannel(identity, options);
  return openFramedShell({
    ...options,
    channel,
    mayRetry: (noise) => {
      if (options.memory.terminal || identity.method === 'none' || !wantsTerminal(noise)) return false;
      options.memory.terminal = true;
      return true;
    },
    discard: (uploaded) => void discard({ ...options, identity }, uploaded),
    upload: (content, name, signal) => upload({ ...options, identity, content, name, signal }),
    explain: (end, ready, noise) => explainEnd(identity, options.carrier, { end, ready, noise }),
  });
}

async function openChannel(identity: Identity, options: OpenAsOptions): Promise<Channel> {
  const { carrier, nonce, shell, onWait, memory } = options;
  onWait();
  // doas asks on the terminal and nowhere else.
  if (memory.terminal || (identity.method === 'doas' && identity.password !== undefined)) {
    return openWithTerminal({ identity, carrier, nonce, shell });
  }
  if (identity.method === 'none') return carrier.open(`exec ${quote(shell)} -c ${quote(pairOfShells(shell))}`);
  const line = becomeCommand(identity, { nonce, shell, script: pairOfShells(shell) });
  const channel = await carrier.open(line.command);
  if (!line.mayAsk) return channel;
  onWait();
  try {
    await answerPrompts(channel, { identity, nonce, carrier });
    return channel;
  } catch (error) {
    if (!(error instanceof KprepError) || !/requires a tty$/.test(error.message)) throw error;
    memory.terminal = true;
    return openWithTerminal({ identity, carrier, nonce, shell });
  }
}

interface Ending {
  readonly end: ChannelEnd;
  readonly ready: boolean;
  readonly noise: string;
}

function explainEnd(identity: Identity, carrier: Carrier, { end, ready, noise }: Ending): Error {
  const said = lastLine(noise);
  const lost = end.status === undefined && end.signal === undefined;
  if (ready || lost) {
    const why = carrier.reason() ?? (lost ? 'the connection went' : 'the shell on the host was ended');
    return new KprepError('lost', `${why} while a step was under way`);
  }
  if (identity.method !== 'none') return explainRefusal(identity, noise, end);
  return new KprepError('unreachable', `the login shell starts no sh${said ? `: ${said}` : ''}`, {
    remedy: 'Log in by hand and see what `exec /bin/sh` does; a shell such as nologin cannot be used.',
  });
}
