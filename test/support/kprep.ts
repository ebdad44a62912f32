import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Event } from '../../src/model/event.ts';
import { type Fleet, inHub, type RunResult, run } from './hosts/index.js';

const program = fileURLToPath(new URL('../../dist/bin.js', import.meta.url));

/** A working directory of a test: playbooks, state and home live and die with it. */
export interface Bench {
  readonly dir: string;
  /** Writes a file, gives its path. */
  file(name: string, text: string): string;
  /** Runs the built program in the fleet's network, with a home of its own. */
  kprep(argv: readonly string[], env?: Readonly<Record<string, string>>): Promise<RunResult>;
  /** Starts it and does not wait. */
  start(argv: readonly string[]): ChildProcess;
  /** Everything that the journal of the last run holds, as text. */
  journal(): string;
  remove(): void;
}

export function makeBench(fleet: Fleet): Bench {
  const dir = mkdtempSync(join(tmpdir(), 'kprep-bench-'));
  const environment = (env: Readonly<Record<string, string>>): Record<string, string> => ({
    HOME: dir,
    XDG_STATE_HOME: join(dir, 'state'),
    SSH_AUTH_SOCK: '',
    ...env,
  });
  const command = (argv: readonly string[], env: Readonly<Record<string, string>> = {}): string[] => {
    const words = Object.entries(environment(env)).map(([name, value]) => `${name}=${value}`);
    return inHub(fleet, ['env', ...words, process.execPath, program, ...argv]);
  };
  return {
    dir,
    file(name, text) {
      const path = join(dir, name);
      writeFileSync(path, text);
      return path;
    },
    kprep: (argv, env) => run(command(argv, env)),
    start(argv) {
      const [file = '', ...rest] = command(argv);
      return spawn(file, rest, { stdio: 'ignore' });
    },
    journal() {
      const runs = join(dir, 'state', 'kprep', 'runs');
      const last = readdirSync(runs).sort().at(-1);
      return last === undefined ? '' : readFileSync(join(runs, last, 'events.jsonl'), 'utf8');
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** The events of a run with `-o jsonl`. */
export function eventsOf(result: RunResult): Event[] {
  return result.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Event);
}

/** Asks again until it holds. @throws Error after `seconds`, naming what did not come. */
export async function eventually(what: string, seconds: number, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
