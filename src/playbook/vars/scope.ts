import type { Inventory } from '../../model/inventory.ts';
import type { HostRuntime, RunView, Scope } from '../../model/plan.ts';
import type { Lookup } from '../../model/template.ts';
import type { Value, Vars } from '../../model/value.ts';
import { KprepError } from '../../shared/errors.ts';
import type { PlaybookFiles } from '../files.ts';
import type { Loader } from '../load.ts';
import type { VarChain } from './chain.ts';
import type { Evaluator } from './evaluate.ts';
import { lookupMapping, makeHostvars } from './hostvars.ts';
import type { InventoryView } from './inventory-layers.ts';
import { type MagicSources, magicValue } from './magic.ts';
import { findVariable, type LayerSources, variableNames } from './precedence.ts';
import { readVarsFiles } from './vars-files.ts';

/** What all lookups of a run have in common. */
export interface VarsCore {
  readonly evaluator: Evaluator;
  readonly inventoryView: InventoryView;
  readonly loader: Loader;
  readonly files: PlaybookFiles;
  readonly extra: Vars;
  readonly magic: Omit<MagicSources, 'inventory' | 'hostvars'>;
}

/**
 * The variables as one task on one host sees them. Each is evaluated when it is first asked for and then kept as long as
 * the lookup lives, which is one evaluation.
 */
export function makeLookup(core: VarsCore, chain: VarChain, scope: Scope): Lookup {
  const sources: LayerSources = {
    extra: core.extra,
    inventory: core.inventoryView.layers(scope.run, scope.host),
    varsFiles: varsFilesOf(core, chain, scope),
  };
  const lookup = lazyLookup(core.evaluator, {
    magic: magicOf(core, chain, scope, () => lookup),
    isLocal: (name) => Object.hasOwn(scope.local, name),
    find: (name) => findVariable(name, chain, scope, sources),
    names: () => variableNames(chain, scope, sources),
  });
  return lookup;
}

interface Source {
  magic(name: string): Value | undefined;
  isLocal(name: string): boolean;
  find(name: string): Value | undefined;
  names(): Iterable<string>;
}

/** The locals of an evaluation are over magic variables too, as loop variables are in Ansible. */
function lazyLookup(evaluator: Evaluator, source: Source): Lookup {
  const known = new Map<string, Value>();
  const busy: string[] = [];
  const evaluated = (name: string, value: Value): Value => {
    if (busy.includes(name)) {
      throw new KprepError('template', `the variable ${name} is made of itself: ${[...busy, name].join(' → ')}`);
    }
    busy.push(name);
    try {
      return evaluator.value(value, lookup);
    } finally {
      busy.pop();
    }
  };
  const special = (name: string) => (source.isLocal(name) ? undefined : source.magic(name));
  const lookup: Lookup = {
    get(name) {
      const before = known.get(name);
      if (before !== undefined) return before;
      const magic = special(name);
      const value = magic ?? source.find(name);
      if (value === undefined) return undefined;
      const result = magic ?? evaluated(name, value);
      known.set(name, result);
      return result;
    },
    has: (name) => special(name) !== undefined || source.find(name) !== undefined,
    names: () => source.names(),
  };
  return lookup;
}

function magicOf(core: VarsCore, chain: VarChain, scope: Scope, self: () => Lookup): Source['magic'] {
  let hostvars: Value | undefined;
  const inventory = core.inventoryView.current(scope.run);
  const sources: MagicSources = {
    ...core.magic,
    inventory,
    hostvars: () => {
      hostvars ??= makeHostvars(
        () => inventory.hosts.keys(),
        (host) => (inventory.hosts.has(host) ? otherHost(core, chain, scope.run, host) : undefined),
      );
      return hostvars;
    },
  };
  return (name) => (name === 'vars' ? lookupMapping(self()) : magicValue(name, scope, chain, sources));
}

/** Variables of a host outside of any play: inventory, facts, registered and set ones, extra vars; as in Ansible's hostvars. */
function otherHost(core: VarsCore, chain: VarChain, run: RunView, host: string): Lookup {
  const outside: VarChain = { blocks: [], params: [], dir: chain.dir };
  return makeLookup(core, outside, { host, local: {}, runtime: run.runtimeOf(host), run });
}

const NOTHING: readonly Vars[] = [];

/** The files' names may need any variable but those of the files themselves. */
function varsFilesOf(core: VarsCore, chain: VarChain, scope: Scope): () => readonly Vars[] {
  const { play } = chain;
  if (!play || play.files.length === 0) return () => NOTHING;
  let read: readonly Vars[] | undefined;
  return () => {
    if (read) return read;
    const lookup = makeLookup(core, { ...chain, play: { ...play, files: [] } }, scope);
    const lenient = Object.keys(scope.runtime.facts).length === 0;
    read = readVarsFiles(play, lookup, { ...core, lenient });
    return read;
  };
}

/** A scope without a host, for what is evaluated once for a play (`hosts`, `serial`, paths of imports). */
export function staticScope(run: RunView): Scope {
  return { host: '', local: {}, runtime: NO_RUNTIME, run };
}

const NO_RUNTIME: HostRuntime = { facts: {}, variables: {}, includeVars: {} };

/** What is known before the run: nothing has come to be yet. */
export function beforeTheRun(inventory: Inventory): RunView {
  return {
    check: false,
    diff: false,
    inventory,
    changes: { hosts: new Map(), groups: new Map() },
    playHosts: [],
    playHostsAll: [],
    playBatch: [],
    runtimeOf: () => NO_RUNTIME,
    now: () => 0,
  };
}
