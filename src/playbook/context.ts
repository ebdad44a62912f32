import type { Task } from '../model/plan.ts';
import type { Vars } from '../model/value.ts';
import type { YamlNode } from '../shared/yaml/node.ts';
import type { PlayVars, RoleVars, VarChain } from './vars/chain.ts';

/** What a play collects while its tasks are compiled. */
export interface PlayContext {
  readonly vars: PlayVars;
  /** Handlers in the order in which they are loaded; roles' first, as in Ansible. */
  readonly handlers: Task[];
  /** Names that tasks notify, to be checked when all handlers are known. */
  readonly notified: { readonly name: string; readonly node: YamlNode }[];
  /** Where roles already stand in the play, by name and parameters: the conditions around each. */
  readonly placed: Map<string, readonly (readonly string[])[]>;
  /** A dynamic include may bring handlers, so an unknown name proves nothing. */
  handlersOpen: boolean;
}

/** Where a task stands, and what it inherits. Never altered; each block or import makes another. */
export interface Context {
  readonly play: PlayContext;
  readonly role?: RoleVars;
  /** Keywords whose nearest value counts. */
  readonly keywords: ReadonlyMap<string, YamlNode>;
  /** Conditions of everything around it, the outermost first; each task evaluates them with its own variables. */
  readonly when: readonly YamlNode[];
  readonly tags: readonly string[];
  /** Outermost first. */
  readonly environment: readonly YamlNode[];
  readonly moduleDefaults: readonly YamlNode[];
  readonly blocks: readonly Vars[];
  readonly params: readonly Vars[];
  /** The file it is written in, and its directory. */
  readonly file: string;
  readonly dir: string;
  /** Files that import each other up to here. */
  readonly stack: readonly string[];
  readonly handler: boolean;
  /** Failing or being skipped is foreseen here (a rescue, `ignore_errors`, a condition): names are only warned of. */
  readonly guarded: boolean;
}

export function chainOf(context: Context, own?: Vars): VarChain {
  return {
    play: context.play.vars,
    ...(context.role ? { role: context.role } : {}),
    blocks: own ? [own, ...context.blocks] : context.blocks,
    params: context.params,
    dir: context.dir,
  };
}
