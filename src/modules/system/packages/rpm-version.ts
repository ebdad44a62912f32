/** Compares two versions as rpm does (rpmvercmp): digits by number, letters by text, `~` before all, `^` after. */
export function compareRpmVersions(a: string, b: string): number {
  const left = tokensOf(a);
  const right = tokensOf(b);
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const order = compareTokens(left[index], right[index]);
    if (order !== 0) return order;
  }
  return 0;
}

function tokensOf(version: string): readonly string[] {
  return version.match(/~|\^|\d+|[A-Za-z]+/g) ?? [];
}

/** Undefined: that version has ended. */
function compareTokens(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  const rank = rankOf(a) - rankOf(b);
  if (rank !== 0) return Math.sign(rank);
  return rankOf(a) === DIGITS ? compareNumbers(a ?? '', b ?? '') : compareText(a ?? '', b ?? '');
}

const DIGITS = 4;

function rankOf(token: string | undefined): number {
  if (token === '~') return 0;
  if (token === undefined) return 1;
  if (token === '^') return 2;
  return /^\d/.test(token) ? DIGITS : 3;
}

function compareNumbers(a: string, b: string): number {
  const left = a.replace(/^0+/, '');
  const right = b.replace(/^0+/, '');
  return left.length === right.length ? compareText(left, right) : Math.sign(left.length - right.length);
}

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

export interface Evr {
  readonly epoch: string;
  readonly version: string;
  readonly release: string;
}

/** Compares epoch, version and release; an empty release on either side is not compared (`kubelet >= 1.36`). */
export function compareEvr(a: Evr, b: Evr): number {
  const epoch = compareNumbers(a.epoch || '0', b.epoch || '0');
  if (epoch !== 0) return epoch;
  const version = compareRpmVersions(a.version, b.version);
  if (version !== 0 || a.release === '' || b.release === '') return version;
  return compareRpmVersions(a.release, b.release);
}

export function parseEvr(text: string): Evr {
  const [, epoch = '', version = '', release = ''] = /^(?:(\d+):)?([^-]*)(?:-(.*))?$/.exec(text) ?? [];
  return { epoch, version, release };
}
