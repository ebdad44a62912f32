import type { Include, PlanNode, Task } from '../model/plan.ts';
import type { Value, Vars } from '../model/value.ts';
import { scopeOf } from './context.ts';
import { censored, resultOf } from './event-result.ts';
import { failureOf } from './failure.ts';
import { type Flow, NEXT } from './flow.ts';
import { guarded } from './guarded.ts';
import { failedItem, type ItemEnd, NOTHING, registered, skippedItem } from './item.ts';
import { Pending } from './ledger.ts';
import { itemVars } from './loop-vars.ts';
import { evaluate, refOf } from './task-context.ts';
import type { Meeting, Walk } from './walk.ts';
import { firstFalse, skipData } from './when.ts';

interface Loaded {
  readonly nodes: readonly PlanNode[];
  readonly handlers: readonly Task[];
}

/** Loads what is included, for every item of its loop, then walks it. Never throws. */
export async function runInclude(walk: Walk, include: Include, meeting: Meeting): Promise<Flow> {
  const once = await walk.turns.once(include, meeting.place);
  // As in Ansible, `run_once` on an include hands its tasks to one host only.
  if (once && once.leader !== walk.context.host) return NEXT;
  const { context } = walk;
  const { run, host } = context;
  const startedAt = run.request.clock.now();
  const ref = refOf(context, include, meeting.handler);
  run.emit({ type: 'task-started', host, task: ref });
  const loaded: Loaded[] = [];
  const end = await loadAll(walk, include, loaded);
  const ignored = end.outcome === 'failed' && isIgnored(walk, include);
  const rescued = end.outcome === 'failed' && !ignored && meeting.rescuable;
  const result = resultOf(end, { ms: run.request.clock.now() - startedAt, ignored, rescued });
  run.emit({ type: 'task-finished', host, task: ref, result: isHidden(walk, include) ? censored(result) : result });
  if (end.failure && !ignored) {
    return { kind: 'failed', failure: end.failure, task: ref.name, result: registered(end) };
  }
  return walkAll(walk, loaded, meeting);
}

async function walkAll(walk: Walk, loaded: readonly Loaded[], meeting: Meeting): Promise<Flow> {
  for (const one of loaded) walk.context.playRun.addHandlers(one.handlers);
  for (const [index, { nodes }] of loaded.entries()) {
    const flow = await walk.walk(nodes, [...meeting.place, index], meeting.rescuable);
    if (flow.kind !== 'next') return flow;
  }
  return NEXT;
}

async function loadAll(walk: Walk, include: Include, loaded: Loaded[]): Promise<ItemEnd> {
  try {
    const locals = await localsOf(walk, include);
    const skipped: ItemEnd[] = [];
    for (const local of locals) {
      const options = { task: include, local };
      const untrue = await firstFalse(walk.context, options);
      if (untrue) skipped.push(skippedItem('the condition does not hold', skipData(untrue)));
      else loaded.push(await evaluate(walk.context, options, (scope) => include.load(scope)));
    }
    if (loaded.length > 0) return { ...NOTHING, outcome: 'ok' };
    return skipped[0] ?? skippedItem('no items in the list');
  } catch (error) {
    loaded.length = 0;
    if (!(error instanceof Pending)) return failedItem(failureOf(error));
    walk.context.ledger.unsettleFacts(include.name);
    return { ...NOTHING, outcome: 'pending', message: error.message };
  }
}

async function localsOf(walk: Walk, include: Include): Promise<readonly Vars[]> {
  const { loop } = include;
  if (!loop) return [{}];
  const options = { task: include, local: {} };
  const items: readonly Value[] = await evaluate(walk.context, options, (scope) => loop.items(scope));
  return items.map((_, index) => itemVars(loop, items, index));
}

function isIgnored(walk: Walk, include: Include): boolean {
  return guarded(() => include.ignoreErrors(scopeOf(walk.context, include, {})), false);
}

function isHidden(walk: Walk, include: Include): boolean {
  return guarded(() => include.noLog(scopeOf(walk.context, include, {})), true);
}
