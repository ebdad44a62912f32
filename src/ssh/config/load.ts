import { readdir, readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { KprepError } from '../../shared/errors.ts';
import { type ConfigLine, parseConfig } from './parse.ts';
import { matchesPattern } from './patterns.ts';

/** The lines of ssh_config files with `Include` replaced by what it names. */
export interface LoadOptions {
  readonly home: string;
}

const DEEPEST = 16;

/**
 * @throws KprepError `unreachable` when a file has a line that cannot be read: to leave it out would be to connect otherwise
 * than ssh does.
 */
export async function loadConfig(
  files: readonly { readonly path: string; readonly system: boolean }[],
  { home }: LoadOptions,
): Promise<readonly ConfigLine[]> {
  const lines: ConfigLine[] = [];
  for (const { path, system } of files) {
    const base = system ? '/etc/ssh' : join(home, '.ssh');
    // Blocks end with their file.
    if (lines.length > 0) lines.push(matchAll(path));
    lines.push(...(await readConfig(path, { home, base, depth: 0 })));
  }
  return lines;
}

interface Place {
  readonly home: string;
  readonly base: string;
  readonly depth: number;
}

async function readConfig(path: string, place: Place): Promise<ConfigLine[]> {
  const text = await readIfThere(path);
  if (text === undefined) return [];
  const { lines, problems } = parseConfig(text, path);
  const [problem] = problems;
  if (problem) throw new KprepError('unreachable', `${problem.file}:${problem.line}: ${problem.message}`);
  const all: ConfigLine[] = [];
  let block: ConfigLine | undefined;
  for (const line of lines) {
    if (opensBlock(line)) block = line;
    if (line.keyword === 'include') all.push(...(await includedBy(line, block, place)));
    else all.push(line);
  }
  return all;
}

async function includedBy(line: ConfigLine, block: ConfigLine | undefined, place: Place): Promise<ConfigLine[]> {
  if (place.depth >= DEEPEST)
    throw new KprepError('unreachable', `${line.file}:${line.line}: too many nested includes`);
  const all: ConfigLine[] = [];
  for (const word of line.words) {
    for (const file of await expandGlob(absolute(word, place))) {
      const included = await readConfig(file, { ...place, depth: place.depth + 1 });
      all.push(...(block ? guarded(included, block) : included));
      // A block of the included file must not go on here.
      if (included.some(opensBlock)) all.push(block ?? matchAll(line.file));
    }
  }
  return all;
}

function opensBlock({ keyword }: ConfigLine): boolean {
  return keyword === 'host' || keyword === 'match';
}

/** An include inside a block holds where the block holds: its own blocks are narrowed by it. */
function guarded(lines: readonly ConfigLine[], block: ConfigLine): ConfigLine[] {
  return lines.map((line) => (opensBlock(line) ? { ...line, within: [...(line.within ?? []), block] } : line));
}

function matchAll(file: string): ConfigLine {
  return { file, line: 0, keyword: 'match', words: ['all'], rest: 'all' };
}

function absolute(word: string, { home, base }: Place): string {
  if (word.startsWith('~/')) return join(home, word.slice(2));
  return isAbsolute(word) ? word : join(base, word);
}

/** glob(7) in the last parts of a path, as OpenSSH uses it; sorted. */
async function expandGlob(path: string): Promise<string[]> {
  if (!/[*?]/.test(path)) return [path];
  const parents = await expandGlob(dirname(path));
  const pattern = path.slice(dirname(path).length).replace(/^\//, '');
  const found: string[] = [];
  for (const parent of parents) {
    const names = await readdir(parent).catch(() => []);
    for (const name of names.sort()) {
      if (matchesPattern(name, pattern) && (pattern.startsWith('.') || !name.startsWith('.')))
        found.push(join(parent, name));
    }
  }
  return found;
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new KprepError('unreachable', `cannot read ${path}: ${message}`, { cause: error });
  }
}
