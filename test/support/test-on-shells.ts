import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Change, StepOutput } from '../../src/model/change.ts';
import { type AnyModule, type Decision, isRefusal, isSkip } from '../../src/model/module.ts';
import { applyChange } from './apply-change.ts';
import { expectTree, readTree, type Snapshot, type Tree, writeTree } from './file-tree.ts';
import { runScript, type TestShell, testShells } from './shells.ts';
import { argsOf, contextOf, type ExpectedChange, expectChanges } from './test-module.ts';

/**
 * A module against a real file system: everything happens in a temporary root, which `{root}` stands for in arguments,
 * file contents and expectations. `HOME` is `{root}`; programs in `{root}/bin` come first in PATH.
 */
export interface ShellRow {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Files before. */
  readonly files?: Tree;
  /** Changes expected, in order; absent: not looked at. Empty: nothing to do. */
  readonly changes?: readonly ExpectedChange[];
  /** What differs afterwards from `files` (null: gone). Everything else must be as before. A backup is `NAME~`. */
  readonly after?: Tree;
  readonly refused?: string | RegExp;
  readonly skipped?: string | RegExp;
  /** Some of the fields that `register` sees after the changes. */
  readonly result?: Readonly<Record<string, unknown>>;
  /** Part of the message of a change that must fail. */
  readonly fails?: string | RegExp;
  /** The module acts each time (`state: touch`, a command): no second plan. */
  readonly always?: true;
  /** Some of what undoing cannot bring back: no undo is tried. */
  readonly noUndo?: true;
}

/** Each row under every shell that is here: read, plan, apply, compare the tree, plan again (must be empty), undo, compare again. */
export function testOnShells(module: AnyModule, rows: readonly ShellRow[]): void {
  describe.each(testShells().map((shell) => [shell.name, shell] as const))(`${module.name} on %s`, (_shell, shell) => {
    test.each(rows.map((row) => [row.name, row] as const))('%s', (_name, row) => inTemporaryRoot(module, row, shell));
  });
}

async function inTemporaryRoot(module: AnyModule, row: ShellRow, shell: TestShell): Promise<void> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'kprep-test-')));
  try {
    const host = { root, shell };
    const rooted = rootedRow(row, root);
    writeTree(root, rooted.files ?? {});
    await runRow(module, rooted, host);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

export interface TestHost {
  readonly root: string;
  readonly shell: TestShell;
}

async function runRow(module: AnyModule, row: ShellRow, host: TestHost): Promise<void> {
  const { args, problems } = argsOf(module, row.args);
  expect(problems).toEqual([]);
  const before = readTree(host.root);
  const first = planOn(module, args, host, []);
  expect(readTree(host.root)).toEqual(before);
  if (isRefusal(first.decision) || isSkip(first.decision)) {
    expectRefusedOrSkipped(first.decision, row);
    return;
  }
  if (row.refused !== undefined || row.skipped !== undefined) expect(first.decision).toBe('refused or skipped');
  if (row.changes) expectChanges(first.decision, row.changes);
  const outputs = await applyAll(module, { args, host, changes: first.decision, fails: row.fails });
  expectTree(host.root, before, row.after ?? {});
  if (row.result) expect(module.result?.(args, first.now, outputs)).toMatchObject(row.result);
  if (row.fails !== undefined || row.always) return;
  expectChanges(planOn(module, args, host, []).decision, []);
  await undoAll({ row, outputs, host, before });
}

function planOn(module: AnyModule, args: Record<string, unknown>, host: TestHost, done: readonly StepOutput[]) {
  const read = module.read(args);
  const { now } = read.parse(runScript(host, { script: read.script }));
  return { now, decision: module.plan(args, now, contextOf({ done, now: Date.now() })) as Decision };
}

interface ApplyAll {
  readonly args: Record<string, unknown>;
  readonly host: TestHost;
  readonly changes: readonly Change[];
  readonly fails: string | RegExp | undefined;
}

async function applyAll(module: AnyModule, { args, host, changes, fails }: ApplyAll): Promise<StepOutput[]> {
  const outputs: StepOutput[] = [];
  let queue = [...changes];
  for (let change = queue.shift(); change; change = queue.shift()) {
    if (change.kind === 'reread') {
      queue = changesOf(planOn(module, args, host, outputs).decision);
      continue;
    }
    const applied = await applyChange(change, host);
    if ('failure' in applied) {
      expect(`${change.summary}: ${applied.failure}`).toMatch(fails ?? 'no failure');
      return outputs;
    }
    outputs.push(applied);
  }
  if (fails !== undefined) throw new Error('every change succeeded');
  return outputs;
}

function changesOf(decision: Decision): Change[] {
  if (isRefusal(decision)) throw new Error(`refused after a change: ${decision.failed}`);
  if (isSkip(decision)) throw new Error(`skipped after a change: ${decision.skipped}`);
  return [...decision];
}

interface UndoAll {
  readonly row: ShellRow;
  readonly outputs: readonly StepOutput[];
  readonly host: TestHost;
  readonly before: Snapshot;
}

/** Takes everything back where that is possible; directories and backups that were made may stay. */
async function undoAll({ row, outputs, host, before }: UndoAll): Promise<void> {
  if (row.noUndo || outputs.length === 0) return;
  for (const { change } of [...outputs].reverse()) {
    if (change.undo === 'none') throw new Error(`${change.summary} has no undo; say noUndo if that is meant`);
    const undone = await applyChange(change.undo, host);
    if ('failure' in undone) throw new Error(`${change.undo.summary}: ${undone.failure}`);
  }
  const stays = ([path, file]: [string, Snapshot[string]]) =>
    path in before || !(path.endsWith('~') || file.kind === 'directory');
  expect(Object.fromEntries(Object.entries(readTree(host.root)).filter(stays))).toEqual(before);
}

function expectRefusedOrSkipped(decision: Decision, row: ShellRow): void {
  const message = isRefusal(decision) ? decision.failed : isSkip(decision) ? decision.skipped : '';
  const want = isRefusal(decision) ? row.refused : row.skipped;
  if (want === undefined) throw new Error(`refused or skipped: ${message}`);
  expect(message).toMatch(want);
}

/** The row with the real root in place of `{root}`, in keys and in Jest's matchers too; patterns and functions stay. */
function rootedRow(row: ShellRow, root: string): ShellRow {
  return deep(row, (text) => text.replaceAll('{root}', root)) as ShellRow;
}

function deep(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => deep(item, change));
  if (isMatcher(value))
    return Object.assign(Object.create(Object.getPrototypeOf(value)), value, { sample: deep(value.sample, change) });
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [change(key), deep(item, change)]));
}

/** `expect.objectContaining(…)` and its like. */
function isMatcher(value: unknown): value is { readonly sample: unknown } {
  return typeof value === 'object' && value !== null && '$$typeof' in value && 'sample' in value;
}
