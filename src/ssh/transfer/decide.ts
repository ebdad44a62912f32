import type { SourceEntry } from './sources.ts';
import type { Found, Survey } from './survey.ts';

/** What is asked of the copies, besides being copies. */
export interface PutAttributes {
  /** Name or number. */
  readonly owner?: string;
  readonly group?: string;
  /** Octal permission bits of files; directories can be entered by whom may read them. */
  readonly mode?: number;
}

/** A source with its place below the base. */
export interface Placed {
  readonly entry: SourceEntry;
  readonly path: string;
  readonly mode: number;
}

/** Something whose mode, time or owner is set at its final place. */
export interface Adjusted extends Placed {
  /** It is not as it should be; otherwise it is new, or what is put into it changes its time. */
  readonly news: boolean;
  readonly isNew: boolean;
}

/** What is to be done on one host, decided without talking to it. */
export interface PutPlan {
  /** In this order: parents before what they hold. */
  readonly send: readonly Placed[];
  /** Renamed into the base once all is there; what lies below a moved directory comes with it. */
  readonly moves: readonly string[];
  /** Mode and time to be set at the final place. */
  readonly adjust: readonly Adjusted[];
  /** `uid:gid` of files that are replaced and belong to somebody else. */
  readonly keepOwner: ReadonlyMap<string, string>;
  readonly remove: readonly string[];
  /** Files and links that are already as they should be. */
  readonly same: number;
  /** Why it cannot be done, one sentence each. */
  readonly problems: readonly string[];
}

export interface DecideRequest {
  readonly entries: readonly SourceEntry[];
  readonly survey: Survey;
  readonly attributes: PutAttributes;
  /** Paths whose content is the same on the host. */
  readonly same: ReadonlySet<string>;
  readonly remove: readonly string[];
}

/** Where a source goes below the base: under its own name, or under the one that the destination gives. */
export function placeOf(entry: Pick<SourceEntry, 'path'>, survey: Pick<Survey, 'kind' | 'name'>): string {
  if (survey.kind === 'into' || survey.name === '') return entry.path;
  const [, ...rest] = entry.path.split('/');
  return [survey.name, ...rest].join('/');
}

/** Pure. */
export function decide(request: DecideRequest): PutPlan {
  const plan: Draft = { send: [], moves: [], adjust: [], keepOwner: new Map(), problems: [], same: 0 };
  const made = new Set<string>();
  const touched = new Set<string>();
  for (const entry of request.entries) {
    const path = placeOf(entry, request.survey);
    const placed = { entry, path, mode: modeOf(entry, request.attributes) };
    const parent = parentOf(path);
    const found = request.survey.found.get(path);
    if (made.has(parent)) {
      plan.send.push(placed);
      if (entry.type === 'directory') made.add(path);
    } else if (entry.type === 'directory') {
      if (directory(plan, request, placed, found)) made.add(path);
    } else {
      leaf(plan, request, placed, found);
    }
  }
  for (const path of [...plan.moves, ...request.remove]) touched.add(parentOf(path));
  addDirectories(plan, request, { made, touched });
  return { ...plan, remove: request.remove };
}

interface Draft {
  send: Placed[];
  moves: string[];
  adjust: Adjusted[];
  keepOwner: Map<string, string>;
  problems: string[];
  same: number;
}

/** True where it is new: all below it comes with it. */
function directory(plan: Draft, { survey }: DecideRequest, placed: Placed, found: Found | undefined): boolean {
  if (!found) {
    plan.send.push(placed);
    plan.moves.push(placed.path);
    return true;
  }
  if (found.type === 'link') plan.problems.push(`${full(survey, placed)} is a link where a directory is to be`);
  else if (found.type !== 'directory') plan.problems.push(`${full(survey, placed)} is not a directory`);
  else if (found.device !== survey.device) {
    plan.problems.push(`${full(survey, placed)} is another file system: copy there by itself`);
  }
  return false;
}

function leaf(plan: Draft, request: DecideRequest, placed: Placed, found: Found | undefined): void {
  const { survey, same, attributes } = request;
  const { entry, path } = placed;
  if (found?.type === 'directory') {
    plan.problems.push(`${full(survey, placed)} is a directory`);
    return;
  }
  if (found?.type === 'other') {
    plan.problems.push(`${full(survey, placed)} is neither a file nor a link`);
    return;
  }
  if (found && same.has(path)) {
    if (differs(placed, found, attributes)) plan.adjust.push({ ...placed, news: true, isNew: false });
    else plan.same += 1;
    return;
  }
  plan.send.push(placed);
  plan.moves.push(path);
  if (found?.type === 'file' && entry.type === 'file') keepOwner(plan, request, placed, found);
}

/** A rename would give the file to us: it goes back to whom it belonged. */
function keepOwner(plan: Draft, { survey, attributes }: DecideRequest, placed: Placed, found: Found): void {
  const owner = attributes.owner === undefined && found.uid !== survey.uid ? String(found.uid) : '';
  const group = attributes.group === undefined && found.gid !== survey.gid ? String(found.gid) : '';
  if (owner !== '' && survey.uid !== 0) {
    plan.problems.push(`${full(survey, placed)} belongs to ${found.user}, which cannot be kept without being root`);
  } else if (owner !== '' || group !== '') {
    plan.keepOwner.set(placed.path, group === '' ? owner : `${owner}:${group}`);
  }
}

/** Directories last: what is put into them changes their times, and their modes may forbid it. */
function addDirectories(
  plan: Draft,
  { entries, survey, attributes }: DecideRequest,
  { made, touched }: { readonly made: ReadonlySet<string>; readonly touched: ReadonlySet<string> },
): void {
  for (const entry of entries.toReversed()) {
    if (entry.type !== 'directory') continue;
    const placed = { entry, path: placeOf(entry, survey), mode: modeOf(entry, attributes) };
    const found = survey.found.get(placed.path);
    const news = found !== undefined && differs(placed, found, attributes);
    if (made.has(placed.path)) plan.adjust.push({ ...placed, news: false, isNew: true });
    else if (news || touched.has(placed.path)) plan.adjust.push({ ...placed, news, isNew: false });
  }
}

function differs(placed: Placed, found: Found, attributes: PutAttributes): boolean {
  if (attributes.owner !== undefined && ![found.user, String(found.uid)].includes(attributes.owner)) return true;
  if (attributes.group !== undefined && ![found.group, String(found.gid)].includes(attributes.group)) return true;
  if (placed.entry.type === 'link') return false;
  return found.mode !== placed.mode || found.mtime !== placed.entry.mtime;
}

function modeOf(entry: SourceEntry, { mode }: PutAttributes): number {
  if (mode === undefined || entry.type === 'link') return entry.mode;
  return entry.type === 'directory' ? mode | ((mode & 0o444) >> 2) : mode;
}

function parentOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}

function full({ base }: Survey, { path }: Placed): string {
  return `${base === '/' ? '' : base}/${path}`;
}
