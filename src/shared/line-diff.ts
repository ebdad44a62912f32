const CONTEXT = 3;
/** Lines that differ beyond which the search for the shortest diff is given up: all old lines go, all new ones come. */
const MOST_EDITS = 1500;

/** The hunks of a unified diff between two lists of lines, three lines of context around each change. Empty: no difference. */
export function lineDiff(before: readonly string[], after: readonly string[]): string[] {
  return hunks(editScript(before, after));
}

interface Line {
  readonly mark: ' ' | '-' | '+';
  readonly text: string;
}

function editScript(before: readonly string[], after: readonly string[]): Line[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  const most = Math.min(before.length, after.length) - head;
  while (tail < most && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  const middle = shortest(before.slice(head, before.length - tail), after.slice(head, after.length - tail));
  return [...marked(' ', before.slice(0, head)), ...middle, ...marked(' ', before.slice(before.length - tail))];
}

/** Myers, "An O(ND) Difference Algorithm and Its Variations" (1986), the greedy form. `reached`: by diagonal, how far into `before`. */
function shortest(before: readonly string[], after: readonly string[]): Line[] {
  const trace: Map<number, number>[] = [];
  const reached = new Map<number, number>([[1, 0]]);
  const limit = Math.min(before.length + after.length, MOST_EDITS);
  for (let edits = 0; edits <= limit; edits++) {
    trace.push(new Map(reached));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const above = goesDown(reached, diagonal, edits);
      let x = above ? at(reached, diagonal + 1) : at(reached, diagonal - 1) + 1;
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]) x++;
      reached.set(diagonal, x);
      if (x >= before.length && x - diagonal >= after.length) return walkBack(trace, before, after);
    }
  }
  return [...marked('-', before), ...marked('+', after)];
}

function at(reached: ReadonlyMap<number, number>, diagonal: number): number {
  return reached.get(diagonal) ?? -1;
}

/** Whether the best way to a diagonal is to take a line of `after` (from the diagonal above). */
function goesDown(reached: ReadonlyMap<number, number>, diagonal: number, edits: number): boolean {
  if (diagonal === -edits) return true;
  return diagonal !== edits && at(reached, diagonal - 1) < at(reached, diagonal + 1);
}

function walkBack(trace: readonly Map<number, number>[], before: readonly string[], after: readonly string[]): Line[] {
  const lines: Line[] = [];
  let [x, y] = [before.length, after.length];
  for (let edits = trace.length - 1; edits > 0; edits--) {
    const reached = trace[edits] ?? new Map<number, number>();
    const down = goesDown(reached, x - y, edits);
    const previous = x - y + (down ? 1 : -1);
    const fromX = at(reached, previous);
    const fromY = fromX - previous;
    const edge = fromX + (down ? 0 : 1);
    while (x > edge) {
      lines.push({ mark: ' ', text: before[--x] ?? '' });
    }
    lines.push(down ? { mark: '+', text: after[fromY] ?? '' } : { mark: '-', text: before[fromX] ?? '' });
    [x, y] = [fromX, fromY];
  }
  return [...marked(' ', before.slice(0, x)), ...lines.reverse()];
}

function marked(mark: Line['mark'], texts: readonly string[]): Line[] {
  return texts.map((text) => ({ mark, text }));
}

function hunks(lines: readonly Line[]): string[] {
  const out: string[] = [];
  let old = 1;
  let fresh = 1;
  let index = 0;
  while (index < lines.length) {
    const first = lines.findIndex((line, at) => at >= index && line.mark !== ' ');
    if (first < 0) break;
    const start = Math.max(index, first - CONTEXT);
    const end = hunkEnd(lines, first);
    old += start - index;
    fresh += start - index;
    const part = lines.slice(start, end);
    const olds = part.filter((line) => line.mark !== '+').length;
    const news = part.filter((line) => line.mark !== '-').length;
    out.push(`@@ -${span(old, olds)} +${span(fresh, news)} @@`, ...part.flatMap(render));
    old += olds;
    fresh += news;
    index = end;
  }
  return out;
}

/** Past the last change that is within twice the context of the one before it. */
function hunkEnd(lines: readonly Line[], first: number): number {
  let last = first;
  for (let at = first; at < lines.length && at - last <= 2 * CONTEXT; at++) {
    if (lines[at]?.mark !== ' ') last = at;
  }
  return Math.min(lines.length, last + CONTEXT + 1);
}

function span(start: number, length: number): string {
  if (length === 1) return String(start);
  return `${length === 0 ? start - 1 : start},${length}`;
}

function render(line: Line): string[] {
  return `${line.mark}${line.text}`.split('\n');
}
