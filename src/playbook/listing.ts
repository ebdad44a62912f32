import type { Inventory } from '../model/inventory.ts';
import type { PlanNode } from '../model/plan.ts';
import { KprepError } from '../shared/errors.ts';
import type { Position } from '../shared/problem.ts';
import type { CompiledPlay } from './play.ts';
import { beforeTheRun } from './vars/scope.ts';

/** What `--list-hosts`, `--list-tasks` and `--list-tags` show. */
export interface PlanListing {
  readonly plays: readonly PlayListing[];
}

export interface PlayListing {
  readonly id: string;
  readonly name: string;
  readonly at?: Position;
  /** As written. */
  readonly pattern: string;
  /** As far as known before the run. */
  readonly hosts: readonly string[];
  readonly tags: readonly string[];
  readonly tasks: readonly TaskListing[];
}

export interface TaskListing {
  readonly name: string;
  readonly role?: string;
  readonly tags: readonly string[];
  readonly at?: Position;
}

export function listPlan(plays: readonly CompiledPlay[], inventory: Inventory): PlanListing {
  const view = beforeTheRun(inventory);
  return {
    plays: plays.map(({ play, context, pattern }) => ({
      id: play.id,
      name: play.name,
      ...(play.at ? { at: play.at } : {}),
      pattern,
      hosts: hostsNow(() => play.hosts(view)),
      tags: [...context.tags].sort(),
      tasks: play.nodes.flatMap(tasksIn),
    })),
  };
}

/** A pattern that needs what only the run knows has no hosts yet. */
function hostsNow(hosts: () => readonly string[]): readonly string[] {
  try {
    return hosts();
  } catch (error) {
    if (error instanceof KprepError) return [];
    throw error;
  }
}

function tasksIn(node: PlanNode): TaskListing[] {
  if (node.kind === 'flush') return [];
  if (node.kind === 'block') return [...node.body, ...node.rescue, ...node.always].flatMap(tasksIn);
  return [
    {
      name: node.name,
      ...(node.role === undefined ? {} : { role: node.role }),
      tags: [...node.tags].sort(),
      ...(node.at ? { at: node.at } : {}),
    },
  ];
}
