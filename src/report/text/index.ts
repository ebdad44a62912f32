import type { Event, ItemFinished, Result, TaskRef } from '../../model/event.ts';
import { printableLine } from '../../shared/text.ts';
import { foldReport } from '../report.ts';
import type { Layout } from './ad-hoc.ts';
import { renderRecap } from './recap.ts';
import { makeStyle } from './style.ts';
import { renderTaskBlock } from './task-block.ts';

export interface TextOptions {
  /** Gets whole lines, each block in one call. */
  readonly write: (text: string) => void;
  readonly color: boolean;
  /** Count of `-v`. */
  readonly verbosity: number;
  /** `kprep exec`: blocks of output instead of tasks, no recap unless a host failed. */
  readonly adHoc: boolean;
  /** `-q`: only failures and the recap. */
  readonly quiet?: boolean;
  /** Ad hoc: how hosts stand together. Default `folded`. */
  readonly layout?: Layout;
}

export interface TextReport {
  take(event: Event): void;
}

interface OpenTask {
  task: TaskRef;
  index: number;
  results: Map<string, Result>;
  items: Map<string, ItemFinished[]>;
  /** The task was shown before, for other hosts. */
  readonly again: boolean;
  /** A host that may still report; asked first, so that most checks cost one look-up. */
  waitingFor?: string;
}

/**
 * The text report, a function of the stream alone: a task is shown once every host of the play has told its result or
 * is known to be past it, so hosts that run ahead do not tear blocks apart.
 */
export function makeTextReport(options: TextOptions): TextReport {
  return new Blocks(options);
}

/** For output that was shown while it came: only what failed, and the recap. */
export function makeStatusReport(options: TextOptions): TextReport {
  return makeTextReport({ ...options, layout: 'status' });
}

class Blocks implements TextReport {
  readonly #options: TextOptions;
  readonly #style;
  readonly #fold = foldReport();
  readonly #open = new Map<string, OpenTask>();
  readonly #shown = new Set<string>();
  readonly #furthest = new Map<string, number>();
  #active = new Set<string>();
  #next = 0;
  #order: readonly string[] = [];
  #check = false;

  constructor(options: TextOptions) {
    this.#options = options;
    this.#style = makeStyle(options.color);
  }

  take(event: Event): void {
    this.#fold.take(event);
    switch (event.type) {
      case 'run-started':
        this.#check = event.check;
        break;
      case 'play-started':
        this.#startPlay(event.name, event.hosts);
        break;
      case 'task-started':
        this.#taskOf(event.task);
        break;
      case 'item-finished':
        this.#takeItem(event);
        break;
      case 'task-finished':
        this.#takeResult(event.host, event.task, event.result);
        break;
      case 'host-left':
        this.#active.delete(event.host);
        this.#flush();
        break;
      case 'play-finished':
        this.#active.clear();
        this.#flush();
        break;
      case 'run-finished':
        this.#active.clear();
        this.#flush();
        this.#recap();
        break;
      default:
        break;
    }
  }

  #startPlay(name: string, hosts: readonly string[]): void {
    this.#active = new Set(hosts);
    this.#order = hosts;
    this.#furthest.clear();
    if (!this.#options.adHoc && !this.#options.quiet) {
      this.#write([
        this.#style.title(`PLAY ${printableLine(name)}`) + this.#style.faint(` (${hosts.length} hosts)`),
        '',
      ]);
    }
  }

  #taskOf(task: TaskRef): OpenTask {
    const key = keyOf(task);
    let open = this.#open.get(key);
    if (!open) {
      open = { task, index: this.#next++, results: new Map(), items: new Map(), again: this.#shown.has(key) };
      this.#open.set(key, open);
    }
    return open;
  }

  #takeItem(event: ItemFinished): void {
    const { items } = this.#taskOf(event.task);
    const list = items.get(event.host);
    if (list) list.push(event);
    else items.set(event.host, [event]);
  }

  #takeResult(host: string, task: TaskRef, result: Result): void {
    const open = this.#taskOf(task);
    open.results.set(host, result);
    this.#furthest.set(host, Math.max(this.#furthest.get(host) ?? -1, open.index));
    this.#flush();
  }

  /** Shows tasks in the order in which they were first seen, up to the first that some host may still report. */
  #flush(): void {
    for (const [key, open] of this.#open) {
      if (!this.#isPast(open)) return;
      this.#open.delete(key);
      this.#shown.add(key);
      this.#show(open);
    }
  }

  #isPast(open: OpenTask): boolean {
    if (open.waitingFor !== undefined && this.#mayReport(open.waitingFor, open)) return false;
    for (const host of this.#active) {
      if (!this.#mayReport(host, open)) continue;
      open.waitingFor = host;
      return false;
    }
    return true;
  }

  #mayReport(host: string, open: OpenTask): boolean {
    return this.#active.has(host) && !open.results.has(host) && (this.#furthest.get(host) ?? -1) <= open.index;
  }

  #show(open: OpenTask): void {
    const lines = this.#options.quiet ? [] : renderTaskBlock(open, this.#blockOptions());
    if (lines.length > 0) this.#write(this.#options.adHoc ? lines : [...lines, '']);
  }

  #blockOptions(): Parameters<typeof renderTaskBlock>[1] {
    const { verbosity, adHoc, layout = 'folded' } = this.#options;
    return { style: this.#style, verbosity, adHoc, check: this.#check, layout, order: this.#order };
  }

  #recap(): void {
    const { report } = this.#fold;
    const failed = [...report.hosts.values()].some((host) => host.failures.length > 0);
    const { adHoc } = this.#options;
    if (!adHoc || failed) this.#write(renderRecap(report, this.#style, { adHoc }));
  }

  #write(lines: readonly string[]): void {
    this.#options.write(`${lines.join('\n')}\n`);
  }
}

function keyOf(task: TaskRef): string {
  return `${task.play}\0${task.task}\0${task.name}`;
}
