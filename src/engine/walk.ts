import type { Effect } from '../model/module.ts';
import type { Flush, Include, PlanNode, Task } from '../model/plan.ts';
import type { Site } from './apply/index.ts';
import type { HostContext } from './context.ts';
import type { Flow } from './flow.ts';
import type { Handlers } from './handlers.ts';
import type { Link } from './links.ts';
import type { Place } from './place.ts';
import type { Workplace } from './place-of-work.ts';
import type { Turns } from './turns.ts';

/** The walk of one host through a play, as its tasks and includes see it. */
export interface Walk {
  readonly context: HostContext;
  readonly handlers: Handlers;
  readonly turns: Turns;
  readonly ahead: Ahead;
  /** `rescuable`: a `rescue` around the nodes takes over a failure. */
  walk(nodes: readonly PlanNode[], place: Place, rescuable: boolean): Promise<Flow>;
  /** What follows the current place in a straight line, nearest first. */
  upcoming(): Iterable<Coming>;
  /** What a `meta` task does to the walk. */
  take(effect: Effect, place: Place): Promise<Flow>;
}

/** Where in the walk a task or include is met. */
export interface Meeting {
  readonly place: Place;
  readonly rescuable: boolean;
  readonly handler: boolean;
}

/** A node that is coming, and where. */
export interface Coming {
  readonly node: Task | Include | Flush;
  readonly place: Place;
}

/** Sends reads of coming tasks behind a frame that is under way. */
export interface Ahead {
  /** Never throws. */
  fill(underway: Underway, current: Current): Promise<void>;
}

/** The shell in which a frame is under way. */
export interface Underway {
  readonly link: Link;
  readonly site: Site;
  readonly at: Workplace;
}

/** The task that runs, and the index of the item of its loop. */
export interface Current {
  readonly task: Task;
  readonly place: Place;
  readonly index?: number;
}
