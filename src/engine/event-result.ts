import type { Result } from '../model/event.ts';
import type { JsonObject } from '../model/value.ts';
import { diffText } from './diff.ts';
import { type ItemEnd, registered } from './item.ts';

/** Kept apart in the event, or found in the events of the items. */
const ELSEWHERE = new Set([
  'stdout',
  'stdout_lines',
  'stderr',
  'stderr_lines',
  'rc',
  'changed',
  'failed',
  'skipped',
  'unreachable',
  'results',
  'diff',
  'warnings',
]);

/** A task's or an item's end, as events tell it. */
export function resultOf(
  end: ItemEnd,
  how: { readonly ms: number; readonly ignored: boolean; readonly rescued: boolean; readonly items?: number },
): Result {
  const data = registered(end);
  const message =
    end.failure?.cause ?? end.message ?? (typeof data.msg === 'string' && data.msg !== '' ? data.msg : undefined);
  return {
    outcome: end.outcome,
    changed: end.changed,
    ms: how.ms,
    ...(message === undefined ? {} : { message: oneLine(message) }),
    ...(end.output ?? {}),
    changes: end.changes,
    diffs: end.diffs.map(diffText).filter((diff) => diff.lines.length > 0),
    ...(end.failure ? { failure: end.failure } : {}),
    ...(how.ignored ? { ignored: true } : {}),
    ...(how.rescued ? { rescued: true } : {}),
    warnings: end.warnings,
    ...(end.show === undefined ? {} : { show: end.show }),
    data: withoutElsewhere(data),
    ...(how.items === undefined ? {} : { items: how.items }),
  };
}

/** What remains of a result under `no_log`: how it ended, nothing of what it was about. */
export function censored(result: Result): Result {
  const { outcome, changed, ms, failure, ignored, rescued, items } = result;
  return {
    outcome,
    changed,
    ms,
    changes: [],
    diffs: [],
    warnings: [],
    data: {},
    ...(failure ? { failure: { kind: failure.kind, cause: 'it failed; its output is hidden (no_log)' } } : {}),
    ...(ignored ? { ignored } : {}),
    ...(rescued ? { rescued } : {}),
    ...(items === undefined ? {} : { items }),
    censored: true,
  };
}

function withoutElsewhere(data: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(data).filter(([name]) => !ELSEWHERE.has(name)));
}

function oneLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
