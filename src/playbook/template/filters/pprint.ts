import { compare } from '../runtime/compare.ts';
import { repr } from '../runtime/text.ts';
import { dictEntries, isDict, makeDict, type Py, sequenceItems, Tuple } from '../runtime/values.ts';

const WIDTH = 80;

interface Place {
  readonly indent: number;
  /** Characters that must still fit behind. */
  readonly allowance: number;
}

/** Python's `pprint.pformat`: keys in order, and lines of at most 80 characters. A long string is not split. */
export function prettyPrint(value: Py, place: Place = { indent: 0, allowance: 0 }): string {
  const line = repr(ordered(value));
  if ([...line].length <= WIDTH - place.indent - place.allowance) return line;
  if (isDict(value)) return prettyDict(value, place);
  const items = sequenceItems(value);
  if (!items) return line;
  const [open, close] = value instanceof Tuple ? ['(', items.length === 1 ? ',)' : ')'] : ['[', ']'];
  const indent = place.indent + 1;
  const parts = items.map((item, index) => {
    const last = index === items.length - 1;
    return prettyPrint(item, { indent, allowance: last ? place.allowance + close.length : 1 });
  });
  return open + parts.join(`,\n${' '.repeat(indent)}`) + close;
}

function prettyDict(value: Py, place: Place): string {
  const entries = sortedEntries(value);
  const indent = place.indent + 1;
  const parts = entries.map(([key, item], index) => {
    const name = repr(key);
    const last = index === entries.length - 1;
    const inner = { indent: indent + [...name].length + 2, allowance: last ? place.allowance + 1 : 1 };
    return `${name}: ${prettyPrint(item, inner)}`;
  });
  return `{${parts.join(`,\n${' '.repeat(indent)}`)}}`;
}

function ordered(value: Py): Py {
  if (isDict(value)) return makeDict(sortedEntries(value).map(([key, item]) => [key, ordered(item)]));
  if (value instanceof Tuple) return new Tuple(value.items.map(ordered));
  return Array.isArray(value) ? value.map(ordered) : value;
}

/** Keys that cannot be compared stay where they are. */
function sortedEntries(value: Py): (readonly [Py, Py])[] {
  const entries = isDict(value) ? dictEntries(value) : [];
  const comparable =
    entries.every(([key]) => typeof key === 'string') || entries.every(([key]) => typeof key === 'number');
  return comparable ? [...entries].sort(([a], [b]) => compare(a, b)) : entries;
}
