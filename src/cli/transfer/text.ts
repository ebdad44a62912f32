import type { Event } from '../../model/event.ts';
import type { JsonObject } from '../../model/value.ts';
import { makeTextReport } from '../../report/index.ts';
import { duration } from '../../shared/text.ts';
import type { Io } from '../io.ts';
import type { TextFormat } from '../outputs.ts';

/** The usual blocks, with what was moved as their text; rates are left to the last line, so that hosts fold. */
export function transferText(sentence: (data: JsonObject) => string): TextFormat {
  return {
    make(options) {
      const report = makeTextReport(options);
      return { take: (event) => report.take(withText(event, sentence)) };
    },
  };
}

function withText(event: Event, sentence: (data: JsonObject) => string): Event {
  if (event.type !== 'task-finished') return event;
  const { result } = event;
  if (result.outcome !== 'ok' && result.outcome !== 'changed') return event;
  return { ...event, result: { ...result, stdout: `${sentence(result.data)}\n` } };
}

/** Bytes of all hosts together. */
export interface Meter {
  add(bytes: number): void;
  /** Tells bytes, time and rate on stderr, if there were any. */
  tell(): void;
}

/** The time counts from now. */
export function meter(io: Io, options: { readonly quiet?: boolean | undefined }): Meter {
  let bytes = 0;
  let hosts = 0;
  const startedAt = io.now();
  return {
    add(more) {
      bytes += more;
      if (more > 0) hosts += 1;
    },
    tell() {
      if (hosts === 0 || options.quiet) return;
      const ms = Math.max(1, io.now() - startedAt);
      const rate = size((bytes / ms) * 1000);
      io.stderr.write(`kprep: ${size(bytes)}, ${hosts} host${hosts === 1 ? '' : 's'}, ${duration(ms)}, ${rate}/s\n`);
    },
  };
}

/** `812 B`, `12.3 MB`: powers of 1000. */
export function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit > 0 && value < 99.95 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** `1 file`, `3 files`. */
export function files(number: unknown): string {
  return `${String(number)} ${number === 1 ? 'file' : 'files'}`;
}
