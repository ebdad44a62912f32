import type { Inventory } from '../model/inventory.ts';
import type { Problem } from '../shared/problem.ts';
import { type Draft, makeDraft } from './draft.ts';
import { finishInventory } from './finish.ts';
import type { InventoryFormat } from './format.ts';
import { type InventoryIo, nodeIo } from './io.ts';
import { readSource } from './source.ts';
import { makeVarsFiles } from './vars-files.ts';

export interface InventoryRequest {
  /** Each a file, a directory, an executable, or hosts with a comma (`h1,h2,`). */
  readonly sources: readonly string[];
  /** Reads every file as this format. */
  readonly format?: InventoryFormat;
  /** Directories whose `group_vars/` and `host_vars/` become `playbookVars`. */
  readonly playbookDirs?: readonly string[];
  readonly io?: InventoryIo;
  /** Opens files that are an Ansible Vault as a whole. */
  readonly decrypt?: (ciphertext: string) => string;
}

/** What came of reading. With a problem of level `error` the inventory lacks something, and nothing may be dialled. */
export interface Loaded {
  readonly inventory: Inventory;
  readonly problems: readonly Problem[];
}

/** Reads all sources into one inventory. Never throws for what is wrong in them: every problem is collected. */
export async function loadInventory(request: InventoryRequest): Promise<Loaded> {
  const { io = nodeIo, decrypt, format } = request;
  const draft: Draft = makeDraft();
  const context = { io, problems: draft.problems, ...(decrypt ? { decrypt } : {}) };
  const dirs: string[] = [];
  const sources: string[] = [];
  for (const given of request.sources) {
    const isList = given.includes(',') && io.stat(given) === undefined;
    const source = isList ? given : io.absolute(given);
    const dir = await readSource(source, { ...context, draft, isList, ...(format ? { format } : {}) });
    if (dir !== undefined) dirs.push(dir);
    sources.push(source);
  }
  const beside = makeVarsFiles(dirs, context);
  const playbook = makeVarsFiles((request.playbookDirs ?? []).map(io.absolute), context);
  const inventory = finishInventory(draft, { sources, files: { beside, playbook, problems: draft.problems } });
  return { inventory, problems: [...draft.problems] };
}
