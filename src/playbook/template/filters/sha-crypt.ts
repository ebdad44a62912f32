import { createHash } from 'node:crypto';

const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The order in which three bytes each are written, as the specification lists them. */
const ORDER_512: readonly (readonly number[])[] = Array.from({ length: 21 }, (_, row) => {
  const bytes = [row, row + 21, row + 42];
  const turn = row % 3;
  return [...bytes.slice(turn), ...bytes.slice(0, turn)];
});
const ORDER_256: readonly (readonly number[])[] = Array.from({ length: 10 }, (_, row) => {
  const bytes = [row, row + 10, row + 20];
  const turn = (3 - (row % 3)) % 3;
  return [...bytes.slice(turn), ...bytes.slice(0, turn)];
});

export interface ShaCrypt {
  readonly kind: 'sha256' | 'sha512';
  readonly salt: string;
  readonly rounds: number;
}

/**
 * A password's hash for `/etc/shadow`: `$6$rounds=…$salt$…` (Ulrich Drepper, "Unix crypt using SHA-256 and SHA-512").
 * 5000 rounds are the default of crypt and not written.
 */
export function shaCrypt(password: string, how: ShaCrypt): string {
  const key = Buffer.from(password, 'utf8');
  const salt = Buffer.from(how.salt, 'ascii');
  const digest = rounds(how, { key, salt });
  const prefix = `$${how.kind === 'sha512' ? 6 : 5}$${how.rounds === 5000 ? '' : `rounds=${how.rounds}$`}`;
  return `${prefix}${how.salt}$${encode(digest, how.kind)}`;
}

interface Material {
  readonly key: Buffer;
  readonly salt: Buffer;
}

function hash(kind: string, parts: readonly Buffer[]): Buffer {
  const made = createHash(kind);
  for (const part of parts) made.update(part);
  return made.digest();
}

/** The digest repeated to a length. */
function stretched(digest: Buffer, length: number): Buffer {
  return Buffer.alloc(length, digest);
}

function firstDigest(kind: string, { key, salt }: Material): Buffer {
  const other = hash(kind, [key, salt, key]);
  const parts = [key, salt, stretched(other, key.length)];
  for (let bits = key.length; bits > 0; bits >>= 1) parts.push((bits & 1) === 1 ? other : key);
  return hash(kind, parts);
}

function rounds({ kind, rounds: count }: ShaCrypt, material: Material): Buffer {
  const { key, salt } = material;
  let digest = firstDigest(kind, material);
  const p = stretched(
    hash(
      kind,
      Array.from({ length: key.length }, () => key),
    ),
    key.length,
  );
  const repeats = 16 + (digest[0] ?? 0);
  const s = stretched(
    hash(
      kind,
      Array.from({ length: repeats }, () => salt),
    ),
    salt.length,
  );
  for (let round = 0; round < count; round++) {
    const made = createHash(kind).update((round & 1) === 1 ? p : digest);
    if (round % 3 !== 0) made.update(s);
    if (round % 7 !== 0) made.update(p);
    digest = made.update((round & 1) === 1 ? digest : p).digest();
  }
  return digest;
}

function encode(digest: Buffer, kind: 'sha256' | 'sha512'): string {
  const byte = (index: number | undefined) => digest[index ?? 0] ?? 0;
  const order = kind === 'sha512' ? ORDER_512 : ORDER_256;
  let out = '';
  for (const [high, middle, low] of order) out += characters((byte(high) << 16) | (byte(middle) << 8) | byte(low), 4);
  return out + (kind === 'sha512' ? characters(byte(63), 2) : characters((byte(31) << 8) | byte(30), 3));
}

function characters(value: number, count: number): string {
  return Array.from({ length: count }, (_, index) => ALPHABET[(value >> (6 * index)) & 0x3f]).join('');
}
