import { createHash } from 'node:crypto';
import { createReadStream, readdirSync, readFileSync, statSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { LocalFile } from '../model/args.ts';
import { type Content, contentOf } from '../model/content.ts';

/** What the compiler reads of this machine. Relative paths are relative to the working directory. */
export interface PlaybookFiles {
  /** @throws Error with a plain message when the file cannot be read. */
  readText(path: string): string;
  kindOf(path: string): 'file' | 'directory' | undefined;
  /** Names in a directory, sorted. */
  list(path: string): readonly string[];
  absolute(path: string): string;
  /** A file with its content, or a directory with its entries, all the way down. @throws Error when one cannot be read. */
  local(path: string): Promise<LocalFile>;
}

/** Larger files are streamed from disk when they are sent. */
const IN_MEMORY = 4 * 1024 * 1024;

/** The real file system. Unchanged files are read once however often they are asked for. */
export function makePlaybookFiles(): PlaybookFiles {
  const contents = new Map<string, { readonly stamp: string; readonly content: Promise<Content> }>();
  const contentAt = (path: string, size: number, stamp: string): Promise<Content> => {
    const known = contents.get(path);
    if (known?.stamp === stamp) return known.content;
    const content = size <= IN_MEMORY ? inMemory(path) : onDisk(path, size);
    contents.set(path, { stamp, content });
    return content;
  };
  const local = async (path: string): Promise<LocalFile> => {
    const info = await stat(path);
    const base = { path: resolve(path), name: basename(path), mode: info.mode & 0o7777 };
    if (info.isDirectory()) {
      const names = (await readdir(path)).sort();
      return { ...base, entries: await Promise.all(names.map((name) => local(join(path, name)))) };
    }
    if (!info.isFile()) throw new Error(`${path} is no ordinary file`);
    return { ...base, content: await contentAt(base.path, info.size, `${info.size}:${info.mtimeMs}:${info.ino}`) };
  };
  return { readText, kindOf, list: (path) => readdirSync(path).sort(), absolute: (path) => resolve(path), local };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\ufeff/, '');
  } catch (error) {
    throw new Error(explainRead(path, error), { cause: error });
  }
}

function explainRead(path: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT') return `there is no file ${path}`;
  if (code === 'EACCES') return `${path} may not be read`;
  if (code === 'EISDIR') return `${path} is a directory`;
  return `${path} cannot be read (${code || String(error)})`;
}

function kindOf(path: string): 'file' | 'directory' | undefined {
  const info = statSync(path, { throwIfNoEntry: false });
  if (!info) return undefined;
  return info.isDirectory() ? 'directory' : 'file';
}

async function inMemory(path: string): Promise<Content> {
  return contentOf(await readFile(path), path);
}

async function onDisk(path: string, size: number): Promise<Content> {
  const sha256 = createHash('sha256');
  const sha1 = createHash('sha1');
  for await (const chunk of createReadStream(path)) {
    sha256.update(chunk as Buffer);
    sha1.update(chunk as Buffer);
  }
  return {
    size,
    sha256: sha256.digest('hex'),
    sha1: sha1.digest('hex'),
    stream: () => createReadStream(path),
    origin: path,
  };
}
