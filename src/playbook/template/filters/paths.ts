import { realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path/posix';
import type { LookupHost } from '../../../model/template.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { str } from '../runtime/text.ts';
import { Fault, type Py, sequenceItems, Tuple, typeName, Undefined } from '../runtime/values.ts';
import { type Builtins, wantText } from './builtin.ts';

/** Paths, as Python's `os.path` has them on a POSIX system. */
export const pathFilters: Builtins = {
  basename: ['path', (_, path) => baseName(wantText(path, 'basename'))],
  dirname: ['path', (_, path) => dirName(wantText(path, 'dirname'))],
  expanduser: ['path', (runtime, path) => expandUser(runtime, wantText(path, 'expanduser'))],
  expandvars: ['path', (runtime, path) => expandVars(runtime, wantText(path, 'expandvars'))],
  fileglob: [
    'pathname',
    (runtime, path) => [...host(runtime, 'fileglob').glob(wantText(path, 'fileglob'), runtime.unit.at)],
  ],
  path_join: ['paths', (_, paths) => joinPaths(paths)],
  realpath: ['path', (runtime, path) => host(runtime, 'realpath') && realPath(wantText(path, 'realpath'))],
  relpath: ['path start?', (runtime, path, start) => relPath(runtime, wantText(path, 'relpath'), start)],
  splitext: ['path', (_, path) => splitExtension(wantText(path, 'splitext'))],
};

/** What filters and lookups may do on this machine. @throws Fault where that is nothing. */
export function host(runtime: Runtime, what: string): LookupHost {
  const { host: found } = runtime.services;
  if (!found) throw new Fault(`${what} looks at this machine, which is not done here`);
  return found;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function dirName(path: string): string {
  const head = path.slice(0, path.lastIndexOf('/') + 1);
  return /^\/+$/.test(head) ? head : head.replace(/\/+$/, '');
}

function splitExtension(path: string): Tuple {
  const [, root = '', extension = ''] = /^((?:.*\/)?\.*[^/]*?)(\.[^./]*)?$/s.exec(path) ?? [];
  const name = baseName(root);
  return name === '' || /^\.+$/.test(name) ? new Tuple([path, '']) : new Tuple([root, extension]);
}

/** Python's `os.path.join`: an absolute part begins anew. */
export function joinPaths(paths: Py): string {
  if (paths instanceof Undefined) return paths.fail();
  if (typeof paths === 'string') return paths;
  const parts = sequenceItems(paths)?.map((part) => wantText(part, 'path_join'));
  if (!parts) throw new Fault(`path_join wants a string or a list, not ${typeName(paths)}`);
  return parts.reduce((path, part) => {
    if (part.startsWith('/')) return part;
    return path === '' || path.endsWith('/') ? path + part : `${path}/${part}`;
  });
}

function expandUser(runtime: Runtime, path: string): string {
  if (!path.startsWith('~')) return path;
  const [, user = '', rest = ''] = /^~([^/]*)(.*)$/s.exec(path) ?? [];
  if (user !== '') return path;
  const home = host(runtime, 'expanduser').env('HOME');
  return home === undefined ? path : home.replace(/\/+$/, '') + rest || '/';
}

function expandVars(runtime: Runtime, path: string): string {
  return path.replace(/\$(?:(\w+)|\{([^}]*)\})/g, (whole, plain?: string, braced?: string) => {
    return host(runtime, 'expandvars').env(plain ?? braced ?? '') ?? whole;
  });
}

/** Links followed as far as the path exists; what does not exist is only made absolute. */
function realPath(path: string): string {
  const wanted = resolve(path);
  for (let there = wanted; ; there = dirname(there)) {
    try {
      return join(realpathSync(there), relative(there, wanted));
    } catch {
      if (there === '/') return wanted;
    }
  }
}

function relPath(runtime: Runtime, path: string, start: Py): string {
  if (path === '') throw new Fault('relpath wants a path');
  const from = start === undefined ? '.' : str(start);
  if (!isAbsolute(path) || !isAbsolute(from)) host(runtime, 'relpath of a relative path');
  return relative(resolve(from), resolve(path)) || '.';
}
