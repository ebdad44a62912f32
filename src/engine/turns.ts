import type { Include, Task } from '../model/plan.ts';
import { type HostContext, type Once, scopeOf } from './context.ts';
import { cancelledFlow, ENDED, type Flow } from './flow.ts';
import { type Place, placeKey } from './place.ts';

/** When one host may go on, as the play's strategy and its bounds on failure want it. */
export class Turns {
  readonly #context: HostContext;
  /** What the task before came to on all hosts must be known before the next one. */
  #lockstep = false;

  constructor(context: HostContext) {
    this.#context = context;
  }

  /** The host is at a new place. Returns how its walk ends, if it is not to start what is there. */
  enter(place: Place): Flow | undefined {
    const { batch, playRun, run } = this.#context;
    if (run.draining) return cancelledFlow(`it went no further: ${run.whyDraining}`);
    if (batch.stopped && !batch.failed.has(this.#context.host))
      return { kind: 'left', outcome: 'cancelled', failure: batch.stopped };
    if (batch.ended || playRun.ended) return ENDED;
    batch.barrier.arrive(this.#context.host, place);
    return undefined;
  }

  /** Waits where the task is a barrier, or the task before it was. Returns how the walk ends, if it was ended meanwhile. */
  async meet(node: Task | Include, place: Place): Promise<Flow | undefined> {
    const { play, run } = { ...this.#context.playRun, run: this.#context.run };
    const once = await this.#isOnce(node);
    const wants = this.#lockstep || once || node.barrier || play.anyErrorsFatal || play.maxFailPercentage !== undefined;
    this.#lockstep = node.anyErrorsFatal || node.barrier || once;
    if (once && play.strategy !== 'linear') {
      run.warn(`run_once has no effect under the strategy free: ${node.name} runs on every host`);
    }
    if (!wants || !this.#isLinear) return undefined;
    await this.wait(place);
    return this.enter(place);
  }

  /** Who runs a task that is run once for all. Undefined: every host runs it itself. */
  async once(node: Task | Include, place: Place): Promise<Once | undefined> {
    if (!this.#isLinear || !(await this.#isOnce(node))) return undefined;
    const { batch } = this.#context;
    return batch.once(`${placeKey(place)} ${node.id}`, () => batch.barrier.membersAt(place));
  }

  /** Waits until all hosts of the batch are past what is before this place. The strategy `free` waits for nobody. */
  async wait(place: Place): Promise<void> {
    if (this.#isLinear) await this.#context.batch.barrier.reached(place);
  }

  /** Whether a task there, that is a barrier, would have to wait now. */
  wouldWait(place: Place): boolean {
    return this.#isLinear && !this.#context.batch.barrier.isOpen(place);
  }

  get #isLinear(): boolean {
    return this.#context.playRun.play.strategy === 'linear' && this.#context.batch.members.length > 1;
  }

  async #isOnce(node: Task | Include): Promise<boolean> {
    if (node.runOnce) return true;
    if (node.kind === 'include') return false;
    if (ONCE_ACTIONS.has(node.run.name)) return true;
    if (node.run.name !== 'meta') return false;
    try {
      const { args } = await node.args(scopeOf(this.#context, node, {}));
      return Object.values(args).some((value) => typeof value === 'string' && ONCE_META.has(value));
    } catch {
      return false;
    }
  }
}

const ONCE_ACTIONS = new Set(['add_host', 'pause']);
/** `meta` tasks that Ansible runs for the first host only, because they concern all. */
const ONCE_META = new Set(['end_play', 'end_batch', 'clear_facts', 'clear_host_errors', 'refresh_inventory']);
