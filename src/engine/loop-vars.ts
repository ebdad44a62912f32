import type { Loop } from '../model/plan.ts';
import type { Value, Vars } from '../model/value.ts';
import { type Place, placeKey } from './place.ts';

/** One run of a task's module: the variables of its loop item, if any, and the item's index. */
export interface ItemRun {
  readonly local: Vars;
  readonly index?: number;
}

/** Under which a read that was sent ahead for a task or item is kept. */
export function slotOf(place: Place, item: Pick<ItemRun, 'index'>): string {
  return item.index === undefined ? placeKey(place) : `${placeKey(place)}#${item.index}`;
}

/** The loop's variables while one item runs. */
export function itemVars(loop: Loop, items: readonly Value[], index: number): Vars {
  return {
    ansible_loop_var: loop.variable,
    [loop.variable]: items[index] ?? null,
    ...(loop.indexVariable === undefined ? {} : { ansible_index_var: loop.indexVariable, [loop.indexVariable]: index }),
    ...(loop.extended ? { ansible_loop: extendedVars(items, index) } : {}),
  };
}

function extendedVars(items: readonly Value[], index: number): Vars {
  const [next, previous] = [items[index + 1], items[index - 1]];
  return {
    index: index + 1,
    index0: index,
    first: index === 0,
    last: index + 1 === items.length,
    length: items.length,
    revindex: items.length - index,
    revindex0: items.length - index - 1,
    allitems: items,
    ...(next === undefined ? {} : { nextitem: next }),
    ...(previous === undefined ? {} : { previtem: previous }),
  };
}
