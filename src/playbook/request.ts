import type { Inventory, InventoryChanges, MatchHosts } from '../model/inventory.ts';
import type { Registry } from '../model/module.ts';
import type { TemplateEngine } from '../model/template.ts';
import type { Vars } from '../model/value.ts';
import type { Secrets } from '../shared/secrets.ts';
import type { PlaybookFiles } from './files.ts';

/** Defaults from the command line, below what playbook and inventory say (Ansible's order). */
export interface RunOptions {
  readonly user?: string;
  readonly port?: number;
  readonly connectionPassword?: string;
  readonly privateKeys?: readonly string[];
  readonly transport?: 'ssh' | 'openssh' | 'local';
  /** Seconds. */
  readonly connectTimeout?: number;
  readonly become?: boolean;
  readonly becomeUser?: string;
  readonly becomeMethod?: string;
  readonly becomePassword?: string;
  readonly forks?: number;
  readonly verbosity?: number;
}

/** What playbooks and ad-hoc tasks are compiled with; everything outside of the playbook layer is handed in. */
export interface CompileSettings {
  readonly registry: Registry;
  readonly engine: TemplateEngine;
  readonly inventory: Inventory;
  readonly matchHosts: MatchHosts;
  /** The inventory with what `add_host` and `group_by` did. */
  readonly withChanges: (inventory: Inventory, changes: InventoryChanges) => Inventory;
  /** Hosts that `--limit` leaves; undefined: all. */
  readonly limit?: ReadonlySet<string>;
  /** The text of `--limit`, for `ansible_limit`. */
  readonly limitText?: string;
  readonly extraVars?: Vars;
  readonly options?: RunOptions;
  readonly vaultPasswords?: readonly VaultPassword[];
  readonly secrets: Secrets;
  readonly files?: PlaybookFiles;
  /** For `ansible_version` and `kprep_version`. */
  readonly version?: string;
}

export interface VaultPassword {
  readonly id: string;
  readonly password: string;
}

export interface CompileRequest extends CompileSettings {
  /** Playbook files, in the order in which they run. */
  readonly playbooks: readonly string[];
  readonly tags?: readonly string[];
  readonly skipTags?: readonly string[];
  readonly startAt?: string;
  /** Where roles are searched besides `roles/` beside the playbook. */
  readonly rolesPath?: readonly string[];
  /** Asks the operator for a `vars_prompt`; absent (listings, syntax check): the default counts. */
  readonly ask?: (prompt: VarsPrompt) => Promise<string>;
}

export interface VarsPrompt {
  readonly name: string;
  readonly text: string;
  readonly private: boolean;
  readonly confirm: boolean;
  readonly default?: string;
}
