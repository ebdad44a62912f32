import { loadInventory } from '../../../src/inventory/index.ts';
import type { InventoryIo } from '../../../src/inventory/io.ts';
import type { InventoryRequest } from '../../../src/inventory/load.ts';
import type { Inventory } from '../../../src/model/inventory.ts';
import { type Problem, renderProblem } from '../../../src/shared/problem.ts';

/** Files by absolute path. A function is a program: it is given its arguments and gives what it prints. */
type Files = Readonly<Record<string, string | Uint8Array | ((args: readonly string[]) => string)>>;

interface MemoryIo extends InventoryIo {
  /** Every path that was read. */
  readonly reads: string[];
}

function memoryIo(files: Files): MemoryIo {
  const paths = Object.keys(files);
  const reads: string[] = [];
  const isDirectory = (path: string): boolean => paths.some((file) => file.startsWith(`${path === '/' ? '' : path}/`));
  return {
    reads,
    readFile: (path) => {
      const file = files[path];
      if (file === undefined) throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' });
      reads.push(path);
      if (typeof file === 'function') return Buffer.from('#!/bin/sh\n');
      return typeof file === 'string' ? Buffer.from(file) : file;
    },
    readDir: (path) => [
      ...new Set(paths.filter((file) => file.startsWith(`${path}/`)).map((file) => firstName(file, path))),
    ],
    stat: (path) => (files[path] !== undefined ? 'file' : isDirectory(path) ? 'directory' : undefined),
    isExecutable: (path) => typeof files[path] === 'function',
    run: async (program, args) => {
      const file = files[program];
      if (typeof file !== 'function') throw new Error(`${program} is no program`);
      return file(args);
    },
    absolute: (path) => (path.startsWith('/') ? path : `/${path}`),
  };
}

function firstName(file: string, directory: string): string {
  return file.slice(directory.length + 1).split('/')[0] ?? '';
}

interface Read {
  readonly inventory: Inventory;
  readonly problems: readonly Problem[];
  /** Problems as the command line shows them. */
  readonly told: readonly string[];
  readonly io: MemoryIo;
}

/** Loads files of memory; the sources are the first file, unless named. */
export async function load(files: Files, request: Partial<InventoryRequest> = {}): Promise<Read> {
  const io = memoryIo(files);
  const sources = request.sources ?? Object.keys(files).slice(0, 1);
  const { inventory, problems } = await loadInventory({ ...request, sources, io });
  return { inventory, problems, told: problems.map(renderProblem), io };
}

/** The hosts of each group that has some, but `all` and `ungrouped`. */
export function groupsOf(inventory: Inventory): Record<string, readonly string[]> {
  const groups = [...inventory.groups.values()].filter(({ name }) => name !== 'all' && name !== 'ungrouped');
  return Object.fromEntries(groups.map(({ name, hosts }) => [name, hosts]));
}

/** The variables of a host without those that tell where it is written. */
export function varsOf(inventory: Inventory, host: string): Record<string, unknown> {
  const { inventory_file: _file, inventory_dir: _dir, ...vars } = inventory.hosts.get(host)?.vars ?? {};
  return vars;
}
