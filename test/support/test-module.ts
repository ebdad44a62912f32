import { describe, expect, test } from '@jest/globals';
import type { Change } from '../../src/model/change.ts';
import { coerceArgs } from '../../src/model/coerce.ts';
import {
  type AnyModule,
  type Decision,
  isRefusal,
  isSkip,
  type PlanContext,
  type ReadOutput,
} from '../../src/model/module.ts';
import type { Script } from '../../src/shared/sh.ts';

export { type ShellRow, testOnShells } from './test-on-shells.ts';

/** A change as a row expects it: its summary (or a pattern for it), or some of its fields; `content`, `stdin` and `script` are text here. */
export type ExpectedChange = string | RegExp | Readonly<Record<string, unknown>>;

export interface ModuleRow {
  readonly name: string;
  /** As a playbook gives them; coerced by the module's own declaration. */
  readonly args: Readonly<Record<string, unknown>>;
  /** What the read script printed: its stdout with status 0, or all three. */
  readonly host?: string | Buffer | Partial<ReadOutput>;
  readonly context?: Partial<PlanContext>;
  /** Exactly these changes, in order. */
  readonly changes?: readonly ExpectedChange[];
  /** Part of the refusal's message. */
  readonly refused?: string | RegExp;
  readonly skipped?: string | RegExp;
  /** Part of what is wrong with the arguments, found before anything is dialled. */
  readonly invalid?: string | RegExp;
  /** Some of the fields that `register` would see, no change applied. */
  readonly result?: Readonly<Record<string, unknown>>;
  /** State after a reboot, where the module tells it. */
  readonly boot?: unknown;
  readonly touches?: readonly string[] | 'anything';
  /** Parts that the read script must hold. */
  readonly reads?: readonly (string | RegExp)[];
}

/** One test per row: arguments, what the host answered, which changes must follow. */
export function testModule(module: AnyModule, rows: readonly ModuleRow[]): void {
  describe(module.name, () => {
    test.each(rows.map((row) => [row.name, row] as const))('%s', (_name, row) => checkRow(module, row));
  });
}

function checkRow(module: AnyModule, row: ModuleRow): void {
  const checked = argsOf(module, row.args);
  if (row.invalid !== undefined) {
    expectText(checked.problems.join('\n'), row.invalid);
    return;
  }
  expect(checked.problems).toEqual([]);
  const { args } = checked;
  if (row.touches !== undefined) expect(module.touches(args)).toEqual(row.touches);
  const read = module.read(args);
  for (const part of row.reads ?? []) expectText(read.script, part);
  if (row.host === undefined) return;
  const state = read.parse(toOutput(row.host));
  if ('boot' in row) expect(state.boot).toEqual(row.boot);
  checkDecision(module.plan(args, state.now, contextOf(row.context)), row);
  if (row.result) expect(module.result?.(args, state.now, [])).toMatchObject(row.result);
}

/** Arguments as the playbook hands them to a module, and everything that is wrong with them. */
export function argsOf(module: AnyModule, raw: Readonly<Record<string, unknown>>) {
  const coerced = coerceArgs(module.args, raw);
  const problems = coerced.problems.map((problem) => problem.message);
  const rule = problems.length === 0 ? module.validate?.(coerced.args) : undefined;
  if (rule !== undefined) problems.push(rule);
  return { args: coerced.args, problems };
}

export function contextOf(context: Partial<PlanContext> = {}): PlanContext {
  return { check: false, diff: false, now: 1_700_000_000_000, done: [], ...context };
}

export function toOutput(host: string | Buffer | Partial<ReadOutput>): ReadOutput {
  const output = typeof host === 'string' || Buffer.isBuffer(host) ? { stdout: Buffer.from(host) } : host;
  return { status: 0, stdout: Buffer.alloc(0), stderr: Buffer.alloc(0), ...output };
}

function checkDecision(decision: Decision, row: ModuleRow): void {
  if (row.refused !== undefined) {
    expectText(isRefusal(decision) ? decision.failed : `not refused: ${describeDecision(decision)}`, row.refused);
  } else if (row.skipped !== undefined) {
    expectText(isSkip(decision) ? decision.skipped : `not skipped: ${describeDecision(decision)}`, row.skipped);
  } else if (row.changes !== undefined) {
    expectChanges(decision, row.changes);
  }
}

/** Asserts that a decision is exactly these changes. */
export function expectChanges(decision: Decision, expected: readonly ExpectedChange[]): void {
  if (isRefusal(decision) || isSkip(decision)) throw new Error(describeDecision(decision));
  const summaries = decision.map((change) => change.summary);
  if (decision.length !== expected.length) expect(summaries).toEqual(expected);
  for (const [index, change] of decision.entries()) {
    const want = expected[index];
    if (typeof want === 'string') expect(change.summary).toBe(want);
    else if (want instanceof RegExp) expect(change.summary).toMatch(want);
    else expect(readable(change)).toMatchObject(want as object);
  }
}

/** A change with its contents as text, for matching and for messages. */
export function readable(change: Change): Record<string, unknown> {
  const text = (value: unknown) => (isContent(value) ? value.bytes?.toString('utf8') : value);
  const fields = Object.entries(change).map(([key, value]) => [key, text(value)]);
  const out = Object.fromEntries(fields) as Record<string, unknown>;
  if (change.undo !== 'none') out.undo = readable(change.undo);
  return out;
}

function isContent(value: unknown): value is { readonly bytes?: Buffer } {
  return typeof value === 'object' && value !== null && 'sha256' in value && 'stream' in value;
}

function describeDecision(decision: Decision): string {
  if (isRefusal(decision)) return `refused: ${decision.failed}`;
  if (isSkip(decision)) return `skipped: ${decision.skipped}`;
  return decision.map((change) => change.summary).join('; ') || 'no change';
}

function expectText(text: string | Script, want: string | RegExp): void {
  if (typeof want === 'string') expect(text).toContain(want);
  else expect(text).toMatch(want);
}
