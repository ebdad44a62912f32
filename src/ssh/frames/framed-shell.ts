import type { Content } from '../../model/content.ts';
import type { Channel, ChannelEnd } from '../channel.ts';
import type { Uploaded } from './encode.ts';
import { makeScanner } from './markers.ts';
import { keptError, lineOf, needsUpload, readInput } from './outgoing.ts';
import { type PreludeOptions, prelude } from './prelude.ts';
import type { Step } from './step.ts';

/** One pair of shells on the host. Steps run in the order in which they were added. */
export interface FramedShell {
  add(step: Step): void;
  /** False once it takes no more steps: it ended, or something that a step left behind may still write to it. */
  readonly usable: boolean;
  /** Ends it: what is killable is killed on the host. */
  close(): void;
}

export interface FramedShellOptions extends PreludeOptions {
  readonly channel: Channel;
  /** Puts content that is too large for a frame on the host. */
  upload(content: Content, name: string, signal: AbortSignal | undefined): Promise<Uploaded>;
  /** Takes it away again, for a shell that has ended. */
  discard(uploaded: Uploaded): void;
  /** Called when we send and nothing was under way: a round trip. */
  onWait(): void;
  /** Takes the steps, not begun, of a shell that is no longer usable. */
  onRetired(steps: readonly Step[]): void;
  /** It ended before it was ready: whether another try may go better. */
  mayRetry(noise: string): boolean;
  /** The error for what is under way when the shell ends; `noise` is what was printed before it was ready. */
  explain(end: ChannelEnd, ready: boolean, noise: string): Error;
}

/** Below the 64 KiB of a pipe: the guard must never wait for the runner, or it would not see the end of its input. */
const WINDOW = 48 * 1024;
const BEAT_MS = 6_000;
/** After TERM and KILL. What lives longer hangs in the kernel. */
const STUCK_MS = 12_000;
const NOISE_KEPT = 4096;

interface Sent {
  readonly id: string;
  readonly step: Step;
  readonly size: number;
  readonly uploaded: Uploaded | undefined;
  begun: boolean;
  /** Ended on stderr, or never to appear there. */
  quiet: boolean;
  pid?: string;
  killed?: true;
}

/** Starts the frame protocol on a channel whose program is `pairOfShells`. The first steps travel with the prelude. */
export function openFramedShell(options: FramedShellOptions): FramedShell {
  const shell = new Client(options);
  return shell;
}

class Client implements FramedShell {
  usable = true;
  private readonly options: FramedShellOptions;
  private readonly queue: Step[] = [];
  private readonly sent = new Map<string, Sent>();
  private current: Sent | undefined;
  private preparing: Step | undefined;
  private outstanding = 0;
  private lastId = 0;
  private ready = false;
  private readyOnStderr = false;
  private noise = '';
  private beat: NodeJS.Timeout | undefined;
  private readonly stuck = new Set<NodeJS.Timeout>();

  constructor(options: FramedShellOptions) {
    this.options = options;
    const { channel, nonce } = options;
    const out = makeScanner(nonce, {
      output: (bytes) => (this.current ? this.current.step.output('stdout', bytes) : this.hear(bytes)),
      marker: (words) => this.onStdoutMarker(words),
    });
    const err = makeScanner(nonce, {
      output: (bytes) => this.onStderr(bytes),
      marker: ([id, what]) => this.onStderrMarker(id ?? '', what ?? ''),
    });
    channel.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    channel.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    // Its end says more than a broken pipe.
    channel.stdin.on('error', () => undefined);
    void channel.ended.then((end) => this.onEnded(end));
    channel.stdin.write(prelude(options));
  }

  add(step: Step): void {
    this.queue.push(step);
    step.onUnwanted = () => this.unqueue(step);
    this.pump();
  }

  close(): void {
    this.usable = false;
    this.options.channel.stdin.end();
  }

  private pump(): void {
    while (this.usable && !this.preparing) {
      const step = this.queue[0];
      if (!step) return;
      if (step.unwanted) this.unqueue(step);
      else if (needsUpload(step.frame)) return void this.prepare(step);
      else if (!this.send(step, step.frame.stdin?.bytes)) return;
    }
  }

  /** Large content, or one that is only a stream, holds up what comes behind it: the order is kept. */
  private async prepare(step: Step): Promise<void> {
    this.preparing = step;
    let input: Buffer | Uploaded | undefined;
    try {
      input = await readInput(step.frame, (content) => {
        // From now on its end cleans up.
        this.write('kp_x=1\n');
        return this.options.upload(content, String(this.lastId + 1), step.frame.signal);
      });
    } catch (error) {
      // Where it is no longer first it was cancelled, or has moved to a successor.
      if (this.queue[0] === step) {
        this.queue.shift();
        step.fail(error instanceof Error ? error : new Error(String(error)));
      }
    }
    this.preparing = undefined;
    if (input === undefined) return this.pump();
    if (this.queue[0] !== step || step.unwanted) {
      if (!Buffer.isBuffer(input)) this.remove(input);
      return this.pump();
    }
    // What was asked to wait is sent even over the window: nothing else is ahead of it for long.
    this.send(step, input, true);
    this.pump();
  }

  private send(step: Step, input: Buffer | Uploaded | undefined, must = false): boolean {
    let line: string;
    const id = String(this.lastId + 1);
    try {
      line = lineOf(id, step.frame, input, this.options.nonce);
    } catch (error) {
      this.queue.shift();
      step.fail(error as Error);
      return true;
    }
    if (!must && this.outstanding > 0 && this.outstanding + line.length > WINDOW) return false;
    this.queue.shift();
    this.lastId += 1;
    const uploaded = input !== undefined && !Buffer.isBuffer(input) ? input : undefined;
    const sent: Sent = { id, step, size: line.length, uploaded, begun: false, quiet: false };
    if (this.sent.size === 0) this.options.onWait();
    this.sent.set(id, sent);
    this.outstanding += sent.size;
    step.onUnwanted = () => this.stop(sent);
    this.write(line);
    this.beat ??= setInterval(() => this.onBeat(), BEAT_MS).unref();
    return true;
  }

  private write(line: string): void {
    this.options.channel.stdin.write(line, 'latin1');
  }

  private onBeat(): void {
    const busy = this.sent.size > 0;
    if (busy) this.write('kp_beat\n');
    if (busy) return;
    this.write('kp_idle\n');
    clearInterval(this.beat);
    this.beat = undefined;
  }

  private onStdoutMarker(words: readonly string[]): void {
    const [id = '', what, value = '', left] = words;
    if (id === 'ready') {
      this.ready = true;
      this.noise = '';
      return;
    }
    const sent = this.sent.get(id);
    if (!sent) return;
    if (what === 'begin') this.onBegin(sent);
    else if (what === 'pid') this.onPid(sent, value);
    else if (what === 'skip') this.onSkip(sent);
    else if (what === 'end') this.onEnd(sent, Number(value), left === 'left');
  }

  private onBegin(sent: Sent): void {
    this.current = sent;
    sent.begun = true;
    this.outstanding -= sent.size;
    sent.step.begin();
    this.pump();
  }

  private onPid(sent: Sent, pid: string): void {
    sent.pid = pid;
    if (sent.step.unwanted) this.stop(sent);
  }

  private onSkip(sent: Sent): void {
    this.outstanding -= sent.size;
    this.sent.delete(sent.id);
    sent.quiet = true;
    sent.step.abandon(143);
    if (sent.uploaded) this.remove(sent.uploaded);
    this.pump();
  }

  private onEnd(sent: Sent, status: number, left: boolean): void {
    this.current = undefined;
    sent.step.exit(status);
    sent.step.endOf('stdout');
    this.forget(sent);
    if (left) this.retire();
    else this.pump();
  }

  private onStderr(bytes: Buffer): void {
    const first = this.firstLoud();
    if (this.readyOnStderr && first) first.step.output('stderr', bytes);
    else this.hear(bytes);
  }

  private onStderrMarker(id: string, what: string): void {
    if (id === 'ready') this.readyOnStderr = true;
    const sent = this.sent.get(id);
    if (!sent) return;
    sent.quiet = true;
    if (what === 'end') sent.step.endOf('stderr');
    this.forget(sent);
  }

  private firstLoud(): Sent | undefined {
    for (const sent of this.sent.values()) if (!sent.quiet) return sent;
    return undefined;
  }

  private forget(sent: Sent): void {
    if (sent.quiet && this.current !== sent && sent.begun) this.sent.delete(sent.id);
  }

  /** Output before the shell was ready: what a profile prints, or why there will be no shell. */
  private hear(bytes: Buffer): void {
    if (!this.ready) this.noise = (this.noise + bytes.toString('utf8')).slice(-NOISE_KEPT);
  }

  private unqueue(step: Step): void {
    const at = this.queue.indexOf(step);
    if (at < 0) return;
    this.queue.splice(at, 1);
    step.abandon(143);
  }

  private stop(sent: Sent): void {
    if (!sent.begun) this.write(`kp_drop ${sent.id}\n`);
    if (!sent.begun || !sent.step.frame.killable || sent.killed || sent.pid === undefined) return;
    sent.killed = true;
    this.write(`kp_kill ${sent.pid}\n`);
    const timer = setTimeout(() => this.giveUp(sent), STUCK_MS).unref();
    this.stuck.add(timer);
    void sent.step.result.finally(() => clearTimeout(timer)).catch(() => undefined);
  }

  private giveUp(sent: Sent): void {
    sent.step.abandon(137);
    this.retire();
  }

  private remove(uploaded: Uploaded): void {
    if (!this.usable) this.options.discard(uploaded);
    else this.write(`(rm -rf ${uploaded.directory}) </dev/null >/dev/null 2>&1\n`);
  }

  /** The streams may carry what somebody else writes: only what has begun stays here. */
  private retire(): void {
    if (!this.usable) return;
    this.usable = false;
    const moved = [...this.sent.values()].filter((sent) => !sent.begun);
    for (const sent of moved) this.sent.delete(sent.id);
    const steps = [...moved.map((sent) => sent.step), ...this.queue.splice(0)];
    for (const step of steps) step.onUnwanted = undefined;
    clearInterval(this.beat);
    this.options.channel.stdin.end();
    this.options.onRetired(steps);
  }

  private onEnded(end: ChannelEnd): void {
    this.usable = false;
    clearInterval(this.beat);
    for (const timer of this.stuck) clearTimeout(timer);
    const sent = [...this.sent.values()];
    const steps = [...sent.map(({ step }) => step), ...this.queue.splice(0)];
    this.sent.clear();
    for (const { begun, uploaded } of sent) if (uploaded && !begun) this.options.discard(uploaded);
    if (steps.length === 0) return;
    if (!this.ready && this.options.mayRetry(this.noise)) {
      this.options.onRetired(steps);
      return;
    }
    const error = this.options.explain(end, this.ready, this.noise);
    for (const step of steps) step.fail(step.frame.killable ? error : keptError(error));
  }
}
