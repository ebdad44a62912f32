import type { Identity } from '../../model/connection.ts';
import type { Content } from '../../model/content.ts';
import { KprepError } from '../../shared/errors.ts';
import { quote, sh } from '../../shared/sh.ts';
import { becomeCommand } from '../become/command.ts';
import { answerPrompts } from '../become/dialog.ts';
import type { Carrier, Channel } from '../channel.ts';
import { pump } from '../pump.ts';
import { lastLine } from '../sanitise.ts';
import type { Uploaded } from './encode.ts';
import { privatePath } from './prelude.ts';

export interface UploadOptions {
  readonly carrier: Carrier;
  readonly identity: Identity;
  readonly nonce: string;
  /** Tells the uploads of one shell apart. */
  readonly name: string;
  readonly shell: string;
  readonly content: Content;
  readonly signal: AbortSignal | undefined;
  onWait(): void;
}

/**
 * Puts large content into a private directory on the host through a channel of its own, at full speed. A root step can read
 * what the login user put there; another become user needs a channel under its own name. What arrived cut short is removed.
 * @throws KprepError `task` with the host's words (disk full), `become`, `lost`, `cancelled`
 */
export async function upload(options: UploadOptions): Promise<Uploaded> {
  const { carrier, content, signal, onWait, nonce, name } = options;
  onWait();
  const channel = await openFor(options, uploadScript(options));
  const heard = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    channel[stream].on('data', (chunk: Buffer) => {
      heard[stream] = (heard[stream] + chunk.toString('utf8')).slice(-4096);
    });
  }
  channel.stdin.on('error', () => undefined);
  const stop = (): void => channel.destroy();
  signal?.addEventListener('abort', stop, { once: true });
  const sent = await pump(content.stream(), channel.stdin).catch((error: Error) => {
    channel.destroy();
    throw new KprepError('task', `cannot read ${content.origin ?? 'the content'}: ${error.message}`, { cause: error });
  });
  const end = await channel.ended;
  signal?.removeEventListener('abort', stop);
  if (signal?.aborted) throw new KprepError('cancelled', 'stopped while content was on its way');
  if (end.status === 0) {
    const parent = heard.stdout.includes(`kprep ${nonce} /var/tmp`) ? '/var/tmp' : '/tmp';
    return { directory: `${privatePath(parent, nonce)}-${name}`, size: content.size };
  }
  if (end.status === undefined && end.signal === undefined) {
    throw new KprepError('lost', carrier.reason() ?? 'the connection went while content was on its way');
  }
  if (sent !== content.size && lastLine(heard.stderr) === '') {
    throw new KprepError('task', `${content.origin ?? 'the content'} changed its size while it was read`);
  }
  throw new KprepError(
    'task',
    `cannot put the content on the host: ${lastLine(heard.stderr) || `status ${end.status}`}`,
  );
}

/** Takes uploaded content away again, where the shell that would have used it has ended. Never rejects. */
export async function discard(opening: Opening, { directory }: Uploaded): Promise<void> {
  try {
    const channel = await openFor(opening, sh`rm -rf ${directory}`);
    channel.stdin.on('error', () => undefined).end();
    channel.stdout.resume();
    channel.stderr.resume();
    await channel.ended;
  } catch {
    // The connection went too: the end of the shell has cleaned up what it could.
  }
}

function uploadScript({ nonce, name, content }: UploadOptions): string {
  const own = privatePath('/var/tmp', nonce);
  return sh`umask 077
kp_d=${own}-${name}; mkdir "$kp_d" 2>/dev/null || { kp_d=${privatePath('/tmp', nonce)}-${name}; mkdir "$kp_d"; } || exit 1
cat >"$kp_d/in" && [ "$(($(wc -c <"$kp_d/in")))" -eq ${content.size} ] || { rm -rf "$kp_d"; exit 1; }
echo ${`kprep ${nonce}`} "\${kp_d%/*}"`.replaceAll('\n', '; ');
}

type Opening = Pick<UploadOptions, 'carrier' | 'identity' | 'nonce' | 'shell'>;

async function openFor({ carrier, identity, nonce, shell }: Opening, script: string): Promise<Channel> {
  const readable = identity.method === 'none' || (identity.user ?? 'root') === 'root';
  if (readable) return carrier.open(`exec ${quote(shell)} -c ${quote(script)}`);
  const line = becomeCommand(identity, { nonce, shell, script });
  const channel = await carrier.open(line.command);
  if (line.mayAsk) await answerPrompts(channel, { identity, nonce, carrier });
  return channel;
}
