import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { LookupHost } from '../model/template.ts';
import { KprepError } from '../shared/errors.ts';
import type { Position } from '../shared/problem.ts';
import type { Io } from './io.ts';

type Folder = 'files' | 'templates' | 'vars' | '';

/**
 * What lookups may do on this machine. Files are searched as Ansible does: the role's folder of that kind, the role, the
 * folder beside the tasks, the tasks' own folder, then the same beside the playbook.
 */
export function makeLookups(io: Io, playbookDir: string): LookupHost {
  const find = (path: string, folder: Folder, from?: Position): string | undefined =>
    placesFor(path, folder, { playbookDir, from }).find(
      (place) => statSync(place, { throwIfNoEntry: false }) !== undefined,
    );
  return {
    env: (name) => io.env[name],
    findFile: find,
    readFile(path, from) {
      const found = find(path, 'files', from);
      if (found === undefined) throw new KprepError('template', `lookup: there is no file ${path}`);
      return readFileSync(found, 'utf8');
    },
    glob(pattern, from) {
      const dir = find(dirname(pattern), 'files', from);
      if (dir === undefined) return [];
      const wanted = globPattern(basename(pattern));
      return readdirSync(dir)
        .filter((name) => wanted.test(name))
        .map((name) => join(dir, name))
        .filter((path) => statSync(path).isFile())
        .sort();
    },
    pipe: (command) => pipe(command, playbookDir),
    now: io.now,
    random: io.random,
  };
}

/** `*`, `?` and `[…]` as in fnmatch(3) with FNM_PERIOD: a leading dot is matched only by a dot. */
function globPattern(pattern: string): RegExp {
  const body = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replace(/\[!/g, '[^')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${pattern.startsWith('.') ? '' : '(?!\\.)'}${body}$`, 's');
}

function placesFor(
  path: string,
  folder: Folder,
  { playbookDir, from }: { playbookDir: string; from: Position | undefined },
): string[] {
  if (path.startsWith('/')) return [path];
  const tasksDir = from ? resolve(dirname(from.file)) : playbookDir;
  const role = /^(.*\/roles\/[^/]+)\/[^/]+(\/.*)?$/.exec(`${tasksDir}/`)?.[1];
  const dirs = [...(role ? [role] : []), tasksDir, playbookDir];
  return [
    ...new Set(dirs.flatMap((dir) => (folder === '' ? [join(dir, path)] : [join(dir, folder, path), join(dir, path)]))),
  ];
}

/** The command is the operator's own text, as it stands in the playbook; what hosts say never gets here. */
function pipe(command: string, cwd: string): string {
  try {
    const output = execFileSync('/bin/sh', ['-c', command], {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 1 << 26,
    });
    return output.replace(/\r?\n$/, '');
  } catch (error) {
    throw new KprepError('template', `lookup: the command ${JSON.stringify(command)} failed`, { cause: error });
  }
}
