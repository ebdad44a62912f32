import type { Condition, Include, Task } from '../model/plan.ts';
import type { JsonObject, Vars } from '../model/value.ts';
import type { HostContext } from './context.ts';
import { evaluate } from './task-context.ts';

/**
 * The first condition that does not hold, if any. Later ones are not evaluated.
 * @throws KprepError `template`; Pending in check mode.
 */
export async function firstFalse(
  host: HostContext,
  options: { readonly task: Task | Include; readonly local: Vars },
): Promise<Condition | undefined> {
  for (const condition of options.task.when) {
    if (!(await evaluate(host, options, (scope) => condition.holds(scope)))) return condition;
  }
  return undefined;
}

/** What a task skipped by a condition registers. */
export function skipData(condition: Condition): JsonObject {
  return { skip_reason: 'Conditional result was False', false_condition: condition.text };
}
