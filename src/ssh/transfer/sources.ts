import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readFile, readlink, stat } from 'node:fs/promises';
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

/** @throws KprepError `task` for what is not there, cannot be read, or is neither file, directory nor link. */
export async function readSources(paths: readonly string[], options: SourceOptions = {}): Promise<Sources> {
  const entries: SourceEntry[] = [];
  const roots: string[] = [];
  for (const path of paths) {
    const from = resolve(path);
    const names = options.contents ? (await list(from)).map((name) => join(from, name)) : [from];
    for (const one of names) {
      const name = basename(one);
      if (name === '') throw new KprepError('task', 'the root directory cannot be copied as a whole');
      if (roots.includes(name)) throw new KprepError('task', `two sources are called ${name}`);
      roots.push(name);
      await collect(one, name, { entries, follow: options.links === 'follow', above: [] });
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

async function collect(from: string, path: string, walk: Walk): Promise<void> {
  const found = await look(from, walk.follow);
  const base = { path, from, mode: found.mode & 0o7777, mtime: Math.floor(found.mtimeMs / 1000) };
  if (found.isSymbolicLink()) {
    walk.entries.push({ ...base, type: 'link', size: 0, target: await readlink(from) });
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
  for (const name of await list(from)) await collect(join(from, name), `${path}/${name}`, inside);
}

async function look(from: string, follow: boolean) {
  try {
    return await (follow ? stat(from) : lstat(from));
  } catch (error) {
    throw unreadable(from, error);
  }
}

async function list(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).sort();
  } catch (error) {
    throw unreadable(directory, error);
  }
}

function withContents(roots: readonly string[], entries: readonly SourceEntry[]): Sources {
  const kept = new Map<SourceEntry, Buffer>();
  const hashes = new Map<SourceEntry, Promise<string>>();
  let room = KEPT_ALL;
  async function* read(entry: SourceEntry): AsyncGenerator<Buffer> {
    const known = kept.get(entry);
    if (known) {
      yield known;
      return;
    }
    if (entry.size > KEPT_FILE) {
      yield* readLarge(entry);
      return;
    }
    const bytes = await readFile(entry.from).catch((error: Error) => {
      throw unreadable(entry.from, error);
    });
    if (bytes.length !== entry.size) throw changed(entry);
    if (room >= bytes.length && !kept.has(entry)) {
      kept.set(entry, bytes);
      room -= bytes.length;
    }
    yield bytes;
  }
  return {
    roots,
    entries,
    read,
    sha256(entry) {
      const hash = hashes.get(entry) ?? hashOf(read(entry));
      hashes.set(entry, hash);
      return hash;
    },
  };
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
