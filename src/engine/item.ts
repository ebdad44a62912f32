import type { Diff, StepOutput } from '../model/change.ts';
import type { Failure, Outcome } from '../model/event.ts';
import type { Effect } from '../model/module.ts';
import type { Json, JsonObject, Vars } from '../model/value.ts';
import type { Footprint } from './footprint.ts';
import { deltaText, outputText, splitLines, timeText } from './text.ts';

/** What one run of a task's module came to, for a task without a loop or for one item. */
export interface ItemEnd {
  readonly outcome: Outcome;
  readonly changed: boolean;
  /** What `register` keeps, without what `registered` adds. */
  readonly data: JsonObject;
  readonly message?: string;
  readonly failure?: Failure;
  readonly changes: readonly string[];
  readonly diffs: readonly Diff[];
  readonly warnings: readonly string[];
  readonly show?: Json;
  /** Of an operator's own command. */
  readonly output?: { readonly stdout: string; readonly stderr: string; readonly rc: number };
  /** `set_fact` and the like: variables from now on. */
  readonly facts?: Vars;
  readonly effect?: Effect;
  readonly touches?: Footprint;
  /** Names to notify, evaluated for this item. */
  readonly notify?: readonly string[];
  /** Check mode: it was not run, so its register says nothing. `planned`: it says what the plan can tell. */
  readonly unsettled?: 'unknown' | 'planned';
}

export const NOTHING: Pick<ItemEnd, 'changed' | 'data' | 'changes' | 'diffs' | 'warnings'> = {
  changed: false,
  data: {},
  changes: [],
  diffs: [],
  warnings: [],
};

export function failedItem(failure: Failure): ItemEnd {
  const outcomes: Partial<Record<Failure['kind'], Outcome>> = {
    unreachable: 'unreachable',
    'host-key': 'unreachable',
    authentication: 'unreachable',
    lost: 'unknown',
    cancelled: 'cancelled',
  };
  return { ...NOTHING, outcome: outcomes[failure.kind] ?? 'failed', failure };
}

export function skippedItem(message: string, data: JsonObject = {}): ItemEnd {
  return { ...NOTHING, outcome: 'skipped', message, data };
}

/** What `register` keeps, under Ansible's names. */
export function registered(end: ItemEnd): JsonObject {
  const { outcome } = end;
  const msg = end.data.msg ?? end.failure?.cause ?? end.message;
  return {
    ...end.data,
    changed: end.changed,
    failed: outcome === 'failed' || outcome === 'unknown' || outcome === 'cancelled',
    ...(outcome === 'skipped' || outcome === 'pending' ? { skipped: true } : {}),
    ...(outcome === 'unreachable' ? { unreachable: true } : {}),
    ...(msg === undefined ? {} : { msg }),
    ...(end.warnings.length > 0 && end.data.warnings === undefined ? { warnings: end.warnings } : {}),
  };
}

/** The return values of an operator's own command. */
export function commandData(output: StepOutput): JsonObject {
  if (output.change.kind !== 'command') return {};
  const { command } = output.change;
  const stdout = outputText(output.stdout);
  const stderr = outputText(output.stderr);
  const cmd = 'argv' in command ? [...command.argv] : 'shell' in command ? command.shell : undefined;
  return {
    ...(cmd === undefined ? {} : { cmd }),
    rc: output.status,
    stdout,
    stdout_lines: splitLines(stdout),
    stderr,
    stderr_lines: splitLines(stderr),
    start: timeText(output.startedAt),
    end: timeText(output.endedAt),
    delta: deltaText(output.endedAt - output.startedAt),
    msg: output.status === 0 ? '' : 'non-zero return code',
  };
}
