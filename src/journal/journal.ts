import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { DiffText, Event, Result } from '../model/event.ts';
import { prune } from './prune.ts';

export interface JournalOptions {
  /** `$XDG_STATE_HOME/kprep`. */
  readonly stateDir: string;
  readonly run: string;
  /** fsync after each event: survives power loss, not only the death of the process. */
  readonly durable?: boolean;
  /** Told once when the journal cannot be written; the run goes on without it. */
  readonly onTrouble: (message: string) => void;
}

/** The record of one run on disk: `runs/<id>/events.jsonl`, 0700 and 0600, append-only, one write an event. */
export interface Journal {
  take(event: Event): void;
  close(): void;
  /** Where it is; undefined when it could not be opened. */
  readonly path?: string;
}

/** Opens the journal and prunes old runs. Never throws: a full or read-only state directory never stops a run. */
export function openJournal(options: JournalOptions): Journal {
  const directory = join(options.stateDir, 'runs', options.run);
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const path = join(directory, 'events.jsonl');
    const file = openSync(path, 'ax', 0o600);
    prune(join(options.stateDir, 'runs'), options.run);
    return new FileJournal(file, path, options);
  } catch (error) {
    options.onTrouble(`this run is not journalled: ${reason(error)}`);
    return { take: () => undefined, close: () => undefined };
  }
}

class FileJournal implements Journal {
  readonly path: string;
  #file: number | undefined;
  readonly #options: JournalOptions;

  constructor(file: number, path: string, options: JournalOptions) {
    this.#file = file;
    this.path = path;
    this.#options = options;
  }

  take(event: Event): void {
    // Live output is kept whole in `task-finished`.
    if (this.#file === undefined || event.type === 'task-output') return;
    try {
      writeAll(this.#file, `${JSON.stringify(sealed(event))}\n`);
      if (this.#options.durable) fsyncSync(this.#file);
    } catch (error) {
      this.#options.onTrouble(`the journal of this run ends here: ${reason(error)}`);
      this.close();
    }
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}

function writeAll(file: number, line: string): void {
  const bytes = Buffer.from(line, 'utf8');
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
}

/** Contents that were not world-readable on the host are kept as a hash only. */
function sealed(event: Event): Event {
  if (event.type !== 'task-finished' && event.type !== 'item-finished') return event;
  if (!event.result.diffs.some((diff) => diff.private)) return event;
  const result: Result = { ...event.result, diffs: event.result.diffs.map(sealDiff) };
  return { ...event, result };
}

function sealDiff(diff: DiffText): DiffText {
  if (!diff.private) return diff;
  const hash = createHash('sha256').update(diff.lines.join('\n')).digest('hex');
  return { ...diff, lines: [`sha256 ${hash} (not world-readable on the host)`] };
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
