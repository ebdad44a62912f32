import { readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** What an `ansible.cfg` beside the playbook says that we honour. */
export interface AnsibleCfg {
  /** Absolute. */
  readonly rolesPath: readonly string[];
  readonly inventory: readonly string[];
  readonly remoteUser?: string;
  /** What else stands there, and an ignored file: to be told. */
  readonly warnings: readonly string[];
}

const NONE: AnsibleCfg = { rolesPath: [], inventory: [], warnings: [] };

/** `roles_path`, `inventory` and `remote_user` are honoured, other settings reported; a file that others could write is ignored, as Ansible does. */
export function readAnsibleCfg(playbookDir: string): AnsibleCfg {
  const path = join(playbookDir, 'ansible.cfg');
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat?.isFile()) return NONE;
  if (((stat.mode | statSync(dirname(path)).mode) & 0o002) !== 0) {
    return { ...NONE, warnings: [`${path} is ignored: everybody can write it or its directory`] };
  }
  const settings = settingsOf(readFileSync(path, 'utf8'));
  const list = (key: string, separator: string): string[] =>
    (settings.get(key) ?? '')
      .split(separator)
      .map((word) => word.trim())
      .filter((word) => word !== '')
      .map((word) => resolve(playbookDir, word));
  const remoteUser = settings.get('defaults.remote_user');
  const others = [...settings.keys()].filter((key) => !HONOURED.has(key)).map((key) => key.replace(/^defaults\./, ''));
  return {
    rolesPath: list('defaults.roles_path', ':'),
    inventory: list('defaults.inventory', ','),
    ...(remoteUser ? { remoteUser } : {}),
    warnings: others.length > 0 ? [`${path}: not read by kprep: ${others.join(', ')}`] : [],
  };
}

const HONOURED: ReadonlySet<string> = new Set(['defaults.roles_path', 'defaults.inventory', 'defaults.remote_user']);

/** As Python's configparser: `key = value` or `key: value` below `[section]`, `#` and `;` begin comments. */
function settingsOf(text: string): Map<string, string> {
  const settings = new Map<string, string>();
  let section = '';
  for (const line of text.split(/\r?\n/)) {
    const header = /^\[([^\]]+)\]/.exec(line)?.[1];
    const pair = /^([A-Za-z_][\w-]*)\s*[=:]\s*(.*)$/.exec(line);
    if (header !== undefined) section = header.trim();
    else if (pair)
      settings.set(`${section}.${pair[1]?.toLowerCase()}`, (pair[2] ?? '').replace(/\s[;#].*$/, '').trim());
  }
  return settings;
}
