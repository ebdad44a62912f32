import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isMapping, type Value } from '../model/value.ts';
import { toValue } from '../model/yaml-value.ts';
import { type Problem, renderProblem } from '../shared/problem.ts';
import { parseYaml } from '../shared/yaml/parse.ts';
import { UsageError } from './commands/command.ts';
import type { Io } from './io.ts';
import type { OptionRow } from './options.ts';

const CONFIG_FILE = 'kprep.config.yaml';

type Rows = Readonly<Record<string, OptionRow>>;

export interface Settings {
  readonly options: Readonly<Record<string, unknown>>;
  /** To be told before the run: an ignored file, an unknown key. */
  readonly warnings: readonly string[];
}

/** Command line over environment (`KPREP_<NAME>`) over configuration file over default. @throws UsageError for wrong values. */
export function resolveSettings(io: Io, rows: Rows, given: Readonly<Record<string, unknown>>): Settings {
  const warnings: string[] = [];
  const file = configFile(io, warnings);
  const options: Record<string, unknown> = {};
  for (const [name, row] of Object.entries(rows)) {
    const variable = `KPREP_${name.toUpperCase().replaceAll('-', '_')}`;
    const fromEnv = io.env[variable];
    if (given[name] !== undefined) options[name] = given[name];
    else if (fromEnv !== undefined && fromEnv !== '') options[name] = convert(row, fromEnv, variable);
    else if (file[name] !== undefined && row.fromFile !== false)
      options[name] = convert(row, file[name], `${CONFIG_FILE}: ${name}`);
    else options[name] = row.default ?? (row.type === 'count' ? 0 : undefined);
  }
  return { options, warnings };
}

function convert(row: OptionRow, value: unknown, from: string): unknown {
  switch (row.type) {
    case 'array':
      return Array.isArray(value) ? value.map(String) : String(value).split(row.alias === 'e' ? '\0' : ',');
    case 'boolean':
      return toBoolean(value, from);
    case 'number':
    case 'count':
      if (!Number.isFinite(Number(value))) throw new UsageError(`${from} takes a number, not ${String(value)}`);
      return Number(value);
    default:
      if (row.choices && !row.choices.includes(String(value))) {
        throw new UsageError(`${from}: ${String(value)} is not one of ${row.choices.join(', ')}`);
      }
      return String(value);
  }
}

function toBoolean(value: unknown, from: string): boolean {
  const word = String(value).toLowerCase();
  if (['1', 'true', 'yes', 'on'].includes(word)) return true;
  if (['0', 'false', 'no', 'off'].includes(word)) return false;
  throw new UsageError(`${from} takes yes or no, not ${word}`);
}

/** The nearest file upwards; one that others could have written is not obeyed (they could point us at their hosts). */
function configFile(io: Io, warnings: string[]): Readonly<Record<string, Value>> {
  const path = findUpwards(io.cwd);
  if (path === undefined) return {};
  if (othersCanWrite(path, io.uid) || othersCanWrite(dirname(path), io.uid)) {
    warnings.push(`${path} is ignored: others can write it or its directory`);
    return {};
  }
  const { root, problems } = parseYaml(readFileSync(path, 'utf8'), path);
  const errors = problems.filter((problem: Problem) => problem.level === 'error');
  if (errors.length > 0) throw new UsageError(errors.map(renderProblem).join('\n'));
  const value = root ? toValue(root) : {};
  if (!isMapping(value)) throw new UsageError(`${path}: a mapping of options is wanted`);
  return value;
}

function findUpwards(start: string): string | undefined {
  for (let directory = start; ; directory = dirname(directory)) {
    const path = join(directory, CONFIG_FILE);
    if (statSync(path, { throwIfNoEntry: false })?.isFile()) return path;
    if (dirname(directory) === directory) return undefined;
  }
}

function othersCanWrite(path: string, uid: number | undefined): boolean {
  const { mode, uid: owner } = statSync(path);
  return (mode & 0o022) !== 0 || (uid !== undefined && owner !== uid && owner !== 0);
}
