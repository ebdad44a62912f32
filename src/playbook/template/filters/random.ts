import { iterate } from '../runtime/compare.ts';
import { MersenneTwister } from '../runtime/mersenne-twister.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { Fault, isInt, type Py, toNumber, Undefined } from '../runtime/values.ts';
import type { Builtins } from './builtin.ts';
import { host } from './paths.ts';

/** Chance: with a seed the same as Python's every time. */
export const randomFilters: Builtins = {
  random: ['end start? step? seed?', random],
  shuffle: ['mylist seed?', shuffle],
};

/** A whole number from 0 up to, not including, a bound. */
type Below = (bound: number) => number;

function below(runtime: Runtime, seed: Py): Below {
  if (seed instanceof Undefined) return seed.fail();
  if (seed === undefined || seed === null) return (bound) => Math.floor(host(runtime, 'random').random() * bound);
  const generator = new MersenneTwister(seed);
  return (bound) => generator.below(bound);
}

function random(runtime: Runtime, end: Py, start: Py, step: Py, seed: Py): Py {
  if (end instanceof Undefined) return end.fail();
  const draw = below(runtime, seed);
  if (isInt(end) || typeof end === 'boolean') {
    const from = toNumber(start ?? 0);
    const by = toNumber(step ?? 1) || 1;
    const count = Math.ceil((toNumber(end) - from) / by);
    if (count <= 0) throw new Fault(`random: the range from ${from} to ${toNumber(end)} is empty`);
    return from + by * draw(count);
  }
  const items = iterate(end);
  if (start || step) throw new Fault('random: start and step go with numbers only');
  if (items.length === 0) throw new Fault('random: there is nothing to choose from');
  return items[draw(items.length)];
}

/** Fisher and Yates, from the end, as Python's `random.shuffle`. */
function shuffle(runtime: Runtime, list: Py, seed: Py): Py {
  const items = [...iterate(list)];
  const draw = below(runtime, seed === '' || seed === 0 || seed === false ? null : seed);
  for (let index = items.length - 1; index > 0; index--) {
    const other = draw(index + 1);
    [items[index], items[other]] = [items[other], items[index]];
  }
  return items;
}
