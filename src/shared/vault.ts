import { createCipheriv, createDecipheriv, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto';

/** The first line of a vault file or value: `$ANSIBLE_VAULT;1.1;AES256` or, with an id, `$ANSIBLE_VAULT;1.2;AES256;prod`. */
export interface VaultHeader {
  readonly version: '1.1' | '1.2';
  readonly id?: string;
}

/** What is wrong with a ciphertext or its password, in words. */
export class VaultError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'VaultError';
  }
}

/** Whether text is an Ansible Vault ciphertext. */
export function isVault(text: string): boolean {
  return text.startsWith('$ANSIBLE_VAULT;');
}

/** @throws VaultError when the format is not Ansible Vault 1.1 or 1.2 with AES256. */
export function vaultHeader(ciphertext: string): VaultHeader {
  const line = ciphertext.trimStart().split('\n', 1)[0]?.trim() ?? '';
  const [magic, version, cipher, id] = line.split(';');
  if (magic !== '$ANSIBLE_VAULT') throw new VaultError('this is no Ansible Vault text');
  if (version !== '1.1' && version !== '1.2') throw new VaultError(`vault format ${version ?? ''} is not known`);
  if (cipher !== 'AES256') throw new VaultError(`vault cipher ${cipher ?? ''} is not known`);
  return { version, ...(id ? { id } : {}) };
}

/**
 * The plaintext of an Ansible Vault text (AES256: PBKDF2-SHA256 with 10000 rounds, AES-256-CTR, HMAC-SHA256 over the ciphertext;
 * Ansible's documentation, "Ansible Vault payload format").
 * @throws VaultError when the text is damaged or the password is another one.
 */
export function decryptVault(ciphertext: string, password: string): Buffer {
  vaultHeader(ciphertext);
  const { salt, mac, encrypted } = payloadOf(ciphertext);
  const keys = deriveKeys(password, salt);
  const expected = createHmac('sha256', keys.mac).update(encrypted).digest();
  if (mac.length !== expected.length || !timingSafeEqual(mac, expected)) {
    throw new VaultError('the vault password is wrong');
  }
  const decipher = createDecipheriv('aes-256-ctr', keys.cipher, keys.iv);
  return unpad(Buffer.concat([decipher.update(encrypted), decipher.final()]));
}

/** An Ansible Vault 1.1 text, or 1.2 with an id. `salt` is 32 random bytes. */
export function encryptVault(plaintext: string, password: string, options: { salt: Buffer; id?: string }): string {
  const keys = deriveKeys(password, options.salt);
  const cipher = createCipheriv('aes-256-ctr', keys.cipher, keys.iv);
  const encrypted = Buffer.concat([cipher.update(pad(Buffer.from(plaintext, 'utf8'))), cipher.final()]);
  const mac = createHmac('sha256', keys.mac).update(encrypted).digest();
  const inner = [options.salt, mac, encrypted].map((part) => part.toString('hex')).join('\n');
  const body = Buffer.from(inner, 'latin1').toString('hex').replace(/.{80}/g, '$&\n').trimEnd();
  const header = options.id ? `$ANSIBLE_VAULT;1.2;AES256;${options.id}` : '$ANSIBLE_VAULT;1.1;AES256';
  return `${header}\n${body}\n`;
}

interface Payload {
  readonly salt: Buffer;
  readonly mac: Buffer;
  readonly encrypted: Buffer;
}

/** Hex of three lines, each of which is hex again. */
function payloadOf(ciphertext: string): Payload {
  const lines = ciphertext.trim().split('\n').slice(1);
  const inner = fromHex(lines.map((line) => line.trim()).join('')).toString('latin1');
  const [salt, mac, encrypted] = inner.split('\n').map(fromHex);
  if (!salt || !mac || !encrypted) throw new VaultError('the vault text is damaged: a part is missing');
  return { salt, mac, encrypted };
}

function fromHex(text: string): Buffer {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) throw new VaultError('the vault text is damaged: not hex');
  return Buffer.from(text, 'hex');
}

function deriveKeys(password: string, salt: Buffer): { cipher: Buffer; mac: Buffer; iv: Buffer } {
  const derived = pbkdf2Sync(password, salt, 10_000, 80, 'sha256');
  return { cipher: derived.subarray(0, 32), mac: derived.subarray(32, 64), iv: derived.subarray(64, 80) };
}

/** PKCS#7 with blocks of 16 bytes. */
function pad(data: Buffer): Buffer {
  const length = 16 - (data.length % 16);
  return Buffer.concat([data, Buffer.alloc(length, length)]);
}

function unpad(data: Buffer): Buffer {
  const length = data.at(-1) ?? 0;
  if (length < 1 || length > 16 || length > data.length)
    throw new VaultError('the vault text is damaged: wrong padding');
  return data.subarray(0, data.length - length);
}
