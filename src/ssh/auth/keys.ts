import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ParsedKey } from 'ssh2';
import { KprepError } from '../../shared/errors.ts';
import type { SshOptions } from '../options.ts';
import type { Ssh2 } from '../ssh2/library.ts';
import { quickSign } from './quick-sign.ts';

/** A private key of this machine, or the public half of one that the agent may hold. */
export interface KeyFile {
  readonly file: string;
  /** Base64 of the public blob. */
  readonly publicKey: string;
  /** Absent where nobody gave the passphrase: the agent may have it. */
  readonly key: ParsedKey | undefined;
}

/** Reads and decrypts each key file once for a whole run: bcrypt costs 200 ms, and the operator is asked once. */
export interface KeyRing {
  /**
   * @param passphrase of the inventory, tried before anybody is asked.
   * @throws KprepError `authentication` when a file that was named cannot be read.
   */
  load(file: string, named: boolean, passphrase: string | undefined): Promise<KeyFile | undefined>;
  /** The key, decrypted; asks for the passphrase where nothing else helps. */
  unlock(file: KeyFile): Promise<ParsedKey | undefined>;
}

export function makeKeyRing(ssh2: Ssh2, options: SshOptions): KeyRing {
  const loaded = new Map<string, Promise<KeyFile | undefined>>();
  const unlocked = new Map<string, Promise<ParsedKey | undefined>>();
  return {
    load(file, named, passphrase) {
      const id = JSON.stringify([file, passphrase]);
      const found = loaded.get(id) ?? loadKey(ssh2, { file, named, passphrase, warn: options.warn });
      loaded.set(id, found);
      return found;
    },
    unlock({ file, key }) {
      if (key) return Promise.resolve(key);
      const found = unlocked.get(file) ?? askAndParse(ssh2, file, options);
      unlocked.set(file, found);
      return found;
    },
  };
}

interface LoadRequest {
  readonly file: string;
  readonly named: boolean;
  readonly passphrase: string | undefined;
  warn(message: string): void;
}

async function loadKey(ssh2: Ssh2, { file, named, passphrase, warn }: LoadRequest): Promise<KeyFile | undefined> {
  const data = await readKey(file, named);
  if (!data) return undefined;
  const parsed = parse(ssh2, data, passphrase);
  if (!(parsed instanceof Error)) {
    const publicKey = parsed.getPublicSSH().toString('base64');
    return { file, publicKey, key: parsed.isPrivateKey() ? parsed : undefined };
  }
  const publicKey = isEncrypted(data) ? await publicHalf(ssh2, file, data) : undefined;
  if (publicKey !== undefined) {
    if (passphrase !== undefined) warn(`the passphrase given does not open ${file}`);
    return { file, publicKey, key: undefined };
  }
  if (named) warn(`${file} is no private key that can be read: ${parsed.message}`);
  return undefined;
}

async function readKey(file: string, named: boolean): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (!named) return undefined;
    const { message } = error as Error;
    throw new KprepError('authentication', `cannot read the private key: ${message}`, { cause: error });
  }
}

async function askAndParse(
  ssh2: Ssh2,
  file: string,
  { askPassphrase, warn }: SshOptions,
): Promise<ParsedKey | undefined> {
  const passphrase = await askPassphrase?.(file);
  if (passphrase === undefined) return undefined;
  const parsed = parse(ssh2, await readFile(file), passphrase);
  if (!(parsed instanceof Error)) return parsed;
  warn(`the passphrase does not open ${file}`);
  return undefined;
}

function parse(ssh2: Ssh2, data: Buffer, passphrase: string | undefined): ParsedKey | Error {
  const parsed = ssh2.utils.parseKey(plainForm(data, passphrase), passphrase) as
    | ParsedKey
    | Error
    | readonly ParsedKey[];
  if (parsed instanceof Error) return parsed;
  const first = Array.isArray(parsed) ? (parsed[0] as ParsedKey | undefined) : (parsed as ParsedKey);
  return first ? quickSign(first) : new Error('there is no key in it');
}

/** PKCS #8 (`openssl genpkey`), which ssh2 does not read, in the older form of its kind; all else as it is. */
function plainForm(data: Buffer, passphrase: string | undefined): Buffer | string {
  if (!/-----BEGIN (ENCRYPTED )?PRIVATE KEY-----/.test(data.toString('latin1'))) return data;
  try {
    const key = createPrivateKey({ key: data, ...(passphrase === undefined ? {} : { passphrase }) });
    const type = key.asymmetricKeyType === 'rsa' ? 'pkcs1' : 'sec1';
    return key.export({ type, format: 'pem' }) as string;
  } catch {
    return data;
  }
}

function isEncrypted(data: Buffer): boolean {
  const text = data.toString('latin1');
  return text.includes('ENCRYPTED') || text.includes('BEGIN OPENSSH PRIVATE KEY') || text.includes('Encryption: aes');
}

/** An encrypted key in OpenSSH's format has its public half in clear (PROTOCOL.key); else it may lie beside it. */
async function publicHalf(ssh2: Ssh2, file: string, data: Buffer): Promise<string | undefined> {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([^-]+)-----END/.exec(data.toString('latin1'))?.[1];
  const inside = body === undefined ? undefined : publicInside(Buffer.from(body, 'base64'));
  if (inside !== undefined) return inside;
  const beside = await readFile(`${file}.pub`).catch(() => undefined);
  const parsed = beside && parse(ssh2, beside, undefined);
  if (parsed && !(parsed instanceof Error)) return parsed.getPublicSSH().toString('base64');
  return '';
}

/** After the magic: cipher, kdf and its options as strings, a count of keys, then the first public key. */
function publicInside(blob: Buffer): string | undefined {
  let at = 'openssh-key-v1\0'.length;
  if (blob.toString('latin1', 0, at) !== 'openssh-key-v1\0') return undefined;
  for (let skipped = 0; skipped < 3; skipped++) {
    if (at + 4 > blob.length) return undefined;
    at += 4 + blob.readUInt32BE(at);
  }
  at += 4;
  if (at + 4 > blob.length) return undefined;
  const length = blob.readUInt32BE(at);
  return blob.subarray(at + 4, at + 4 + length).toString('base64');
}
