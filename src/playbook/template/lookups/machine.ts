import type { LookupHost } from '../../../model/template.ts';
import { host as hostOf, joinPaths } from '../filters/paths.ts';
import { truth } from '../runtime/compare.ts';
import { Frame } from '../runtime/frame.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { splitLines, stripped } from '../runtime/string-methods.ts';
import { str } from '../runtime/text.ts';
import { dictEntries, dictGet, Fault, isDict, type Py, sequenceItems, Undefined } from '../runtime/values.ts';
import { passwordLookup } from './password.ts';
import type { Lookup, Options } from './types.ts';

/** Lookups that ask this machine. */
export const machineLookups: Readonly<Record<string, Lookup>> = {
  env: environment,
  file: (runtime, terms, options) => terms.map((term) => fileText(runtime, str(term), options)),
  fileglob: (runtime, terms) => terms.flatMap((term) => [...host(runtime).glob(str(term), runtime.unit.at)]),
  first_found: firstFound,
  lines: (runtime, terms) => terms.flatMap((term) => splitLines(host(runtime).pipe(str(term)))),
  password: passwordLookup,
  pipe: (runtime, terms) => terms.map((term) => stripped(host(runtime).pipe(str(term)), undefined, 'right')),
  template: (runtime, terms, options) => terms.map((term) => templateText(runtime, str(term), options)),
};

function host(runtime: Runtime): LookupHost {
  return hostOf(runtime, 'a lookup');
}

function environment(runtime: Runtime, terms: readonly Py[], options: Options): readonly Py[] {
  const otherwise = options.has('default') ? options.get('default') : '';
  return terms.map((term) => {
    const name = str(term).trim().split(/\s+/)[0] ?? '';
    const value = host(runtime).env(name) ?? otherwise;
    return value instanceof Undefined ? new Undefined(`the environment has no variable ${name}`, name).fail() : value;
  });
}

function fileText(runtime: Runtime, path: string, options: Options): string {
  const text = host(runtime).readFile(path, runtime.unit.at);
  const left = truth(options.get('lstrip') ?? false) ? stripped(text, undefined, 'left') : text;
  return truth(options.get('rstrip') ?? true) ? stripped(left, undefined, 'right') : left;
}

/** The first file that exists. */
function firstFound(runtime: Runtime, terms: readonly Py[], options: Options): readonly Py[] {
  const search = candidates(terms, options);
  for (const path of search.paths) {
    const found = host(runtime).findFile(path, 'files', runtime.unit.at);
    if (found !== undefined) return [found];
  }
  if (search.skip) return [];
  throw new Fault(`first_found found none of ${search.paths.join(', ') || 'no files at all'}`);
}

interface Search {
  readonly paths: readonly string[];
  readonly skip: boolean;
}

function candidates(terms: readonly Py[], options: Options): Search {
  let skip = truth(options.get('skip') ?? false);
  let paths: readonly string[] = [];
  const add = (more: readonly string[]) => {
    paths = [...paths, ...more];
  };
  if (terms.length === 0 && options.has('files')) add(combined(options, undefined));
  for (const term of terms) {
    const nested = sequenceItems(term);
    if (nested) {
      const inner = candidates(nested, options);
      add(inner.paths);
      skip = inner.skip;
    } else if (isDict(term)) {
      add(combined(new Map(dictEntries(term).map(([key, value]) => [str(key), value])), undefined));
      skip = truth(dictGet(term, 'skip') ?? false);
    } else {
      add(combined(options, str(term)));
    }
  }
  return { paths, skip };
}

/** Each file in each folder; a plain term alone is a file. */
function combined(options: Options, term: string | undefined): readonly string[] {
  const files = words(options.get('files'), /[,;]/);
  const folders = words(options.get('paths'), /[,:;]/);
  if (folders.length > 0)
    return folders.flatMap((folder) =>
      (files.length > 0 ? files : words(term, /(?!)/)).map((file) => joinPaths([folder, file])),
    );
  return files.length > 0 ? files : term === undefined ? [] : [term];
}

function words(value: Py, separator: RegExp): string[] {
  if (value === undefined || value === null) return [];
  const items = sequenceItems(value) ?? [value];
  return items.flatMap((item) => str(item).split(separator)).filter(Boolean);
}

/** A template file as text, with variables of its own. */
function templateText(runtime: Runtime, name: string, options: Options): string {
  const { load } = runtime.services;
  const unit = load?.(name, runtime.unit.at);
  if (!unit) throw new Fault(`the template ${name} was not found`);
  const extra = options.get('template_vars');
  const inner: Runtime = { ...runtime, mode: 'text', blocks: new Map(), unit };
  const frame = new Frame(inner);
  if (extra !== undefined && isDict(extra))
    for (const [key, value] of dictEntries(extra)) frame.vars.set(str(key), value);
  return unit.render(frame);
}
