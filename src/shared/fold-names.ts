/**
 * Names as operators write them: `node01 node02 node25` is `node[01-02,25]`, several prefixes with commas between
 * (pdsh, ClusterShell's nodeset). Padding is kept; of a name with several numbers one is folded. Doubles are dropped, the
 * order is by name. Expanded again (inventory/ranges.ts), the result is the same set of names.
 */
export function foldNames(names: Iterable<string>): string {
  const families = new Map<string, Split[]>();
  for (const name of new Set(names)) {
    const split = splitNumbers(name);
    const family = families.get(split.shape);
    if (family) family.push(split);
    else families.set(split.shape, [split]);
  }
  const folded = [...families.values()].flatMap(foldFamily);
  return folded
    .sort(byKey)
    .map(({ text }) => text)
    .join(',');
}

interface Split {
  /** The name with `#` for each number: names of one shape can be folded. */
  readonly shape: string;
  /** Text and numbers by turns, text first. */
  readonly parts: readonly string[];
}

interface Folded {
  readonly text: string;
  /** The first name's parts, to sort by. */
  readonly key: readonly string[];
}

/** Longer numbers are not counted with, and stay text. Brackets and commas have a meaning in the folded form. */
function splitNumbers(name: string): Split {
  if (/[[\],]/.test(name)) return { shape: `=${name}`, parts: [name] };
  const parts: string[] = [];
  let text = '';
  for (const piece of name.split(/(\d+)/)) {
    if (piece.length <= 15 && /^\d/.test(piece)) {
      parts.push(text, piece);
      text = '';
    } else text += piece;
  }
  parts.push(text);
  return { shape: parts.map((part, index) => (index % 2 === 0 ? part : '#')).join('\0'), parts };
}

function foldFamily(family: readonly Split[]): Folded[] {
  const [first] = family;
  if (!first) return [];
  if (family.length === 1 || first.parts.length === 1) {
    return family.map(({ parts }) => ({ text: parts.join(''), key: parts }));
  }
  const best = bestBuckets(family, first.parts.length);
  return best.buckets.map((bucket) => foldBucket(bucket, best.position));
}

/** Folding the number that leaves the fewest names; of equals the last, which is where names count. */
function bestBuckets(family: readonly Split[], length: number): { position: number; buckets: Split[][] } {
  let best = { position: -1, buckets: [] as Split[][] };
  for (let position = length - 2; position > 0; position -= 2) {
    const buckets = new Map<string, Split[]>();
    for (const split of family) {
      const rest = split.parts.map((part, index) => (index === position ? '' : part)).join('\0');
      const bucket = buckets.get(rest);
      if (bucket) bucket.push(split);
      else buckets.set(rest, [split]);
    }
    if (best.position < 0 || buckets.size < best.buckets.length) best = { position, buckets: [...buckets.values()] };
  }
  return best;
}

function foldBucket(bucket: readonly Split[], position: number): Folded {
  const numbers = bucket.map(({ parts }) => parts[position] ?? '').sort(byWidthThenValue);
  const key = (bucket[0]?.parts ?? []).with(position, numbers[0] ?? '');
  const ranges = foldNumbers(numbers);
  const text = numbers.length === 1 ? ranges : `[${ranges}]`;
  return { text: key.with(position, text).join(''), key };
}

interface Run {
  readonly from: string;
  to: string;
}

/** A run goes on to wider numbers (`9-10`) only where its first one has no padding: `09-100` would not say how wide. */
function foldNumbers(sorted: readonly string[]): string {
  const runs: Run[] = [];
  const ending = new Map<number, Run>();
  for (const number of sorted) {
    const value = Number(number);
    const before = ending.get(value - 1);
    if (before && continues(before, number)) {
      ending.delete(value - 1);
      before.to = number;
      ending.set(value, before);
      continue;
    }
    const run = { from: number, to: number };
    runs.push(run);
    ending.set(value, run);
  }
  return runs
    .sort((a, b) => Number(a.from) - Number(b.from) || a.from.length - b.from.length)
    .map(({ from, to }) => (from === to ? from : `${from}-${to}`))
    .join(',');
}

function continues(run: Run, number: string): boolean {
  if (run.to.length === number.length) return true;
  return !padded(run.from) && !padded(number) && number.length === run.to.length + 1;
}

function padded(number: string): boolean {
  return number.length > 1 && number.startsWith('0');
}

function byWidthThenValue(a: string, b: string): number {
  return a.length - b.length || Number(a) - Number(b);
}

/** By text, and by value where both have a number. */
function byKey({ key: a }: Folded, { key: b }: Folded): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const [left = '', right = ''] = [a[index], b[index]];
    if (left === right) continue;
    const numeric = index % 2 === 1 ? byNumber(left, right) : 0;
    return numeric || (left < right ? -1 : 1);
  }
  return a.length - b.length;
}

function byNumber(a: string, b: string): number {
  return Number(a) - Number(b) || a.length - b.length;
}
