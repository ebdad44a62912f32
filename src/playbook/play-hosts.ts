import type { Play, RunView } from '../model/plan.ts';
import type { Value } from '../model/value.ts';
import { KprepError } from '../shared/errors.ts';
import type { Position } from '../shared/problem.ts';
import { type Compiler, staticLookup } from './compiler.ts';
import { type Context, chainOf } from './context.ts';
import { checkTemplates, textOf } from './typed.ts';
import { isWritten } from './vars/evaluate.ts';
import { makeLookup, staticScope } from './vars/scope.ts';

interface Wanted {
  readonly pattern: { readonly text: string; readonly raw: Value; readonly at: Position };
  readonly order: string;
}

/** The hosts of a play when it begins. A literal pattern is checked now. */
export function hostsOf(compiler: Compiler, context: Context, { pattern, order }: Wanted): Play['hosts'] {
  if (pattern.text !== '') check(compiler, context, pattern);
  return (run) => {
    const hosts = matched(compiler, run, patternText(compiler, context, pattern.raw, run));
    const { limit } = compiler.settings;
    const left = limit ? hosts.filter((host) => limit.has(host)) : hosts;
    return inOrder(left, order, run);
  };
}

/**
 * A group that an earlier task makes (`add_host`, `group_by`) is not known yet, so then nothing can be said; nor where the
 * pattern needs what only the run knows.
 */
function check(compiler: Compiler, context: Context, pattern: Wanted['pattern']): void {
  if (compiler.names.makesGroups) return;
  const text = staticPattern(compiler, context, pattern);
  if (text === undefined) return;
  try {
    compiler.settings.matchHosts(compiler.settings.inventory, text);
  } catch (error) {
    if (!(error instanceof KprepError)) throw error;
    compiler.problems.error(error.message, pattern.at, error.remedy);
  }
}

function staticPattern(compiler: Compiler, context: Context, pattern: Wanted['pattern']): string | undefined {
  if (!isWritten(pattern.raw)) return pattern.text;
  const silent = { chain: chainOf(context), uses: [] };
  checkTemplates(compiler, pattern.raw, silent.uses);
  try {
    const value = compiler.evaluator.value(pattern.raw, staticLookup(compiler, silent.chain));
    return [value].flat(2).map(textOf).join(',');
  } catch (error) {
    if (error instanceof KprepError) return undefined;
    throw error;
  }
}

function patternText(compiler: Compiler, context: Context, raw: Value, run: RunView): string {
  const lookup = makeLookup(compiler.core, chainOf(context), staticScope(run));
  const value = compiler.evaluator.value(raw, lookup);
  return [value].flat(2).map(textOf).join(',');
}

function matched(compiler: Compiler, run: RunView, pattern: string): readonly string[] {
  const inventory = compiler.core.inventoryView.current(run);
  try {
    return compiler.settings.matchHosts(inventory, pattern);
  } catch (error) {
    // A group that was to be made and was not: the play has no hosts.
    if (error instanceof KprepError && compiler.names.makesGroups) return [];
    throw error;
  }
}

function inOrder(hosts: readonly string[], order: string, run: RunView): readonly string[] {
  const byName = (one: string, two: string) => (one < two ? -1 : one > two ? 1 : 0);
  switch (order) {
    case 'reverse_inventory':
      return [...hosts].reverse();
    case 'sorted':
      return [...hosts].sort(byName);
    case 'reverse_sorted':
      return [...hosts].sort(byName).reverse();
    case 'shuffle':
      return shuffled(hosts, run.now());
    default:
      return hosts;
  }
}

/** Another order at each run: a small generator (mulberry32) seeded with the clock. */
function shuffled(hosts: readonly string[], seed: number): readonly string[] {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const keyed = hosts.map((host) => ({ host, key: next() }));
  return keyed.sort((one, two) => one.key - two.key).map(({ host }) => host);
}
