import { constants } from 'node:fs';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { formatKnownHost, type KnownHost, namesHost, parseKnownHosts } from './known-hosts.ts';

export interface HostKey {
  readonly type: string;
  readonly base64: string;
}

/** The known_hosts files of a run: each read once, what is accepted is in memory at once and appended to the first. */
export interface HostKeyStore {
  /** Lines that name the host, from all of the files. */
  find(files: readonly string[], name: string): Promise<readonly KnownHost[]>;
  /** Appends with one write, so that other writers' lines stay whole. */
  accept(file: string, name: string, key: HostKey, hashed: boolean): Promise<void>;
}

export function makeHostKeyStore(warn: (message: string) => void): HostKeyStore {
  const loaded = new Map<string, Promise<Index>>();
  const load = (file: string): Promise<Index> => {
    const known = loaded.get(file) ?? readIndex(file, warn);
    loaded.set(file, known);
    return known;
  };
  return {
    async find(files, name) {
      const indexes = await Promise.all(files.map(load));
      return indexes.flatMap((index) => index.find(name));
    },
    async accept(file, name, key, hashed) {
      const index = await load(file);
      // Two connections to one host: the line is written once.
      if (index.find(name).some((entry) => entry.key === key.base64 && entry.marker === undefined)) return;
      index.add({ file, line: 0, marker: undefined, names: name, keyType: key.type, key: key.base64 });
      try {
        await append(file, formatKnownHost(name, key, hashed));
      } catch (error) {
        warn(`cannot add the host key of ${name} to ${file}: ${(error as Error).message}`);
      }
    },
  };
}

interface Index {
  find(name: string): readonly KnownHost[];
  add(entry: KnownHost): void;
}

/** Plain names are looked up; hashes and patterns have to be tried one by one. */
function makeIndex(entries: readonly KnownHost[]): Index {
  const exact = new Map<string, KnownHost[]>();
  const others: KnownHost[] = [];
  const index: Index = {
    find: (name) => [...(exact.get(name) ?? []), ...others.filter((entry) => namesHost(entry, name))],
    add(entry) {
      if (/[|*?!]/.test(entry.names)) {
        others.push(entry);
        return;
      }
      for (const name of new Set(entry.names.toLowerCase().split(','))) {
        exact.set(name, [...(exact.get(name) ?? []), entry]);
      }
    },
  };
  for (const entry of entries) index.add(entry);
  return index;
}

async function readIndex(file: string, warn: (message: string) => void): Promise<Index> {
  try {
    return makeIndex(parseKnownHosts(await readFile(file, 'utf8'), file));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') warn(`cannot read ${file}: ${message}`);
    return makeIndex([]);
  }
}

async function append(file: string, line: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const handle = await open(file, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT, 0o600);
  try {
    const { size } = await handle.stat();
    const last = Buffer.alloc(1);
    if (size > 0) await handle.read(last, 0, 1, size - 1);
    const whole = size === 0 || last[0] === 10;
    await handle.write(whole ? line : `\n${line}`);
  } finally {
    await handle.close();
  }
}
