import { matchHosts } from '../../inventory/index.ts';
import type { Inventory } from '../../model/inventory.ts';
import { KprepError } from '../../shared/errors.ts';
import { nearName } from '../../shared/problem.ts';
import { makeSecrets } from '../../shared/secrets.ts';
import { openInventory } from '../inventory.ts';
import { hostVars, inventoryGraph, inventoryList } from '../inventory-view.ts';
import type { HostOptions, InventoryOptions } from '../options.ts';
import { readVaultPasswords } from '../passwords.ts';
import { toJson } from '../python-text.ts';
import { makeTemplates } from '../templates.ts';
import { type Invocation, UsageError } from './command.ts';

type Given = HostOptions & InventoryOptions;

/** `kprep inventory --graph [GROUP] | --list | --host NAME`: what was read, as ansible-inventory prints it. Dials nothing. */
export async function inventoryCommand({ io, options, words, after }: Invocation): Promise<number> {
  const given = options as Given;
  checkWords(given, words.length + (after?.length ?? 0));
  const secrets = makeSecrets();
  const vaultPasswords = await readVaultPasswords(io, given, secrets);
  const { decrypt } = makeTemplates(io, { playbookDir: io.cwd, lookups: false, vaultPasswords, secrets });
  const opened = await openInventory({ io, options: given, playbookDirs: [io.cwd], decrypt });
  if (opened.status !== undefined) return opened.status;
  io.stdout.write(`${view(opened.inventory, given, words[0] ?? 'all')}\n`);
  return 0;
}

function checkWords({ graph, list, host, vars }: Given, words: number): void {
  if ([graph, list, host !== undefined].filter(Boolean).length !== 1) {
    throw new UsageError('exactly one of --graph, --list and --host NAME is wanted');
  }
  if (words > (graph ? 1 : 0)) throw new UsageError('only --graph takes a word: the group to begin at');
  if (vars && !graph) throw new UsageError('--vars goes with --graph');
}

function view(inventory: Inventory, { list, host, vars }: Given, group: string): string {
  if (list) return toJson(inventoryList(inventory));
  if (host !== undefined) return toJson(hostVars(inventory, oneHost(inventory, host)));
  if (!inventory.groups.has(group)) throw noGroup(group, [...inventory.groups.keys()]);
  return inventoryGraph(inventory, group, { vars: vars === true }).join('\n');
}

function oneHost(inventory: Inventory, pattern: string): string {
  const [name, ...more] = matchHosts(inventory, pattern);
  if (name !== undefined && more.length === 0) return name;
  throw new KprepError(
    'task',
    `--host takes one host; ${pattern} names ${name === undefined ? 'none' : more.length + 1}`,
  );
}

function noGroup(group: string, known: readonly string[]): KprepError {
  const near = nearName(group, known);
  return new KprepError('task', `there is no group ${group}`, near ? { remedy: `did you mean ${near}?` } : {});
}
