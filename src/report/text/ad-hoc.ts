import type { Outcome } from '../../model/event.ts';
import { foldNames } from '../../shared/fold-names.ts';
import { lineDiff } from '../../shared/line-diff.ts';
import { count, groupBy, printableLine } from '../../shared/text.ts';
import type { Style } from './style.ts';

/**
 * How hosts stand together: `folded` by what they say, `per-host` one by one, `odd` only who differs from the majority,
 * `status` only who failed (the output was shown while it came).
 */
export type Layout = 'folded' | 'per-host' | 'odd' | 'status';

export type Shown = Outcome | 'ignored' | 'rescued';

/** What one host came to, fit to be shown. */
export interface Entry {
  readonly host: string;
  readonly shown: Shown;
  /** Behind the names; empty where all went well. */
  readonly state: string;
  /** Lines without newlines. */
  readonly body: readonly string[];
}

/** Hosts that came to the same. */
export type Group = readonly [Entry, ...Entry[]];

export interface AdHocOptions {
  readonly style: Style;
  readonly layout: Layout;
  readonly order: readonly string[];
}

/** The answers of one command on many hosts. */
export function renderAdHoc(entries: readonly Entry[], options: AdHocOptions): string[] {
  switch (options.layout) {
    case 'per-host':
      return inOrder(entries, options.order).flatMap((entry) => renderGroup([entry], options.style));
    case 'odd':
      return renderOdd(groupsOf(entries), options.style);
    case 'status':
      return groupsOf(entries.filter(({ state }) => state !== '')).flatMap((group) =>
        renderGroup(group, options.style),
      );
    case 'folded':
      return groupsOf(entries).flatMap((group) => renderGroup(group, options.style));
  }
}

/** In the order in which their first member came. */
export function groupsOf(entries: readonly Entry[]): readonly Group[] {
  const groups = groupBy(entries, ({ shown, state, body }) => JSON.stringify([shown, state, body]));
  return [...groups.values()].flatMap(([first, ...others]) => (first ? [[first, ...others] as const] : []));
}

function inOrder(entries: readonly Entry[], order: readonly string[]): readonly Entry[] {
  const places = new Map(order.map((host, index) => [host, index]));
  const placeOf = ({ host }: Entry): number => places.get(host) ?? order.length;
  return [...entries].sort((a, b) => placeOf(a) - placeOf(b));
}

function renderGroup(group: Group, style: Style): string[] {
  const [{ shown, state, body }] = group;
  return [headerOf(group, state === '' ? '' : style.outcome(shown, `: ${state}`), style), ...body];
}

/** `node[01-20,25] (21): failed, status 3`. The count always stands there, so a header is known by it. */
function headerOf(group: Group, end: string, style: Style): string {
  const names = printableLine(foldNames(group.map(({ host }) => host)));
  return style.title(`${names} (${group.length})`) + end;
}

/** The largest group is only named; of each other one its lines that differ from it. */
function renderOdd(groups: readonly Group[], style: Style): string[] {
  const [majority, ...odd] = [...groups].sort((a, b) => b.length - a.length);
  if (!majority) return [];
  const [{ state, shown, body }] = majority;
  const what = odd.length === 0 ? 'all the same' : 'the majority';
  const told = `: ${state === '' ? '' : `${state}, `}${what}, ${count(body.length, 'line')}`;
  return [headerOf(majority, style.outcome(shown, told), style), ...odd.flatMap((group) => oneOdd(group, body, style))];
}

function oneOdd(group: Group, majority: readonly string[], style: Style): string[] {
  const [{ shown, state, body }] = group;
  const lines = lineDiff(majority, body).map((line) => {
    if (line.startsWith('+')) return style.added(line);
    return line.startsWith('-') ? style.removed(line) : line;
  });
  return [headerOf(group, state === '' ? '' : style.outcome(shown, `: ${state}`), style), ...lines];
}
