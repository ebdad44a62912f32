import type { Event } from '../model/event.ts';
import { foldProgress, progressLine, type Unit } from './progress.ts';

export interface LiveOptions {
  readonly stream: NodeJS.WriteStream;
  readonly color: boolean;
  readonly now: () => number;
  readonly unit: Unit;
}

/** The line on a terminal that says what everybody waits for. Results are written through `around`, so lines never mix. */
export interface LiveView {
  take(event: Event): void;
  around(write: () => void): void;
  stop(): void;
}

/** ora is loaded only here: it costs a fifth of start-up. At most ten redraws a second. */
export async function startLive({ stream, color, now, unit }: LiveOptions): Promise<LiveView> {
  const { default: ora } = await import('ora');
  const fold = foldProgress();
  const text = (): string =>
    progressLine(fold.progress(), { now: now(), width: Math.max(10, (stream.columns ?? 80) - 4), unit });
  const spinner = ora({ stream, text: text(), interval: 120, discardStdin: false, ...(color ? {} : { color: false }) });
  const timer = setInterval(() => {
    spinner.text = text();
  }, 250);
  spinner.start();
  return {
    take: (event) => fold.take(event),
    around(write) {
      spinner.clear();
      write();
      spinner.render();
    },
    stop() {
      clearInterval(timer);
      spinner.stop();
    },
  };
}
