import { basename, extname, join } from 'node:path';
import { plain, textOf } from '../model/coerce.ts';
import { type AnyAction, defineAction } from '../model/module.ts';
import type { Scope, Task } from '../model/plan.ts';
import { isMapping, type JsonObject, type Value, type Vars } from '../model/value.ts';
import { KprepError } from '../shared/errors.ts';
import { nearName } from '../shared/problem.ts';
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
export const includeVars: AnyAction = defineAction({
  name: 'include_vars',
  summary: 'Reads variables from files of this machine while the run goes on.',
  args: {},
  anyArgs: true,
  run: (_args, all) => ({ includeVars: all.variables as Vars, result: all.result as JsonObject }),
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
  const shown = isMapping(variables) ? Object.keys(variables) : [];
  return { variables, result: { ansible_included_var_files: plain(absolute), names: shown } };
}

function fileOf(compiler: Compiler, given: Readonly<Record<string, Value>>, site: Site): string {
  return findLocal(compiler, textOf(given.file), 'vars', site.chain);
}

const EXTENSIONS = ['yaml', 'yml', 'json'];

/** Files of a directory and of those in it, down to `depth` (0: all the way), in name order. */
function filesIn(compiler: Compiler, given: Readonly<Record<string, Value>>, site: Site): string[] {
  const root = findLocal(compiler, textOf(given.dir), 'vars', site.chain);
  const depth = Number(given.depth ?? 0);
  const list = (value: Value | undefined): string[] =>
    value === undefined || value === null ? [] : [value].flat().map(textOf);
  const extensions =
    given.extensions === undefined ? EXTENSIONS : list(given.extensions).map((one) => one.replace(/^\./, ''));
  const matching = given.files_matching ? new RegExp(textOf(given.files_matching)) : undefined;
  const ignored = list(given.ignore_files).map((pattern) => new RegExp(pattern));
  const wanted = (path: string): boolean => {
    const name = basename(path);
    if (matching && !matching.test(name)) return false;
    return extensions.includes(extname(name).slice(1)) && !ignored.some((pattern) => pattern.test(name));
  };
  const walk = (dir: string, level: number): string[] =>
    compiler.files.list(dir).flatMap((name) => {
      const path = join(dir, name);
      if (compiler.files.kindOf(path) !== 'directory') return wanted(path) ? [path] : [];
      return depth === 0 || level < depth ? walk(path, level + 1) : [];
    });
  return walk(root, 1);
}
