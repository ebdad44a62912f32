import { createHash } from 'node:crypto';
import { createReadStream, lstatSync, readdirSync, readFileSync, readlinkSync, type Stats, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { KprepError } from '../../shared/errors.ts';

/** A file, directory or link of this machine that is to be put on hosts. */
export interface SourceEntry {
  /** Below the destination, with `/` between its parts; its first part is the name of a source. */
  readonly path: string;
  readonly type: 'file' | 'directory' | 'link';
  /** Absolute path on this machine. */
  readonly from: string;
  /** Permission bits with setuid, setgid and sticky. */
  readonly mode: number;
  /** Epoch seconds. */
  readonly mtime: number;
  /** Bytes of a file; 0 of anything else. */
  readonly size: number;
  /** What a link says. */
  readonly target?: string;
}

/** What is to be put on hosts, read once for all of them. Parents come before what they hold. */
export interface Sources {
  /** Names below the destination that were asked for. */
  readonly roots: readonly string[];
  readonly entries: readonly SourceEntry[];
  /** Hex; computed once. @throws KprepError `task` when the file cannot be read. */
  sha256(entry: SourceEntry): Promise<string>;
  /**
   * The bytes of a file: from memory where it is small, else streamed.
   * @throws KprepError `task` when it vanished, or is shorter or longer than it was.
   */
  read(entry: SourceEntry): AsyncIterable<Buffer>;
  /** The same for a small file, at once; undefined of a large one. @throws as `read` */
  small(entry: SourceEntry): Buffer | undefined;
}

export interface SourceOptions {
  /** Links: `keep` them as they are (default), or `follow` them and send what they lead to. */
  readonly links?: 'keep' | 'follow';
  /** What is in the directories, not the directories themselves (`rsync src/`). Entries then have no common root. */
  readonly contents?: boolean;
}

/** Small files stay in memory up to this many bytes of all of them. */
const KEPT_FILE = 64 * 1024;
const KEPT_ALL = 32 * 1024 * 1024;

/** Synchronous: nothing else is under way yet. @throws KprepError `task` for what is not there, cannot be read, or is neither file, directory nor link. */
export function readSources(paths: readonly string[], options: SourceOptions = {}): Sources {
  const entries: SourceEntry[] = [];
  const roots: string[] = [];
  for (const path of paths) {
    const from = resolve(path);
    const names = options.contents ? list(from).map((name) => join(from, name)) : [from];
    for (const one of names) {
      const name = basename(one);
      if (name === '') throw new KprepError('task', 'the root directory cannot be copied as a whole');
      if (roots.includes(name)) throw new KprepError('task', `two sources are called ${name}`);
      roots.push(name);
      collect(one, name, { entries, follow: options.links === 'follow', above: [] });
    }
  }
  return withContents(roots, entries);
}

interface Walk {
  readonly entries: SourceEntry[];
  readonly follow: boolean;
  /** Identities of the directories around it: a followed link may lead back up. */
  readonly above: readonly string[];
}

function collect(from: string, path: string, walk: Walk): void {
  const found = look(from, walk.follow);
  const base = { path, from, mode: found.mode & 0o7777, mtime: Math.floor(found.mtimeMs / 1000) };
  if (found.isSymbolicLink()) {
    walk.entries.push({ ...base, type: 'link', size: 0, target: readlinkSync(from) });
    return;
  }
  if (found.isFile()) {
    walk.entries.push({ ...base, type: 'file', size: found.size });
    return;
  }
  if (!found.isDirectory()) {
    throw new KprepError('task', `${from} is neither file, directory nor link`, { remedy: 'Leave it out.' });
  }
  const identity = `${found.dev}:${found.ino}`;
  if (walk.above.includes(identity)) throw new KprepError('task', `${from} leads back to a directory around it`);
  walk.entries.push({ ...base, type: 'directory', size: 0 });
  const inside = { ...walk, above: [...walk.above, identity] };
  for (const name of list(from)) collect(join(from, name), `${path}/${name}`, inside);
}

function look(from: string, follow: boolean): Stats {
  try {
    return follow ? statSync(from) : lstatSync(from);
  } catch (error) {
    throw unreadable(from, error);
  }
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory).sort();
  } catch (error) {
    throw unreadable(directory, error);
  }
}

function withContents(roots: readonly string[], entries: readonly SourceEntry[]): Sources {
  const kept = new Map<SourceEntry, Buffer>();
  const hashes = new Map<SourceEntry, Promise<string>>();
  let room = KEPT_ALL;
  const small = (entry: SourceEntry): Buffer | undefined => {
    const known = kept.get(entry);
    if (known || entry.size > KEPT_FILE) return known;
    const bytes = readSmall(entry);
    if (bytes.length !== entry.size) throw changed(entry);
    if (room >= bytes.length) {
      kept.set(entry, bytes);
      room -= bytes.length;
    }
    return bytes;
  };
  async function* read(entry: SourceEntry): AsyncGenerator<Buffer> {
    const bytes = small(entry);
    if (bytes) yield bytes;
    else yield* readLarge(entry);
  }
  return {
    roots,
    entries,
    read,
    small,
    sha256(entry) {
      const hash = hashes.get(entry) ?? hashOf(read(entry));
      hashes.set(entry, hash);
      return hash;
    },
  };
}

/** A hundred times quicker than waiting for it. */
function readSmall(entry: SourceEntry): Buffer {
  try {
    return readFileSync(entry.from);
  } catch (error) {
    throw unreadable(entry.from, error);
  }
}

async function* readLarge(entry: SourceEntry): AsyncGenerator<Buffer> {
  let done = 0;
  try {
    for await (const chunk of createReadStream(entry.from, { highWaterMark: 256 * 1024 })) {
      done += (chunk as Buffer).length;
      if (done > entry.size) break;
      yield chunk as Buffer;
    }
  } catch (error) {
    throw unreadable(entry.from, error);
  }
  if (done !== entry.size) throw changed(entry);
}

async function hashOf(bytes: AsyncIterable<Buffer>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of bytes) hash.update(chunk);
  return hash.digest('hex');
}

function unreadable(path: string, error: unknown): KprepError {
  const { code, message } = error as NodeJS.ErrnoException;
  const why = code === 'ENOENT' ? 'it is not there' : code === 'EACCES' ? 'permission denied' : message;
  return new KprepError('task', `cannot read ${path} on this machine: ${why}`, { cause: error });
}

function changed(entry: SourceEntry): KprepError {
  return new KprepError('task', `${entry.from} changed its size while it was read`, { remedy: 'Run again.' });
}
