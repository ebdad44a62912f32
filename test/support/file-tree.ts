import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from '@jest/globals';

/** Files by path below a root. Text is the content of a regular file; null: there is none. */
export type Tree = Readonly<Record<string, string | Buffer | TreeFile | null>>;

export interface TreeFile {
  readonly content?: string | Buffer;
  /** Octal digits: `0644`. */
  readonly mode?: string;
  /** Target of a symbolic link. */
  readonly link?: string;
  readonly directory?: true;
}

export interface Snapshot {
  readonly [path: string]: { readonly kind: string; readonly mode?: string; readonly content?: string };
}

/** Makes files (0644) and directories (0755), parents too. */
export function writeTree(root: string, tree: Tree): void {
  for (const [path, given] of Object.entries(tree)) {
    const file = describe(given);
    if (!file) continue;
    const full = join(root, path);
    mkdirSync(dirname(full), { recursive: true, mode: 0o755 });
    if (file.link !== undefined) {
      symlinkSync(file.link, full);
      continue;
    }
    if (file.directory) mkdirSync(full, { recursive: true });
    else writeFileSync(full, file.content ?? '');
    chmodSync(full, Number.parseInt(file.mode ?? (file.directory ? '0755' : '0644'), 8));
  }
}

/** Everything below a root, with modes; a backup's name is cut to `NAME~`. */
export function readTree(root: string): Snapshot {
  const out: Record<string, Snapshot[string]> = {};
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const full = join(entry.parentPath, entry.name);
    const name = full.slice(root.length + 1).replace(/\.\d+\.\d{4}-\d\d-\d\d@\d\d:\d\d:\d\d~$/, '~');
    const mode = `0${(lstatSync(full).mode & 0o7777).toString(8).padStart(3, '0')}`;
    if (entry.isSymbolicLink()) out[name] = { kind: 'link', content: readlinkSync(full) };
    else if (entry.isDirectory()) out[name] = { kind: 'directory', mode };
    else if (entry.isFile()) out[name] = { kind: 'file', mode, content: textOf(readFileSync(full)) };
    else out[name] = { kind: 'other', mode };
  }
  return out;
}

/**
 * Asserts that a tree is as it was but for `after`: what is not named there has its content, kind and mode of before; what is
 * named has the fields given and keeps its others; directories above a named path may be new.
 */
export function expectTree(root: string, before: Snapshot, after: Tree): void {
  const expected: Record<string, unknown> = { ...before };
  const actual: Record<string, unknown> = { ...readTree(root) };
  for (const [path, given] of Object.entries(after)) {
    const file = describe(given);
    if (!file) delete expected[path];
    else expected[path] = merged(before[path], file, actual[path]);
    for (let dir = dirname(path); dir !== '.'; dir = dirname(dir)) if (!(dir in expected)) delete actual[dir];
  }
  expect(actual).toEqual(expected);
}

function merged(old: Snapshot[string] | undefined, file: TreeFile, actual: unknown): unknown {
  const kind = kindOf(file) ?? old?.kind ?? 'file';
  if (kind === 'link') return { kind, content: file.link ?? old?.content };
  const seen = actual as Snapshot[string] | undefined;
  const kept = old?.kind === kind ? old : undefined;
  const mode = file.mode ?? kept?.mode ?? seen?.mode;
  if (kind === 'directory') return { kind, mode };
  return {
    kind,
    mode,
    content: file.content === undefined ? (kept ?? seen)?.content : textOf(Buffer.from(file.content)),
  };
}

function kindOf(file: TreeFile): string | undefined {
  if (file.link !== undefined) return 'link';
  if (file.directory) return 'directory';
  return file.content === undefined ? undefined : 'file';
}

function describe(given: Tree[string]): TreeFile | undefined {
  if (given === null || given === undefined) return undefined;
  return typeof given === 'string' || Buffer.isBuffer(given) ? { content: given } : given;
}

function textOf(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) ? text : `bytes ${bytes.toString('hex')}`;
}
