import type { Value, Vars } from '../model/value.ts';
import { isMapping } from '../model/value.ts';
import { toValue } from '../model/yaml-value.ts';
import type { Position, Problem } from '../shared/problem.ts';
import type { Secrets } from '../shared/secrets.ts';
import { decryptVault, isVault, VaultError, vaultHeader } from '../shared/vault.ts';
import type { YamlFile, YamlNode } from '../shared/yaml/node.ts';
import { parseYaml } from '../shared/yaml/parse.ts';
import { addSecretsOf } from '../shared/yaml/secrets.ts';
import type { PlaybookFiles } from './files.ts';
import type { VaultPassword } from './request.ts';

/** Reads YAML files once each, whole-file vaults included, and remembers their lines for messages. */
export interface Loader {
  /** Problems of the file are in the answer; a file that cannot be read is one of them. */
  read(path: string, from?: Position): YamlFile;
  /** The text of a file, decrypted where it is a vault. @throws Error in plain words. */
  readText(path: string): string;
  /** @throws VaultError when no password fits. */
  decrypt(ciphertext: string): string;
  /** The same, for what is no text. */
  decryptBytes(ciphertext: string): Buffer;
  lineOf(at: Position): string | undefined;
}

export interface LoaderOptions {
  readonly files: PlaybookFiles;
  readonly passwords: readonly VaultPassword[];
  /** Told what stands in files that are a vault as a whole. */
  readonly secrets: Pick<Secrets, 'add'>;
}

export function makeLoader({ files, passwords, secrets }: LoaderOptions): Loader {
  const lines = new Map<string, readonly string[]>();
  const parsed = new Map<string, YamlFile>();
  const decryptBytes = makeDecrypt(passwords);
  const decrypt = (ciphertext: string): string => decryptBytes(ciphertext).toString('utf8');
  const readText = (path: string): string => {
    const text = files.readText(path);
    if (!isVault(text)) return text;
    const plain = decrypt(text);
    secrets.add(plain);
    return plain;
  };
  const read = (path: string, from?: Position): YamlFile => {
    const known = parsed.get(path);
    if (known) return known;
    let text: string;
    let sealed: boolean;
    try {
      text = files.readText(path);
      sealed = isVault(text);
      if (sealed) text = decrypt(text);
    } catch (error) {
      return { problems: [unreadable(error, from)] };
    }
    // A message never quotes a line of what was encrypted.
    if (!sealed) lines.set(path, text.split('\n'));
    const parsedFile = parseYaml(text, path);
    if (sealed) addSecretsOf(parsedFile.root, secrets);
    const file = sealed ? { ...parsedFile, problems: parsedFile.problems.map(withoutSource) } : parsedFile;
    parsed.set(path, file);
    return file;
  };
  return {
    read,
    readText,
    decrypt,
    decryptBytes,
    lineOf: (at) => lines.get(at.file)?.[at.line - 1]?.replace(/\r$/, ''),
  };
}

function withoutSource({ source: _, ...problem }: Problem): Problem {
  return problem;
}

function unreadable(error: unknown, at: Position | undefined): Problem {
  const message = error instanceof Error ? error.message : String(error);
  return { message, level: 'error', ...(at ? { at } : {}) };
}

/** The password whose id the text names is tried first, then all others, as Ansible does. Each text is decrypted once. */
function makeDecrypt(passwords: readonly VaultPassword[]): (ciphertext: string) => Buffer {
  const known = new Map<string, Buffer>();
  return (ciphertext) => {
    const before = known.get(ciphertext);
    if (before !== undefined) return before;
    const { id } = vaultHeader(ciphertext);
    if (passwords.length === 0) throw new VaultError('this is encrypted, and no vault password was given (--vault-id)');
    const ordered = [...passwords].sort((a, b) => Number(b.id === id) - Number(a.id === id));
    const plain = firstThatFits(ciphertext, ordered);
    known.set(ciphertext, plain);
    return plain;
  };
}

function firstThatFits(ciphertext: string, passwords: readonly VaultPassword[]): Buffer {
  let failure: unknown;
  for (const { password } of passwords) {
    try {
      return decryptVault(ciphertext, password);
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

/** The variables of a vars file: a mapping, or nothing. A list of mappings is merged, as in Ansible. */
export function varsOf(root: YamlNode | undefined): Vars | undefined {
  if (!root) return {};
  const value: Value = toValue(root);
  if (value === null) return {};
  if (isMapping(value)) return value;
  if (Array.isArray(value) && value.every(isMapping)) return Object.assign({}, ...value) as Vars;
  return undefined;
}
