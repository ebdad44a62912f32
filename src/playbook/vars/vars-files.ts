import { isAbsolute, join } from 'node:path';
import type { Lookup } from '../../model/template.ts';
import type { Vars } from '../../model/value.ts';
import { KprepError } from '../../shared/errors.ts';
import type { PlaybookFiles } from '../files.ts';
import { type Loader, varsOf } from '../load.ts';
import type { PlayVars, VarsFileEntry } from './chain.ts';
import type { Evaluator } from './evaluate.ts';

export interface VarsFileSources {
  readonly loader: Loader;
  readonly files: PlaybookFiles;
  readonly evaluator: Evaluator;
}

/**
 * The variables of a play's `vars_files` for one host, the strongest (the last named) first. Of alternatives the first
 * that exists counts. Before facts are known, an entry whose name needs them is left out, as Ansible does.
 * @throws KprepError `template` or `task`.
 */
export function readVarsFiles(
  play: PlayVars,
  lookup: Lookup,
  options: VarsFileSources & { readonly lenient: boolean },
): readonly Vars[] {
  const found: Vars[] = [];
  for (const entry of play.files) {
    const vars = readEntry(entry, play, lookup, options);
    if (vars) found.unshift(vars);
  }
  return found;
}

function readEntry(
  entry: VarsFileEntry,
  play: PlayVars,
  lookup: Lookup,
  options: VarsFileSources & { readonly lenient: boolean },
): Vars | undefined {
  const names: string[] = [];
  for (const alternative of entry.alternatives) {
    const name = nameOf(alternative, lookup, options);
    if (name === undefined) return undefined;
    names.push(name);
    const path = findVarsFile(name, play.dir, options.files);
    if (path !== undefined) return readVars(path, options.loader);
  }
  throw new KprepError('task', `${entry.at.file}:${entry.at.line}: no vars file ${names.join(' or ')} was found`);
}

function nameOf(
  alternative: VarsFileEntry['alternatives'][number],
  lookup: Lookup,
  options: VarsFileSources & { readonly lenient: boolean },
): string | undefined {
  try {
    return String(options.evaluator.value(alternative, lookup));
  } catch (error) {
    if (options.lenient && error instanceof KprepError && error.kind === 'template') return undefined;
    throw error;
  }
}

/** In `vars/` beside the playbook, then beside it. */
export function findVarsFile(name: string, dir: string, files: PlaybookFiles): string | undefined {
  const places = isAbsolute(name) ? [name] : [join(dir, 'vars', name), join(dir, name)];
  return places.find((path) => files.kindOf(path) === 'file');
}

/** @throws KprepError `task` when the file is no mapping. */
export function readVars(path: string, loader: Loader): Vars {
  const { root, problems } = loader.read(path);
  const problem = problems.find(({ level }) => level === 'error');
  if (problem) {
    const where = problem.at ? `${problem.at.file}:${problem.at.line}:${problem.at.column}: ` : '';
    throw new KprepError('task', `${where}${problem.message}`);
  }
  const vars = varsOf(root);
  if (!vars) throw new KprepError('task', `${path}: a vars file holds a mapping of names to values`);
  return vars;
}
