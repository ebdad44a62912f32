import type { Identity } from '../../model/connection.ts';
import { KprepError } from '../../shared/errors.ts';
import { quote, sh } from '../../shared/sh.ts';
import type { Carrier, Channel } from '../channel.ts';
import { pairOfShells, privatePath } from '../frames/prelude.ts';
import { lastLine } from '../sanitise.ts';
import { becomeCommand } from './command.ts';
import { answerPrompts } from './dialog.ts';

export interface TerminalOptions {
  readonly identity: Identity;
  readonly carrier: Carrier;
  readonly nonce: string;
  readonly shell: string;
}

/**
 * For a sudo, su or doas that wants a terminal: it gets one to ask for the password on, and nothing else goes over it. The
 * shells behind it talk through three pipes with names in a private directory, which a second channel carries.
 * @throws KprepError `become`; `requires a tty` where the become user is not root, since only root can open the pipes.
 */
export async function openWithTerminal(options: TerminalOptions): Promise<Channel> {
  const { identity, carrier, nonce, shell } = options;
  if ((identity.user ?? 'root') !== 'root') {
    throw new KprepError('become', `${identity.method} requires a tty`, {
      remedy: 'kprep lends one to become root only; remove `requiretty` from sudoers.',
    });
  }
  const directory = `${privatePath('/tmp', nonce)}-t`;
  const pipes = await openPipes(options, directory);
  try {
    const [i, o, e] = ['i', 'o', 'e'].map((name) => quote(`${directory}/${name}`));
    const script = `exec <${i} >${o} 2>${e}; ${pairOfShells(shell)}`;
    const { command } = becomeCommand(identity, { nonce, shell, script, terminal: true });
    const asked = await carrier.open(command, { terminal: true });
    await answerPrompts(asked, { identity, nonce, carrier, terminal: true });
    asked.stdout.resume();
    asked.stderr.resume();
    const ended = Promise.all([asked.ended, pipes.ended]).then(([end]) => end);
    return {
      ...pipes,
      ended,
      destroy() {
        pipes.destroy();
        asked.destroy();
      },
    };
  } catch (error) {
    pipes.destroy();
    throw error;
  }
}

/**
 * The pipes are opened for reading and writing here, so that the end of our input is seen even if nobody ever opens their
 * other side; ten seconds after it whatever is left goes, and the directory in any case: without ears for SIGPIPE, since a
 * shell says `Terminated` to a reader that has gone.
 */
async function openPipes({ carrier, nonce, shell }: TerminalOptions, directory: string): Promise<Channel> {
  const script = sh`umask 077; mkdir ${directory} && cd ${directory} && mkfifo i o e || exit 1
kp_end() { trap "" TERM; cd /; rm -rf ${directory}; kill 0; }
trap kp_end EXIT
trap "exit 1" HUP TERM
trap "" PIPE
exec 3<>i
cat <o 3>&- & kp_o=$!
cat <e >&2 3>&- & kp_e=$!
echo ${`kprep ${nonce} pipes`} >&2
cat >&3
exec 3>&-
(sleep 10; kill 0) >/dev/null 2>&1 </dev/null &
wait "$kp_o"
wait "$kp_e"`
    .replace(/&\n/g, '& ')
    .replaceAll('\n', '; ');
  const channel = await carrier.open(`exec ${quote(shell)} -c ${quote(script)}`);
  const mark = `kprep ${nonce} pipes\n`;
  let heard = '';
  const there = await new Promise<boolean>((resolve) => {
    const onData = (chunk: Buffer): void => {
      heard += chunk.toString('latin1');
      if (!heard.includes(mark)) return;
      channel.stderr.off('data', onData);
      resolve(true);
    };
    channel.stderr.on('data', onData);
    channel.stdout.resume();
    void channel.ended.then(() => resolve(false));
  });
  if (there) return channel;
  throw new KprepError('become', `no pipes for the terminal's sake: ${lastLine(heard)}`);
}
