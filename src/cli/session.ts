import { join } from 'node:path';
import { run } from '../engine/index.ts';
import { makeRunId, openJournal } from '../journal/index.ts';
import type { Connect } from '../model/connection.ts';
import { EVENT_VERSION, type Event, type EventBody } from '../model/event.ts';
import type { Inventory } from '../model/inventory.ts';
import type { Plan } from '../model/plan.ts';
import { exitStatus, foldReport } from '../report/index.ts';
import type { Secrets } from '../shared/secrets.ts';
import { watchInterrupts } from './interrupts.ts';
import type { Io } from './io.ts';
import type { OutputOptions, RunOptions } from './options.ts';
import { openOutputs, type TextFormat } from './outputs.ts';
import { VERSION } from './version.ts';

export interface SessionRequest {
  readonly io: Io;
  readonly options: RunOptions & OutputOptions;
  readonly plan: Plan;
  readonly inventory: Inventory;
  readonly connect: Connect;
  readonly secrets: Secrets;
  /** For the record: `run playbooks/prepare.yaml`. */
  readonly command: string;
  readonly hosts: readonly string[];
  /** Ad hoc: output is what was asked for, and the first Ctrl-C already kills the remote steps. */
  readonly adHoc: boolean;
  /** Makes the text output of this command, where it is another than the usual one. */
  readonly text?: TextFormat;
  /** Aborted with a reason in words: no further host is started. */
  readonly halt?: AbortSignal;
}

/** Runs a plan: journal, outputs and exit status are folds of one stream of events. */
export async function runSession(request: SessionRequest): Promise<number> {
  const { io, options, secrets } = request;
  const stream = await openStream(request);
  const interrupts = watchInterrupts(io);
  const emit = (body: EventBody): void => stream.take({ at: io.now(), ...body });
  try {
    emit(started(request, stream.run));
    const summary = await run({
      plan: request.plan,
      inventory: request.inventory,
      connect: request.connect,
      emit,
      secrets,
      forks: options.forks ?? 64,
      check: options.check === true,
      diff: options.diff === true,
      verbosity: options.verbose ?? 0,
      ...(options['step-timeout'] === undefined ? {} : { stepTimeout: options['step-timeout'] * 1000 }),
      clock: { now: io.now, sleep: io.sleep },
      drain: interrupts.drain,
      kill: interrupts.kill,
      killOnDrain: request.adHoc,
      ...(request.halt ? { halt: request.halt } : {}),
    });
    const signal = interrupts.signal();
    const status = exitStatus(stream.report, {
      ...(options['fail-on-change'] ? { failOnChange: true } : {}),
      ...(signal ? { interrupted: signal } : {}),
    });
    emit({ type: 'run-finished', status, ...summary, ...(signal ? { interrupted: signal } : {}) });
    return status;
  } finally {
    interrupts.stop();
    stream.close();
  }
}

function started(request: SessionRequest, run: string): EventBody {
  const { options } = request;
  return request.secrets.redactDeep({
    type: 'run-started',
    version: EVENT_VERSION,
    run,
    kprep: VERSION,
    command: request.command,
    check: options.check === true,
    diff: options.diff === true,
    forks: options.forks ?? 64,
    hosts: request.hosts,
  });
}

async function openStream(request: SessionRequest) {
  const { io, options, adHoc, text } = request;
  const run = makeRunId(io.now(), io.random());
  const fold = foldReport();
  const outputs = await openOutputs({ io, options, adHoc, ...(text ? { text } : {}) });
  const journal = openJournal({
    stateDir: join(io.env.XDG_STATE_HOME || join(io.home, '.local', 'state'), 'kprep'),
    run,
    durable: options.durable === true,
    onTrouble: (message) => outputs.take({ at: io.now(), type: 'notice', level: 'warning', message }),
  });
  return {
    run,
    report: fold.report,
    take(event: Event) {
      fold.take(event);
      journal.take(event);
      outputs.take(event);
    },
    close() {
      journal.close();
      outputs.close();
    },
  };
}
