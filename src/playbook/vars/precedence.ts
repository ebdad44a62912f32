import type { Scope } from '../../model/plan.ts';
import type { Value, Vars } from '../../model/value.ts';
import { own, type RoleVars, type VarChain } from './chain.ts';

/** What differs from run to run and host to host, for one lookup. */
export interface LayerSources {
  readonly extra: Vars;
  readonly inventory: readonly Vars[];
  /** `vars_files` as they apply to the host, the strongest first; asked for only when nothing stronger has the name. */
  readonly varsFiles: () => readonly Vars[];
}

/** One place that variables come from. */
export interface Layer {
  get(name: string): Value | undefined;
  names(): Iterable<string>;
}

/**
 * All places that a variable can come from, the strongest first: Ansible's 22 levels (Using variables, "Understanding
 * variable precedence") under the locals of one evaluation. Magic variables are above all of them and not here.
 */
export function layersOf(chain: VarChain, scope: Scope, sources: LayerSources): readonly Layer[] {
  const { play, role } = chain;
  const strong = [
    scope.local,
    sources.extra,
    ...chain.params,
    ...(role ? withParents(role, (one) => [one.params]) : []),
    scope.runtime.variables,
    scope.runtime.includeVars,
    ...chain.blocks,
    ...(role ? ownRoleVars(role) : []),
    ...reversed(play?.roles ?? []).flatMap(roleVars),
  ];
  const weak = [
    ...sources.inventory,
    ...(role ? ownRoleDefaults(role) : []),
    ...reversed(play?.roles ?? []).flatMap(roleDefaults),
  ];
  const playVars = play ? [varsLayer(play.vars)] : [];
  return [
    ...strong.map(varsLayer),
    lazyLayer(sources.varsFiles),
    ...playVars,
    factLayer(scope.runtime.facts),
    ...weak.map(varsLayer),
  ];
}

function varsLayer(vars: Vars): Layer {
  return { get: (name) => own(vars, name), names: () => Object.keys(vars) };
}

function lazyLayer(list: () => readonly Vars[]): Layer {
  const get = (name: string): Value | undefined => {
    for (const vars of list()) {
      const found = own(vars, name);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return { get, names: () => list().flatMap((vars) => Object.keys(vars)) };
}

function reversed<T>(list: readonly T[]): T[] {
  return [...list].reverse();
}

/** The role itself, then who brought it, outwards. */
function withParents(role: RoleVars, pick: (role: RoleVars) => readonly Vars[]): Vars[] {
  return [role, ...reversed(role.parents)].flatMap(pick);
}

/** Of a task's own role: its variables, those of its dependencies, of the roles that brought it. */
function ownRoleVars(role: RoleVars): Vars[] {
  return [...roleVars(role), ...reversed(role.parents).flatMap((parent) => [parent.vars, parent.entryVars])];
}

function roleVars(role: RoleVars): Vars[] {
  return [role.vars, role.entryVars, ...reversed(role.dependencies).flatMap((one) => [one.vars, one.entryVars])];
}

function ownRoleDefaults(role: RoleVars): Vars[] {
  const parents = reversed(role.parents).map((parent) => parent.defaults);
  return [role.defaults, ...parents, ...reversed(role.dependencies).map((one) => one.defaults)];
}

function roleDefaults(role: RoleVars): Vars[] {
  return [role.defaults, ...reversed(role.dependencies).map((one) => one.defaults)];
}

/** Facts modules return under names without a prefix: `packages` of package_facts, `services`, `getent_passwd`. */
const UNPREFIXED = /^(packages|services|getent_\w+)$/;

/** Facts as variables: `ansible_facts`, and each injected (`ansible_distribution`). */
export function factLayer(facts: Vars): Layer {
  const get = (name: string): Value | undefined => {
    if (name === 'ansible_facts') return facts;
    if (UNPREFIXED.test(name)) return own(facts, name);
    return name.startsWith('ansible_') ? (own(facts, name.slice('ansible_'.length)) ?? own(facts, name)) : undefined;
  };
  const injected = (name: string) => (name.startsWith('ansible_') ? name : `ansible_${name}`);
  return { get, names: () => ['ansible_facts', ...Object.keys(facts).map(injected)] };
}
