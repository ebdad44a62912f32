import { existsSync, lstatSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path/posix';
import type { Builtin, Builtins } from '../filters/builtin.ts';
import { host } from '../filters/paths.ts';
import { equal, iterate, truth } from '../runtime/compare.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { str } from '../runtime/text.ts';
import { dictGet, Fault, isDict, keyOf, type Py, Undefined } from '../runtime/values.ts';
import { versionHolds } from './version.ts';

const failed: Builtin = ['result', (_, result) => flag(result, 'failed')];
const succeeded: Builtin = ['result', (_, result) => !flag(result, 'failed')];
const changed: Builtin = ['result', (_, result) => hasChanged(result)];
const skipped: Builtin = ['result', (_, result) => flag(result, 'skipped')];
const subset: Builtin = ['a b', (_, a, b) => isSubset(a, b)];
const superset: Builtin = ['a b', (_, a, b) => isSubset(b, a)];
const version: Builtin = [
  'value version operator? strict? version_type?',
  (_, value, other, operator, strict, type) => versionHolds({ value, other, operator, strict, type }),
];
const isFile = fileTest((path) => statSync(path).isFile());
const isDirectory = fileTest((path) => statSync(path).isDirectory());
const isLink = fileTest((path) => lstatSync(path).isSymbolicLink());
const isMount = fileTest(mounted);
const absolute: Builtin = ['path', (_, path) => isAbsolute(str(path))];

/** Ansible's tests: of results, sets, versions and files of this machine. */
export const ansibleTests: Builtins = {
  abs: absolute,
  change: changed,
  changed,
  directory: isDirectory,
  exists: fileTest((path) => existsSync(path)),
  failed,
  failure: failed,
  file: isFile,
  finished: ['result', (_, result) => state(result, 'finished')],
  is_abs: absolute,
  is_dir: isDirectory,
  is_file: isFile,
  is_link: isLink,
  is_mount: isMount,
  is_same_file: ['path other', sameFile],
  issubset: subset,
  issuperset: superset,
  link: isLink,
  link_exists: fileTest((path) => lstatSync(path) !== undefined),
  mount: isMount,
  reachable: ['result', (_, result) => !flag(result, 'unreachable')],
  same_file: ['path other', sameFile],
  skip: skipped,
  skipped,
  started: ['result', (_, result) => state(result, 'started')],
  subset,
  succeeded,
  success: succeeded,
  successful: succeeded,
  superset,
  unreachable: ['result', (_, result) => flag(result, 'unreachable')],
  vault_encrypted: ['value', () => false],
  version,
  version_compare: version,
};

function member(result: Py, key: string): Py {
  if (result instanceof Undefined) return result.fail();
  if (!isDict(result)) throw new Fault(`the '${key}' test expects a dictionary, as a registered result is`);
  return dictGet(result, key);
}

function flag(result: Py, key: string): boolean {
  return truth(member(result, key) ?? false);
}

/** Of a loop: whether any item changed. */
function hasChanged(result: Py): boolean {
  const own = member(result, 'changed');
  if (own !== undefined) return truth(own);
  const results = member(result, 'results');
  return (
    Array.isArray(results) &&
    isDict(results[0]) &&
    results.some((one) => isDict(one) && truth(dictGet(one, 'changed') ?? false))
  );
}

/** Of a task that is not asynchronous both hold. */
function state(result: Py, key: string): boolean {
  const value = member(result, key);
  return value === undefined || equal(value, 1);
}

function isSubset(a: Py, b: Py): boolean {
  const all = new Set(iterate(b).map(keyOf));
  return iterate(a).every((item) => all.has(keyOf(item)));
}

/** A look at this machine's files. A path that does not exist is none of them. */
function fileTest(look: (path: string) => boolean): Builtin {
  return [
    'path',
    (runtime, path) => {
      host(runtime, 'a test of files');
      if (path instanceof Undefined) return path.fail();
      try {
        return look(str(path));
      } catch {
        return false;
      }
    },
  ];
}

function mounted(path: string): boolean {
  if (lstatSync(path).isSymbolicLink()) return false;
  const [here, above] = [lstatSync(path), lstatSync(join(path, '..'))];
  return here.dev !== above.dev || here.ino === above.ino || dirname(path) === path;
}

function sameFile(runtime: Runtime, path: Py, other: Py): boolean {
  host(runtime, 'a test of files');
  const look = (one: Py) => {
    try {
      return statSync(str(one));
    } catch {
      throw new Fault(`there is no file ${str(one)}`);
    }
  };
  const [a, b] = [look(path), look(other)];
  return a.dev === b.dev && a.ino === b.ino;
}
