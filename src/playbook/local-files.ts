import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import type { LocalFile } from '../model/args.ts';
import { contentOf } from '../model/content.ts';
import { KprepError } from '../shared/errors.ts';
import { isVault, VaultError } from '../shared/vault.ts';
import type { Compiler } from './compiler.ts';
import type { VarChain } from './vars/chain.ts';
import { searchPath } from './vars/magic.ts';

/**
 * A file or directory that a task names, as Ansible finds it: in `files` (or `templates`) of the role, of the roles that
 * brought it, beside the task's file and beside the playbook, each time before the same place without that folder.
 * @throws KprepError `task` that lists where it was looked for.
 */
export function findLocal(
  compiler: Compiler,
  name: string,
  folder: 'files' | 'templates' | 'vars',
  chain: VarChain,
): string {
  const places = candidates(name, folder, chain);
  const found = places.find((path) => compiler.files.kindOf(path) !== undefined);
  if (found !== undefined) return found;
  throw new KprepError('task', `there is no file ${name} on this machine`, {
    remedy: `looked for ${places.join(', ')}`,
  });
}

function candidates(name: string, folder: string, chain: VarChain): string[] {
  if (name.startsWith('~/')) return [join(homedir(), name.slice(2))];
  if (isAbsolute(name)) return [name];
  const dirs = searchPath(chain).flatMap((dir) => (dir.endsWith('/tasks') ? [dirname(dir), dir] : [dir]));
  return [...new Set(dirs.flatMap((dir) => [join(dir, folder, name), join(dir, name)]))];
}

/** @throws KprepError `task`. */
export async function readLocal(
  compiler: Compiler,
  name: string,
  options: { readonly chain: VarChain; readonly decrypt: boolean },
): Promise<LocalFile> {
  const path = findLocal(compiler, name, 'files', options.chain);
  const file = await readOrRefuse(compiler, path);
  const read = options.decrypt ? decrypted(compiler, file) : file;
  return name.endsWith('/') ? { ...read, trailingSlash: true } : read;
}

async function readOrRefuse(compiler: Compiler, path: string): Promise<LocalFile> {
  try {
    return await compiler.files.local(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new KprepError('task', `${path} on this machine cannot be read: ${reason}`, { cause: error });
  }
}

function decrypted(compiler: Compiler, file: LocalFile): LocalFile {
  if (file.entries) return { ...file, entries: file.entries.map((entry) => decrypted(compiler, entry)) };
  const bytes = file.content?.bytes;
  if (!bytes?.subarray(0, 15).equals(VAULT_MARK)) return file;
  const text = bytes.toString('latin1');
  if (!isVault(text)) return file;
  try {
    return { ...file, content: contentOf(compiler.loader.decryptBytes(text), file.path) };
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    throw new KprepError('task', `${file.path}: ${error.message}`, { cause: error });
  }
}

const VAULT_MARK = Buffer.from('$ANSIBLE_VAULT;', 'latin1');
