import { basename, extname, join } from 'node:path';
import { plain, textOf } from '../model/coerce.ts';
import { type AnyAction, defineAction } from '../model/module.ts';
import type { Scope, Task } from '../model/plan.ts';
import type { JsonObject, Value, Vars } from '../model/value.ts';
import { KprepError } from '../shared/errors.ts';
import { nearName } from '../shared/problem.ts';
import { compilePythonRegex, type PythonRegex, PythonRegexError } from '../shared/python-regex/index.ts';
import type { ActionCall } from './action.ts';
import { type Compiler, lookupOf } from './compiler.ts';
import { findLocal } from './local-files.ts';
import { checkTemplates, type Site } from './typed.ts';
import { isWritten } from './vars/evaluate.ts';
import { readVars } from './vars/vars-files.ts';

const OPTIONS = [
  'file',
  'dir',
  'name',
  'depth',
  'files_matching',
  'ignore_files',
  'extensions',
  'ignore_unknown_extensions',
];

/** `include_vars`: reads files of this machine, so it is made here and not in the registry. */
const includeVars: AnyAction = defineAction({
  name: 'include_vars',
  summary: 'Reads variables from files of this machine while the run goes on.',
  args: {},
  anyArgs: true,
  run: (_args, all) => ({ facts: all.variables as Vars, result: all.result as JsonObject }),
});

export function includeVarsAction(compiler: Compiler, call: ActionCall, site: Site): Pick<Task, 'run' | 'args'> {
  const options = new Map<string, Value>();
  for (const arg of call.args) {
    const name = arg.name === '_raw_params' ? 'file' : arg.name;
    if (!OPTIONS.includes(name)) {
      const near = nearName(name, OPTIONS);
      compiler.problems.error(`include_vars has no ${name}`, arg.at, near ? `did you mean ${near}?` : undefined);
    }
    options.set(name, arg.value);
    checkTemplates(compiler, arg.value, site.uses);
  }
  if (!options.has('file') && !options.has('dir')) compiler.problems.error('include_vars needs file or dir', call.at);
  noteNames(compiler, options, site);
  return {
    run: includeVars,
    args: async (scope) => ({ args: {}, all: read(compiler, options, { site, scope }) }),
  };
}

/** A file that is known by name defines its names; any other may define whatever it likes. */
function noteNames(compiler: Compiler, options: ReadonlyMap<string, Value>, site: Site): void {
  const file = options.get('file');
  const name = options.get('name');
  if (typeof name === 'string') compiler.names.runtime.add(name);
  if (typeof file !== 'string' || isWritten(file)) {
    compiler.names.open = true;
    return;
  }
  try {
    const vars = readVars(findLocal(compiler, file, 'vars', site.chain), compiler.loader);
    for (const key of Object.keys(vars)) compiler.names.runtime.add(key);
    compiler.names.define(vars);
  } catch (error) {
    if (!(error instanceof KprepError)) throw error;
    compiler.names.open = true;
  }
}

function read(
  compiler: Compiler,
  options: ReadonlyMap<string, Value>,
  where: { readonly site: Site; readonly scope: Scope },
): Vars {
  const lookup = lookupOf(compiler, where.site.chain, where.scope);
  const given = Object.fromEntries([...options].map(([key, value]) => [key, compiler.evaluator.value(value, lookup)]));
  const paths = given.dir === undefined ? [fileOf(compiler, given, where.site)] : filesIn(compiler, given, where.site);
  const merged: Record<string, Value> = {};
  for (const path of paths) Object.assign(merged, readVars(path, compiler.loader));
  const variables: Vars = given.name ? { [textOf(given.name)]: merged } : merged;
  const absolute = paths.map((path) => compiler.files.absolute(path));
  return { variables, result: { ansible_included_var_files: plain(absolute) } };
}

function fileOf(compiler: Compiler, given: Readonly<Record<string, Value>>, site: Site): string {
  return findLocal(compiler, textOf(given.file), 'vars', site.chain);
}

const EXTENSIONS = ['yaml', 'yml', 'json'];

/** Files of a directory, then of those in it down to `depth` (0: all the way), in name order. */
function filesIn(compiler: Compiler, given: Readonly<Record<string, Value>>, site: Site): string[] {
  const root = findLocal(compiler, textOf(given.dir), 'vars', site.chain);
  const depth = Number(given.depth ?? 0);
  const isWanted = chooser(given);
  const isDir = (path: string): boolean => compiler.files.kindOf(path) === 'directory';
  const walk = (dir: string, level: number): string[] => {
    const paths = compiler.files.list(dir).map((name) => join(dir, name));
    const below = depth === 0 || level < depth ? paths.filter(isDir) : [];
    const files = paths.filter((path) => !isDir(path) && isWanted(path));
    return [...files, ...below.flatMap((path) => walk(path, level + 1))];
  };
  return walk(root, 1);
}

/** Which files of a directory are meant. @throws KprepError `task` for one whose extension is not known, as in Ansible. */
function chooser(given: Readonly<Record<string, Value>>): (path: string) => boolean {
  const matching = given.files_matching ? regex(textOf(given.files_matching)) : undefined;
  const ignored = textsOf(given.ignore_files).map((pattern) => regex(`${pattern}$`));
  const extensions = given.extensions === undefined ? EXTENSIONS : textsOf(given.extensions);
  const lenient = given.ignore_unknown_extensions === true;
  return (path) => {
    const name = basename(path);
    if (matching && !matching.search(name)) return false;
    if (ignored.some((pattern) => pattern.search(name))) return false;
    if (extensions.includes(extname(name).slice(1))) return true;
    if (lenient) return false;
    throw new KprepError('task', `${path} does not have a valid extension: ${extensions.join(', ')}`);
  };
}

function textsOf(value: Value | undefined): string[] {
  return value === undefined || value === null ? [] : [value].flat().map(textOf);
}

function regex(pattern: string): PythonRegex {
  try {
    return compilePythonRegex(pattern);
  } catch (error) {
    if (!(error instanceof PythonRegexError)) throw error;
    throw new KprepError('task', `include_vars: ${error.message}`, { cause: error });
  }
}
