import { StringDecoder } from 'node:string_decoder';
import type { Secrets } from '../../shared/secrets.ts';
import { printable, printableLine } from '../../shared/text.ts';
import type { Tap } from './tap.ts';

type Stream = 'stdout' | 'stderr';

/** Characters after which a line that does not end is shown in pieces. */
const LONGEST_LINE = 64 * 1024;

interface Pending {
  readonly decoder: StringDecoder;
  text: string;
}

export interface LiveLinesOptions {
  readonly secrets: Secrets;
  readonly write: (stream: Stream, text: string) => void;
}

/**
 * `--stream`: each line as soon as it is whole, behind the name of its host. Lines of two hosts never mix, secrets are
 * masked (which takes whole lines), and nothing of a host reaches the terminal alive.
 */
export function liveLines({ secrets, write }: LiveLinesOptions): Tap {
  const pending = new Map<string, Pending>();
  const tell = (host: string, stream: Stream, lines: readonly string[]): void => {
    const name = printableLine(host);
    const shown = lines.map((line) => `${name}: ${visible(secrets.redact(line))}\n`);
    if (shown.length > 0) write(stream, shown.join(''));
  };
  return {
    begin: () => undefined,
    output(host, stream, chunk) {
      const key = `${stream} ${host}`;
      const kept = pending.get(key) ?? { decoder: new StringDecoder('utf8'), text: '' };
      pending.set(key, kept);
      const lines = (kept.text + kept.decoder.write(chunk)).split('\n');
      kept.text = lines.pop() ?? '';
      if (kept.text.length > LONGEST_LINE) {
        lines.push(kept.text);
        kept.text = '';
      }
      tell(host, stream, lines);
    },
    end(host) {
      for (const stream of ['stdout', 'stderr'] as const) {
        const kept = pending.get(`${stream} ${host}`);
        pending.delete(`${stream} ${host}`);
        const rest = kept ? kept.text + kept.decoder.end() : '';
        if (rest !== '') tell(host, stream, [rest]);
      }
    },
  };
}

/** Tabs and blanks at the ends stay as they are. */
function visible(line: string): string {
  return printable(line.replace(/\r$/, ''));
}
