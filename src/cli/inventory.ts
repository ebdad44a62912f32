import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type InventoryFormat, loadInventory, matchHosts } from '../inventory/index.ts';
import type { Inventory } from '../model/inventory.ts';
import { KprepError } from '../shared/errors.ts';
import { type Problem, renderProblem } from '../shared/problem.ts';
import type { Secrets } from '../shared/secrets.ts';
import { printable } from '../shared/text.ts';
import { UsageError } from './commands/command.ts';
import type { Io } from './io.ts';
import type { HostOptions } from './options.ts';

const INPUT = 65;

export interface InventoryRequestOfCli {
  readonly io: Io;
  readonly options: HostOptions;
  readonly playbookDirs: readonly string[];
  readonly decrypt?: (ciphertext: string) => string;
}

/** The inventory that `-i` (or `ANSIBLE_INVENTORY`) names; problems are collected by the caller with those of the playbook. */
export async function readInventory(
  request: InventoryRequestOfCli,
): Promise<{ readonly inventory: Inventory; readonly problems: readonly Problem[] }> {
  const { io, options, playbookDirs, decrypt } = request;
  const sources = options.inventory ?? (io.env.ANSIBLE_INVENTORY ? [io.env.ANSIBLE_INVENTORY] : []);
  if (sources.length === 0) {
    throw new UsageError('no inventory is given', 'name one: -i hosts.ini, or -i "host1,host2,"');
  }
  return await loadInventory({
    sources: sources.map((source) => (source.includes(',') ? source : join(absoluteBase(io, source), source))),
    playbookDirs,
    ...(options['inventory-format'] === undefined ? {} : { format: options['inventory-format'] as InventoryFormat }),
    ...(decrypt ? { decrypt } : {}),
  });
}

function absoluteBase(io: Io, path: string): string {
  return path.startsWith('/') ? '' : io.cwd;
}

/** As `readInventory`, for commands that have no other input: tells every problem and gives the exit status. */
export async function openInventory(
  request: InventoryRequestOfCli,
): Promise<{ readonly inventory: Inventory; readonly status?: undefined } | { readonly status: number }> {
  const { inventory, problems } = await readInventory(request);
  return tellProblems(request.io, problems) ? { status: INPUT } : { inventory };
}

/** Writes every problem to stderr; true where one of them is an error. */
export function tellProblems(io: Io, problems: readonly Problem[], secrets?: Secrets): boolean {
  for (const problem of problems) {
    const text = renderProblem(problem);
    io.stderr.write(`${printable(secrets ? secrets.redact(text) : text)}\n`);
  }
  const errors = problems.filter(({ level }) => level === 'error').length;
  if (errors > 0) io.stderr.write(`kprep: ${errors} problem${errors === 1 ? '' : 's'} found; no host was contacted\n`);
  return errors > 0;
}

/**
 * The hosts of a pattern that `--limit` leaves.
 * @throws KprepError `task` where none is left, unless `--allow-empty`.
 */
export function selectHosts(request: {
  readonly io: Io;
  readonly options: HostOptions;
  readonly inventory: Inventory;
  readonly hosts: readonly string[];
}): readonly string[] {
  const { options, hosts } = request;
  const limit = limitOf(request);
  const left = limit ? hosts.filter((host) => limit.has(host)) : hosts;
  if (left.length === 0 && !options['allow-empty']) {
    throw new KprepError('task', 'no host matches', {
      remedy: 'see what there is: kprep hosts all -i …, or use --allow-empty',
    });
  }
  return left;
}

/** The hosts that `--limit` allows; undefined: all. `@file` holds one name or pattern a line. */
export function limitOf(request: {
  readonly io: Io;
  readonly options: HostOptions;
  readonly inventory: Inventory;
}): ReadonlySet<string> | undefined {
  const { io, options, inventory } = request;
  if (options.limit === undefined) return undefined;
  const parts = options.limit.flatMap((part) => (part.startsWith('@') ? linesOf(io, part.slice(1)) : [part]));
  return new Set(matchHosts(inventory, parts.join(',')));
}

function linesOf(io: Io, path: string): string[] {
  try {
    return readFileSync(join(absoluteBase(io, path), path), 'utf8')
      .split('\n')
      .map((line) => line.replace(/#.*/, '').trim())
      .filter((line) => line !== '');
  } catch (error) {
    throw new KprepError('task', `cannot read the limit file ${path}: ${(error as Error).message}`, { cause: error });
  }
}
