import type { AnyModule } from '../model/module.ts';
import type { Task, TaskArgs } from '../model/plan.ts';
import type { Value } from '../model/value.ts';
import { scopeOf } from './context.ts';
import { linkKey } from './links.ts';
import { type ItemRun, itemVars, slotOf } from './loop-vars.ts';
import { type Place, placeKey } from './place.ts';
import { questionOf, type Workplace, workplace } from './place-of-work.ts';
import { asksNothing, readFrame } from './read-frame.ts';
import type { Ahead, Coming, Current, Underway, Walk } from './walk.ts';

/** Reads on the way and not yet used, at most. */
const MOST_UNDERWAY = 64;
/** Nodes looked at from the current one on. */
const FARTHEST = 256;

/**
 * Sends the reads of coming tasks right behind the frame that is under way (DESIGN 1, promise 4). Nothing is decided by
 * it: when its turn comes a task is evaluated as if there were no read-ahead, and takes the answer only if it would ask
 * the same question and nothing has touched since what it reads. So a wrong guess costs a read, never a wrong value.
 */
export class ReadAhead implements Ahead {
  readonly #walk: Walk;
  /** Tasks that could not be evaluated, with the version of the host's variables: worth another try when those change. */
  readonly #failed = new Map<string, number>();

  constructor(walk: Walk) {
    this.#walk = walk;
  }

  async fill(underway: Underway, current: Current): Promise<void> {
    const { link } = underway;
    link.reads.forgetBefore(current.place);
    if (link.reads.size > MOST_UNDERWAY / 2 || this.#walk.context.run.draining) return;
    let looked = 0;
    if ((await this.#restOfLoop(underway, current)) === 'stop') return;
    for (const coming of this.#walk.upcoming()) {
      if (link.reads.size >= MOST_UNDERWAY || ++looked > FARTHEST) return;
      if ((await this.#send(underway, coming)) === 'stop') return;
    }
  }

  /** A loop that runs has items to come before what follows it. */
  async #restOfLoop(underway: Underway, { task, place, index }: Current): Promise<'stop' | 'on'> {
    if (index === undefined || !task.needs || task.delegateTo || task.throttle !== undefined || task.async) return 'on';
    try {
      return await this.#sendTask(underway, { task, place, from: index + 1 });
    } catch {
      return 'on';
    }
  }

  async #send(underway: Underway, { node, place }: Coming): Promise<'stop' | 'on'> {
    if (node.kind === 'flush') return 'on';
    if (node.kind === 'include' || this.#mustWait(node, place)) return 'stop';
    if (node.run.kind === 'action') return STOP_ACTIONS.has(node.run.name) ? 'stop' : 'on';
    if (STOP_MODULES.has(node.run.name) || node.delegateTo) return 'stop';
    if (!node.needs || node.throttle !== undefined || node.async) return 'on';
    const { version } = this.#walk.context.runtime;
    const key = placeKey(place);
    if (this.#failed.get(key) === version) return 'on';
    try {
      return await this.#sendTask(underway, { task: node, place, from: 0 });
    } catch {
      // What is wrong with the task is said when its turn comes; now it may only be too early.
      this.#failed.set(key, version);
      return 'on';
    }
  }

  #mustWait(task: Task, place: Place): boolean {
    return (task.barrier || task.runOnce) && this.#walk.turns.wouldWait(place);
  }

  async #sendTask(
    underway: Underway,
    { task, place, from }: { readonly task: Task; readonly place: Place; readonly from: number },
  ): Promise<'stop' | 'on'> {
    const { loop } = task;
    if (!loop) return this.#sendItem(underway, { task, place }, { local: {} });
    const items: readonly Value[] = loop.items(scopeOf(this.#walk.context, task, {}));
    for (let index = from; index < items.length; index++) {
      if (underway.link.reads.size >= MOST_UNDERWAY) return 'stop';
      const item = { local: itemVars(loop, items, index), index };
      if ((await this.#sendItem(underway, { task, place }, item)) === 'stop') return 'stop';
    }
    return 'on';
  }

  async #sendItem(underway: Underway, { task, place }: Current, item: ItemRun): Promise<'stop' | 'on'> {
    const { link, site } = underway;
    const { local } = item;
    const slot = slotOf(place, item);
    if (link.reads.has(slot)) return 'on';
    const { context } = this.#walk;
    const scope = scopeOf(context, task, local);
    if (!task.when.every((condition) => condition.holds(scope))) return 'on';
    const at = workplace(context, task, local);
    if (!sameShell(underway, at) || linkKey(at.on, context.run.request.plan.target(scope)) !== link.key) return 'on';
    const args: TaskArgs = await task.args(scope);
    const module = task.run as AnyModule;
    const touches = module.touches(args.args);
    if (touches === 'anything' && (module.readOnly || this.#walk.turns.wouldWait(place))) return 'stop';
    const { script } = module.read(args.args);
    if (asksNothing(script)) return touches === 'anything' ? 'stop' : 'on';
    const { timeout: _, ...rest } = site;
    const timeout = at.timeout === undefined ? {} : { timeout: at.timeout };
    const frame = readFrame(script, { ...rest, environment: at.environment, ...timeout });
    const read = { place, question: questionOf(at, script), touches, ...timeout };
    link.reads.add(slot, { ...read, answer: link.reads.answerTo(read) ?? site.shell.run(frame) });
    return 'on';
  }
}

function sameShell(underway: Underway, at: Workplace): boolean {
  return at.on === underway.at.on && JSON.stringify(at.identity) === JSON.stringify(underway.at.identity);
}

/** After these the world may be another one, or time has passed. */
const STOP_ACTIONS = new Set(['pause', 'wait_for_connection']);
/** Their reads wait for something, which a task before them may have to bring about. */
const STOP_MODULES = new Set(['wait_for', 'reboot', 'async_status']);
