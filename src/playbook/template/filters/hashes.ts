import { createHash, getHashes, randomInt } from 'node:crypto';
import { str } from '../runtime/text.ts';
import { Fault, type Py, toNumber, Undefined } from '../runtime/values.ts';
import { type Builtins, wantText } from './builtin.ts';
import { shaCrypt } from './sha-crypt.ts';
import { splitUrl } from './url.ts';

/** Hashes and encodings. */
export const hashFilters: Builtins = {
  b64decode: ['string encoding?', (_, value, encoding) => decoded(wantText(value, 'b64decode'), encoding)],
  b64encode: ['string encoding?', (_, value, encoding) => encodedBytes(str(value), encoding).toString('base64')],
  checksum: ['data', (_, value) => digest('sha1', str(value))],
  hash: ['data hashtype?', (_, value, type) => digest(str(type ?? 'sha1'), str(value))],
  md5: ['data', (_, value) => digest('md5', str(value))],
  password_hash: [
    'password hashtype? salt? salt_size? rounds? ident?',
    (_, password, ...options) => passwordHash(password, options),
  ],
  sha1: ['data', (_, value) => digest('sha1', str(value))],
  to_uuid: ['string namespace?', (_, value, namespace) => uuid5(str(value), namespace)],
  urlsplit: ['value query?', (_, value, part) => splitUrl(wantText(value, 'urlsplit'), part)],
};

const ENCODINGS: Readonly<Record<string, BufferEncoding>> = {
  'utf-8': 'utf8',
  utf8: 'utf8',
  ascii: 'latin1',
  'us-ascii': 'latin1',
  latin1: 'latin1',
  'latin-1': 'latin1',
  'iso-8859-1': 'latin1',
  'utf-16-le': 'utf16le',
  'utf-16le': 'utf16le',
};

function encodingOf(value: Py): BufferEncoding {
  const name = str(value ?? 'utf-8').toLowerCase();
  const encoding = Object.hasOwn(ENCODINGS, name) ? ENCODINGS[name] : undefined;
  if (!encoding)
    throw new Fault(`the encoding ${name} is not known here; known are ${Object.keys(ENCODINGS).join(', ')}`);
  return encoding;
}

function encodedBytes(text: string, encoding: Py): Buffer {
  return Buffer.from(text, encodingOf(encoding));
}

function decoded(text: string, encoding: Py): string {
  const bare = text.replace(/[^A-Za-z0-9+/=]/g, '');
  if (bare.replace(/=+$/, '').length % 4 === 1 || bare.length % 4 !== 0)
    throw new Fault('b64decode: incorrect padding');
  const bytes = Buffer.from(bare, 'base64');
  const name = encodingOf(encoding);
  if (name !== 'utf8') return bytes.toString(name);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Fault('b64decode: what comes out is no UTF-8 text');
  }
}

const ALIASES: Readonly<Record<string, string>> = { blake2b: 'blake2b512', blake2s: 'blake2s256' };

function digest(type: string, text: string): string {
  const name = type.toLowerCase().replace('_', '-');
  const alias = ALIASES[name] ?? name;
  const known = getHashes().find((hash) => hash.toLowerCase() === alias);
  if (!known || !/^(md5|sha|blake2|ripemd|sm3)/.test(name)) throw new Fault(`unsupported hash type ${type}`);
  return createHash(known).update(text, 'utf8').digest('hex');
}

const CRYPT: Readonly<Record<string, { readonly kind: 'sha256' | 'sha512'; readonly rounds: number }>> = {
  sha512: { kind: 'sha512', rounds: 656_000 },
  sha512_crypt: { kind: 'sha512', rounds: 656_000 },
  sha256: { kind: 'sha256', rounds: 535_000 },
  sha256_crypt: { kind: 'sha256', rounds: 535_000 },
};

function passwordHash(password: Py, [hashType, salt, saltSize, rounds]: readonly Py[]): string {
  if (password instanceof Undefined) return password.fail();
  const type = str(hashType ?? 'sha512');
  const crypt = Object.hasOwn(CRYPT, type) ? CRYPT[type] : undefined;
  if (!crypt) throw new Fault(`password_hash knows sha512 and sha256, not ${type}`);
  const given = salt === undefined || salt === null ? randomSalt(saltSize) : str(salt);
  if (!/^[./0-9A-Za-z]{1,16}$/.test(given)) throw new Fault('a salt has 1 to 16 characters of A-Z a-z 0-9 . /');
  const count = rounds === undefined || rounds === null ? crypt.rounds : toNumber(rounds);
  if (count < 1000 || count > 999_999_999) throw new Fault('password_hash wants 1000 to 999999999 rounds');
  return shaCrypt(str(password), { kind: crypt.kind, salt: given, rounds: count });
}

const SALT = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./';

function randomSalt(size: Py): string {
  const length = size === undefined || size === null ? 16 : toNumber(size);
  return Array.from({ length }, () => SALT[randomInt(SALT.length)]).join('');
}

/** Ansible's own namespace of names. */
const NAMESPACE = '361E6D51-FAEC-444A-9079-341386DA8E2E';

/** A UUID made of a name (RFC 4122, version 5). */
function uuid5(name: string, namespace: Py): string {
  const space = str(namespace ?? NAMESPACE).replace(/^urn:uuid:|[{}-]/g, '');
  if (!/^[0-9a-fA-F]{32}$/.test(space)) throw new Fault(`to_uuid: ${str(namespace)} is no UUID`);
  const bytes = createHash('sha1').update(Buffer.from(space, 'hex')).update(name, 'utf8').digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
