import type { TemplateText, Value, Vars } from '../../model/value.ts';
import type { Position } from '../../shared/problem.ts';

/** A role where it stands in a play: its variables, and who brought it. */
export interface RoleVars {
  readonly name: string;
  readonly path: string;
  /** `defaults/main.yml`. */
  readonly defaults: Vars;
  /** `vars:` of its entry. */
  readonly entryVars: Vars;
  /** `vars/main.yml`. */
  readonly vars: Vars;
  /** Further keys of its entry. */
  readonly params: Vars;
  /** Its dependencies, theirs first. */
  readonly dependencies: readonly RoleVars[];
  /** Roles that brought it, the outermost first. */
  readonly parents: readonly RoleVars[];
}

/** One entry of `vars_files`: the first of the alternatives that exists. */
export interface VarsFileEntry {
  readonly alternatives: readonly (string | TemplateText)[];
  readonly at: Position;
}

/** What a play gives to all of its tasks. `roles` grows while the play is compiled. */
export interface PlayVars {
  readonly id: string;
  readonly name: string;
  /** `vars:` and the answers of `vars_prompt`. */
  readonly vars: Vars;
  readonly files: readonly VarsFileEntry[];
  readonly roles: RoleVars[];
  /** Directory of the playbook file. */
  readonly dir: string;
}

/** Where a task stands, as far as variables care. */
export interface VarChain {
  readonly play?: PlayVars;
  readonly role?: RoleVars;
  /** `vars:` of the task, then of its blocks and imports, outwards. */
  readonly blocks: readonly Vars[];
  /** Include parameters, the innermost first: over everything but extra vars. */
  readonly params: readonly Vars[];
  /** Directory of the file that the task is written in. */
  readonly dir: string;
  /** `environment:` and the like are no variables; this is the task's own position, for messages. */
  readonly at?: Position;
}

/** An own property, whatever its name. */
export function own(vars: Vars, name: string): Value | undefined {
  return Object.hasOwn(vars, name) ? vars[name] : undefined;
}

export function isEmpty(vars: Vars): boolean {
  for (const _ in vars) return false;
  return true;
}
