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

/**
 * The first place, from the strongest to the weakest, that has the name: Ansible's 22 levels (Using variables,
 * "Understanding variable precedence") under the locals of one evaluation. Magic variables are above all but those locals
 * and not here.
 */
export function findVariable(name: string, chain: VarChain, scope: Scope, sources: LayerSources): Value | undefined {
  const { params, blocks, defaults } = layersOf(chain);
  const { variables, includeVars, facts } = scope.runtime;
  let found = first([scope.local, sources.extra], name);
  if (found === undefined) found = first(params, name);
  if (found === undefined) found = first([variables, includeVars], name);
  if (found === undefined) found = first(blocks, name);
  if (found === undefined) found = first(sources.varsFiles(), name);
  if (found === undefined && chain.play) found = own(chain.play.vars, name);
  if (found === undefined) found = factNamed(facts, name);
  if (found === undefined) found = first(sources.inventory, name);
  return found === undefined ? first(defaults, name) : found;
}

/** Every name that is defined. */
export function variableNames(chain: VarChain, scope: Scope, sources: LayerSources): Set<string> {
  const { params, blocks, defaults } = layersOf(chain);
  const { variables, includeVars, facts } = scope.runtime;
  const all = [
    ...[scope.local, sources.extra, ...params, variables, includeVars, ...blocks, ...sources.varsFiles()],
    ...[chain.play?.vars ?? {}, ...sources.inventory, ...defaults],
  ];
  const names = new Set(all.flatMap((vars) => Object.keys(vars)));
  names.add('ansible_facts');
  for (const name of Object.keys(facts)) names.add(name.startsWith('ansible_') ? name : `ansible_${name}`);
  return names;
}

/** Those layers of a chain that stand in files; each list the strongest first. */
interface ChainLayers {
  readonly params: readonly Vars[];
  readonly blocks: readonly Vars[];
  readonly defaults: readonly Vars[];
}

const known = new WeakMap<VarChain, { readonly roles: number; readonly layers: ChainLayers }>();

/** Kept by chain; an `include_role` with `public` adds a role to the play, and then they are made again. */
function layersOf(chain: VarChain): ChainLayers {
  const roles = chain.play?.roles.length ?? 0;
  const before = known.get(chain);
  if (before?.roles === roles) return before.layers;
  const layers = makeLayers(chain);
  known.set(chain, { roles, layers });
  return layers;
}

function makeLayers({ play, role, params, blocks }: VarChain): ChainLayers {
  const played = reversed(play?.roles ?? []);
  return {
    params: [...params, ...(role ? [role, ...reversed(role.parents)].map((one) => one.params) : [])],
    blocks: [...blocks, ...(role ? ownRoleVars(role) : []), ...played.flatMap(roleVars)],
    defaults: [...(role ? ownRoleDefaults(role) : []), ...played.flatMap(roleDefaults)],
  };
}

function first(layers: readonly Vars[], name: string): Value | undefined {
  for (const vars of layers) {
    const found = own(vars, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

function reversed<T>(list: readonly T[]): T[] {
  return [...list].reverse();
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
function factNamed(facts: Vars, name: string): Value | undefined {
  if (!name.startsWith('ansible_')) return UNPREFIXED.test(name) ? own(facts, name) : undefined;
  if (name === 'ansible_facts') return facts;
  const bare = own(facts, name.slice('ansible_'.length));
  return bare === undefined ? own(facts, name) : bare;
}
