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
import { type Layer, layersOf } from './precedence.ts';
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
  const magic = magicOf(core, chain, scope, () => lookup);
  const layers = layersOf(chain, scope, {
    extra: core.extra,
    inventory: core.inventoryView.layers(scope.run, scope.host),
    varsFiles: varsFilesOf(core, chain, scope),
  });
  const lookup = lazyLookup(core.evaluator, magic, layers);
  return lookup;
}

interface Magic {
  get(name: string): Value | undefined;
}

/** The locals of an evaluation are over magic variables too, as loop variables are in Ansible. */
function lazyLookup(evaluator: Evaluator, magic: Magic, layers: readonly Layer[]): Lookup {
  const known = new Map<string, Value>();
  const busy: string[] = [];
  const written = (name: string): Value | undefined => {
    for (const layer of layers) {
      const found = layer.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  };
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
  const lookup: Lookup = {
    get(name) {
      const before = known.get(name);
      if (before !== undefined) return before;
      const special = layers[0]?.get(name) === undefined ? magic.get(name) : undefined;
      const value = special ?? written(name);
      if (value === undefined) return undefined;
      const result = special ?? evaluated(name, value);
      known.set(name, result);
      return result;
    },
    has: (name) => magic.get(name) !== undefined || written(name) !== undefined,
    names: () => new Set(layers.flatMap((layer) => [...layer.names()])),
  };
  return lookup;
}

function magicOf(core: VarsCore, chain: VarChain, scope: Scope, self: () => Lookup): Magic {
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
  return {
    get: (name) => (name === 'vars' ? lookupMapping(self()) : magicValue(name, scope, chain, sources)),
  };
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

export const NO_RUNTIME: HostRuntime = { facts: {}, variables: {}, includeVars: {} };
