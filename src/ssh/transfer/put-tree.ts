import type { Connection, Identity, Shell } from '../../model/connection.ts';
import { KprepError } from '../../shared/errors.ts';
import { decide, type PutAttributes, type PutPlan, placeOf } from './decide.ts';
import { type FrameLimits, failureOf } from './frames.ts';
import { receive } from './receive.ts';
import type { SourceEntry, Sources } from './sources.ts';
import { streamOf } from './stream.ts';
import { type Survey, sameFiles, sameLinks, survey } from './survey.ts';

export interface PutOptions extends PutAttributes, FrameLimits {
  /** Say what would be done, write nothing. */
  readonly check?: boolean;
  /** The destination is meant as a directory and is made where it is missing. A slash at its end says the same. */
  readonly makeDirectory?: boolean;
  /** Remove what is below the destination and not in the sources; the destination is then a directory. */
  readonly remove?: boolean;
}

export interface PutRequest {
  readonly connection: Connection;
  readonly identity: Identity;
  readonly sources: Sources;
  /** A path of the host; relative to the login directory, `~/` is the user's home. */
  readonly dest: string;
  readonly options?: PutOptions;
}

/** What became of it on one host. In check mode: what would. */
export interface PutResult {
  readonly changed: boolean;
  /** Files and links that were sent, directories that were made. */
  readonly sent: number;
  /** Content of the files that were sent. */
  readonly bytes: number;
  /** Files and links that were the same already. */
  readonly same: number;
  /** Only mode, time or owner was set. */
  readonly adjusted: number;
  readonly removed: readonly string[];
  /** In words, at most some of them. */
  readonly changes: readonly string[];
}

/**
 * Makes a host's files the same as the sources. What is the same (by sha256) is not sent. New files come together into a
 * private directory on the target's file system and are renamed from there: at a final name there is the old file or the
 * whole new one. Whatever goes wrong before, nothing at final names has changed and nothing is left beside them.
 * @throws KprepError `task` (full, read-only, in the way, source gone …), `unreachable` when the connection went before
 * anything changed, `lost` when it went while the new files took their places, `become`, `timeout`, `cancelled`.
 */
export async function putTree(request: PutRequest): Promise<PutResult> {
  const { connection, identity, options = {} } = request;
  const progress = { complete: false };
  try {
    const shell = await connection.shell(identity);
    return await putWith(request, { shell, options, progress });
  } catch (error) {
    if (error instanceof KprepError && error.kind === 'lost' && !progress.complete) {
      throw new KprepError('unreachable', 'the connection was lost before anything was changed', {
        remedy: 'see whether the host is up, then run again',
        cause: error,
      });
    }
    throw error;
  }
}

interface Work {
  readonly shell: Shell;
  readonly options: PutOptions;
  /** All that there is was handed over: from now on a lost connection says nothing about what was done. */
  readonly progress: { complete: boolean };
}

async function putWith(request: PutRequest, work: Work): Promise<PutResult> {
  const { connection, identity, sources } = request;
  const { shell, options, progress } = work;
  const found = await look(request, work);
  const plan = await planFor(request, work, found);
  const result = resultOf(plan, found);
  if (options.check || !result.changed) return result;
  const format = found.hasTar ? 'tar' : 'own';
  const sent = { bytes: 0 };
  const stream = streamOf({
    plan,
    sources,
    attributes: options,
    format,
    onSent: (bytes) => {
      sent.bytes += bytes;
    },
  });
  const limits = limitsOf(options);
  const answer = await receive({
    connection,
    identity,
    shell,
    base: found.base,
    format,
    stream: noting(stream, progress),
    limits,
  });
  if (answer.status !== 0) throw failureOf(answer, `cannot write to ${found.base}`);
  return { ...result, bytes: sent.bytes };
}

async function* noting(stream: AsyncIterable<Buffer>, progress: { complete: boolean }): AsyncGenerator<Buffer> {
  let last: Buffer | undefined;
  for await (const chunk of stream) {
    if (last) yield last;
    last = chunk;
  }
  progress.complete = true;
  if (last) yield last;
}

function limitsOf({ timeout, signal }: PutOptions): FrameLimits {
  return { ...(timeout === undefined ? {} : { timeout }), ...(signal ? { signal } : {}) };
}

async function look({ sources, dest }: PutRequest, { shell, options }: Work): Promise<Survey> {
  const several = sources.roots.length !== 1;
  const makeDirectory = options.makeDirectory === true || options.remove === true || dest.endsWith('/');
  const found = await survey(
    shell,
    {
      dest,
      paths: sources.entries.map(({ path }) => path),
      makeDirectory,
      all: options.remove === true,
      check: options.check === true,
    },
    limitsOf(options),
  );
  if (found.kind === 'as' && several) {
    throw new KprepError('task', `${dest} is no directory, and there are several sources`, {
      remedy: 'A slash at its end has it made.',
    });
  }
  return found;
}

async function planFor({ sources }: PutRequest, { shell, options }: Work, found: Survey): Promise<PutPlan> {
  const hashes = new Map<string, string>();
  const links = new Map<string, string>();
  for (const entry of sources.entries) {
    const path = placeOf(entry, found);
    const there = found.found.get(path);
    if (there?.type === 'link' && entry.type === 'link') links.set(path, entry.target ?? '');
    if (there?.type === 'file' && entry.type === 'file' && there.size === entry.size) {
      hashes.set(path, await sources.sha256(entry));
    }
  }
  const limits = limitsOf(options);
  const [files, sayings] = await Promise.all([
    sameFiles(shell, { base: found.base, hashes }, limits),
    sameLinks(shell, { base: found.base, links }, limits),
  ]);
  const remove = options.remove ? strangers(found, sources.entries) : [];
  const same = new Set([...files, ...sayings]);
  const plan = decide({ entries: sources.entries, survey: found, attributes: options, same, remove });
  const [first, ...more] = plan.problems;
  if (first !== undefined) {
    throw new KprepError('task', more.length === 0 ? first : `${first}, and ${more.length} more of that kind`);
  }
  return plan;
}

/** The topmost names on the host that no source has. */
function strangers(found: Survey, entries: readonly SourceEntry[]): string[] {
  const wanted = new Set(entries.map(({ path }) => path));
  const gone: string[] = [];
  let last: string | undefined;
  for (const name of [...found.names].sort(byParts)) {
    if (wanted.has(name) || (last !== undefined && name.startsWith(`${last}/`))) continue;
    last = name;
    gone.push(name);
  }
  return gone;
}

/** Whatever is below a directory comes right behind it. */
function byParts(one: string, other: string): number {
  const [a, b] = [one.replaceAll('/', '\0'), other.replaceAll('/', '\0')];
  return a < b ? -1 : a > b ? 1 : 0;
}

/** So many are named. */
const NAMED = 20;

function resultOf(plan: PutPlan, { base }: Survey): PutResult {
  const adjusted = plan.adjust.filter(({ news }) => news);
  const at = (path: string): string => `${base === '/' ? '' : base}/${path}`;
  const words = [
    ...plan.moves.map((path) => `put ${at(path)}`),
    ...adjusted.map(({ path }) => `set mode, time or owner of ${at(path)}`),
    ...plan.remove.map((path) => `remove ${at(path)}`),
  ];
  const rest = words.length - NAMED;
  return {
    changed: plan.send.length + adjusted.length + plan.remove.length > 0,
    sent: plan.send.length,
    bytes: plan.send.reduce((sum, { entry }) => sum + entry.size, 0),
    same: plan.same,
    adjusted: adjusted.length,
    removed: plan.remove.map(at),
    changes: rest > 0 ? [...words.slice(0, NAMED), `and ${rest} more`] : words,
  };
}
