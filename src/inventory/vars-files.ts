import type { Value, Vars } from '../model/value.ts';
import { toValue } from '../model/yaml-value.ts';
import { setOwn } from './draft.ts';
import { makeReporter } from './problems.ts';
import { type ReadContext, readText } from './text-file.ts';
import { parseText } from './yaml-text.ts';

/** The variables in `group_vars/` and `host_vars/` beside some directories, read when a group or host is asked for. */
export interface VarsFiles {
  /** Problems go to the context that it was made with. */
  of(kind: VarsKind, name: string): Vars;
}

export type VarsKind = 'group_vars' | 'host_vars';

const NONE: Vars = Object.freeze({});
const ENDINGS = ['', '.yml', '.yaml', '.json'] as const;

/**
 * As Ansible's `host_group_vars`: of NAME, NAME.yml, NAME.yaml and NAME.json the first counts; a directory stands for all
 * its files in name order. Later directories override earlier ones.
 */
export function makeVarsFiles(directories: readonly string[], context: ReadContext): VarsFiles {
  const dirs = [...new Set([...directories].reverse())].reverse();
  const folders = new Map<string, ReadonlySet<string>>();
  const folder = (path: string): ReadonlySet<string> => {
    const known = folders.get(path) ?? listFolder(path, context);
    folders.set(path, known);
    return known;
  };
  return {
    of(kind, name) {
      if (name.includes('/') || name === '.' || name === '..') return NONE;
      let vars: Record<string, Value> | undefined;
      for (const dir of dirs) {
        const path = `${dir === '/' ? '' : dir}/${kind}`;
        for (const file of filesOf(path, { name, names: folder(path), context })) {
          vars = mergeFile(vars ?? {}, file, context);
        }
      }
      return vars ?? NONE;
    },
  };
}

function listFolder(path: string, { io, problems }: ReadContext): ReadonlySet<string> {
  const kind = io.stat(path);
  if (kind === 'directory') return new Set(io.readDir(path));
  if (kind !== undefined) makeReporter(path, '', problems).warning(undefined, 'this is no directory, and is not read');
  return new Set();
}

interface Wanted {
  readonly name: string;
  readonly names: ReadonlySet<string>;
  readonly context: ReadContext;
}

function filesOf(path: string, { name, names, context }: Wanted): readonly string[] {
  if (names.size === 0) return [];
  const [first, ...others] = ENDINGS.filter((ending) => names.has(name + ending));
  if (first === undefined) return [];
  const found = `${path}/${name}${first}`;
  for (const ending of others) {
    const reporter = makeReporter(`${path}/${name}${ending}`, '', context.problems);
    reporter.warning(undefined, `this file is not read, because ${name}${first} is beside it`);
  }
  return context.io.stat(found) === 'directory' ? filesIn(found, context) : [found];
}

function filesIn(path: string, context: ReadContext): readonly string[] {
  const names = [...context.io.readDir(path)].filter((name) => !name.startsWith('.') && !name.endsWith('~')).sort();
  return names.flatMap((name) => {
    const full = `${path}/${name}`;
    const ending = /[^.](\.[^.]*)$/.exec(name)?.[1] ?? '';
    const kind = context.io.stat(full);
    if (kind === 'directory') return ending === '' ? filesIn(full, context) : [];
    return kind === 'file' && (ENDINGS as readonly string[]).includes(ending) ? [full] : [];
  });
}

function mergeFile(vars: Record<string, Value>, path: string, context: ReadContext): Record<string, Value> {
  const text = readText(path, context);
  if (text === undefined) return vars;
  const { root, problems } = parseText(text, path);
  context.problems.push(...problems);
  if (!root || (root.kind === 'scalar' && root.value === null)) return vars;
  if (root.kind !== 'mapping') {
    makeReporter(path, text, context.problems).error(
      root.at,
      'a file of variables must be a mapping of names to values',
    );
    return vars;
  }
  for (const { key, value } of root.entries) setOwn(vars, String(key.value), toValue(value));
  return vars;
}
