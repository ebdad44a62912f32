import { describe, expect, test } from '@jest/globals';
import { coerceArgs } from '../../src/model/coerce.ts';
import type { ActionContext, AnyAction } from '../../src/model/module.ts';
import type { Vars } from '../../src/model/value.ts';

export interface ActionRow {
  readonly name: string;
  /** As a playbook gives them, evaluated. */
  readonly args: Vars | Readonly<Record<string, unknown>>;
  readonly context?: Partial<ActionContext>;
  /** Exactly what comes out. */
  readonly gives?: Readonly<Record<string, unknown>>;
  /** Part of what is wrong with the arguments. */
  readonly invalid?: string;
}

/** One test per row: arguments, and what the action makes of the run. */
export function testAction(action: AnyAction, rows: readonly ActionRow[]): void {
  describe(action.name, () => {
    test.each(rows.map((row) => [row.name, row] as const))('%s', (_name, row) => {
      const known = Object.entries(row.args).filter(([name]) => !action.anyArgs || isDeclared(action, name));
      const { args, problems } = coerceArgs(action.args, Object.fromEntries(known));
      const wrong = [...problems.map((problem) => problem.message)];
      const rule = wrong.length === 0 ? action.validate?.(args) : undefined;
      if (rule !== undefined) wrong.push(rule);
      if (row.invalid !== undefined) {
        expect(wrong.join('\n')).toContain(row.invalid);
        return;
      }
      expect(wrong).toEqual([]);
      const context = { host: 'node01', check: false, verbosity: 0, ...row.context };
      expect(action.run(args, row.args as Vars, context)).toEqual(row.gives);
    });
  });
}

function isDeclared(action: AnyAction, name: string): boolean {
  const { args } = action as { args: Record<string, { aliases?: readonly string[] }> };
  return Object.entries(args).some(([key, arg]) => key === name || arg.aliases?.includes(name));
}
