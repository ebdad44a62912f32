import type { Effect } from '../model/module.ts';
import type { Block, PlanNode } from '../model/plan.ts';
import { ReadAhead } from './ahead.ts';
import type { Batch, HostContext } from './context.ts';
import { ENDED, type Flow, NEXT } from './flow.ts';
import { Handlers } from './handlers.ts';
import { runInclude } from './include.ts';
import type { Place } from './place.ts';
import { runTask } from './task.ts';
import { Turns } from './turns.ts';
import type { Coming, Walk } from './walk.ts';

/** A list of nodes that the host is in, and the index it is at. */
interface Stretch {
  readonly nodes: readonly PlanNode[];
  readonly place: Place;
  index: number;
}

/** The walk of one host through the nodes of a play. */
export class HostWalk implements Walk {
  readonly context: HostContext;
  readonly handlers: Handlers;
  readonly turns: Turns;
  readonly ahead: ReadAhead;
  readonly #stretches: Stretch[] = [];

  constructor(batch: Batch, host: string) {
    const { playRun } = batch;
    const { run } = playRun;
    this.context = { run, playRun, batch, host, runtime: run.world.runtimeOf(host), ledger: run.ledgerOf(host) };
    this.handlers = new Handlers(playRun);
    this.turns = new Turns(this.context);
    this.ahead = new ReadAhead(this);
  }

  /** All nodes, then the handlers that were notified. */
  async run(): Promise<Flow> {
    const { play } = this.context.playRun;
    const flow = await this.walk(play.nodes, [], false);
    if (flow.kind === 'next') return this.flush([play.nodes.length]);
    if (flow.kind === 'failed' && play.forceHandlers) await this.flush([play.nodes.length]);
    return flow;
  }

  /** `rescuable`: a `rescue` around them takes over a failure. */
  async walk(nodes: readonly PlanNode[], place: Place, rescuable: boolean): Promise<Flow> {
    const stretch: Stretch = { nodes, place, index: 0 };
    this.#stretches.push(stretch);
    try {
      for (const [index, node] of nodes.entries()) {
        stretch.index = index;
        const flow = await this.#node(node, [...place, index], rescuable);
        if (flow.kind !== 'next') return flow;
      }
      return NEXT;
    } finally {
      this.#stretches.pop();
    }
  }

  async #node(node: PlanNode, place: Place, rescuable: boolean): Promise<Flow> {
    if (node.kind === 'block') return this.#block(node, place, rescuable);
    const stop = this.turns.enter(place);
    if (stop) return stop;
    if (node.kind === 'flush') return this.flush(place);
    const ended = await this.turns.meet(node, place);
    if (ended) return ended;
    const meeting = { place, rescuable, handler: false };
    return node.kind === 'include' ? runInclude(this, node, meeting) : runTask(this, node, meeting);
  }

  /** Body; the rescue, where the body failed; and in any case `always`, unless the host is gone. */
  async #block(block: Block, place: Place, rescuable: boolean): Promise<Flow> {
    const hasRescue = block.rescue.length > 0;
    // What comes after body and rescue is `always`: read-ahead looks there.
    this.#stretches.push({ nodes: block.always, place: [...place, 2], index: -1 });
    let flow: Flow;
    try {
      flow = await this.walk(block.body, [...place, 0], rescuable || hasRescue);
      // A fault of ours is nothing that a playbook can have foreseen.
      if (flow.kind === 'failed' && hasRescue && flow.failure.kind !== 'bug') {
        const { task, result } = flow;
        this.context.runtime.setVariables({ ansible_failed_task: { name: task }, ansible_failed_result: result });
        flow = await this.walk(block.rescue, [...place, 1], rescuable);
      }
    } finally {
      this.#stretches.pop();
    }
    if (flow.kind === 'left') return flow;
    const always = await this.walk(block.always, [...place, 2], rescuable);
    return always.kind === 'next' ? flow : always;
  }

  /** Runs the notified handlers in definition order. */
  async flush(place: Place): Promise<Flow> {
    for (let found = this.handlers.next(0); found; found = this.handlers.next(found.index + 1)) {
      const { handler, index } = found;
      const at = [...place, index];
      const stop = this.turns.enter(at) ?? (await this.turns.meet(handler, at));
      if (stop) return stop;
      const flow = await runTask(this, handler, { place: at, rescuable: false, handler: true });
      this.handlers.done(handler);
      if (flow.kind !== 'next') return flow;
    }
    return NEXT;
  }

  /** What follows the current place in a straight line, nearest first. */
  *upcoming(): Generator<Coming> {
    for (const stretch of this.#stretches.toReversed()) {
      for (let index = stretch.index + 1; index < stretch.nodes.length; index++) {
        const node = stretch.nodes[index];
        if (node) yield* straight(node, [...stretch.place, index]);
      }
    }
  }

  /** What a `meta` task does to the walk. */
  async take(effect: Effect, place: Place): Promise<Flow> {
    const { batch, playRun, run } = this.context;
    switch (effect.kind) {
      case 'flush_handlers':
        return this.flush(place);
      case 'end_play':
        playRun.ended = true;
        return ENDED;
      case 'end_batch':
        batch.ended = true;
        return ENDED;
      case 'end_host':
        return ENDED;
      case 'clear_facts':
        for (const host of playRun.hosts) run.world.runtimeOf(host).clearFacts();
        return NEXT;
      case 'clear_host_errors':
        for (const host of playRun.hosts) run.gone.delete(host);
        return NEXT;
      default:
        return NEXT;
    }
  }
}

function* straight(node: PlanNode, place: Place): Generator<Coming> {
  if (node.kind !== 'block') {
    yield { node, place };
    return;
  }
  for (const [section, nodes] of [[0, node.body] as const, [2, node.always] as const]) {
    for (const [index, inner] of nodes.entries()) yield* straight(inner, [...place, section, index]);
  }
}
