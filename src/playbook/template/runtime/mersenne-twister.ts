import { createHash } from 'node:crypto';
import { Fault, isFloat, isInt, type Py, toNumber, typeName } from './values.ts';

const SIZE = 624;

/** Python's `random.Random(seed)` (MT19937), for whole numbers; a run with the same seed gives what Ansible gives. */
export class MersenneTwister {
  readonly #state = new Uint32Array(SIZE);
  #at = SIZE;

  constructor(seed: Py) {
    this.#initByArray(seedWords(seed));
  }

  /** A number from 0 up to, not including, `bound` (`Random._randbelow`). */
  below(bound: number): number {
    const bits = bound.toString(2).length;
    let drawn = this.#bits(bits);
    while (drawn >= bound) drawn = this.#bits(bits);
    return drawn;
  }

  #bits(count: number): number {
    if (count <= 32) return this.#next() >>> (32 - count);
    const low = this.#next();
    return (this.#next() >>> (64 - count)) * 2 ** 32 + low;
  }

  #initGenrand(seed: number): void {
    this.#state[0] = seed;
    for (let index = 1; index < SIZE; index++) {
      const previous = this.#state[index - 1] ?? 0;
      this.#state[index] = Math.imul(1812433253, previous ^ (previous >>> 30)) + index;
    }
  }

  #initByArray(key: readonly number[]): void {
    this.#initGenrand(19650218);
    const state = this.#state;
    let i = 1;
    let j = 0;
    const wrap = () => {
      if (++i < SIZE) return;
      state[0] = state[SIZE - 1] ?? 0;
      i = 1;
    };
    const mixed = (factor: number) => {
      const previous = state[i - 1] ?? 0;
      return (state[i] ?? 0) ^ Math.imul(previous ^ (previous >>> 30), factor);
    };
    for (let left = Math.max(SIZE, key.length); left > 0; left--) {
      state[i] = mixed(1664525) + (key[j] ?? 0) + j;
      wrap();
      j = (j + 1) % key.length;
    }
    for (let left = SIZE - 1; left > 0; left--) {
      state[i] = mixed(1566083941) - i;
      wrap();
    }
    state[0] = 0x80000000;
  }

  #next(): number {
    if (this.#at >= SIZE) this.#twist();
    let y = this.#state[this.#at++] ?? 0;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  #twist(): void {
    const state = this.#state;
    for (let index = 0; index < SIZE; index++) {
      const y = ((state[index] ?? 0) & 0x80000000) | ((state[(index + 1) % SIZE] ?? 0) & 0x7fffffff);
      state[index] = (state[(index + 397) % SIZE] ?? 0) ^ (y >>> 1) ^ ((y & 1) === 1 ? 0x9908b0df : 0);
    }
    this.#at = 0;
  }
}

/** A seed as words of 32 bits, the lowest first: a whole number as it is, text with its SHA-512 behind it. */
function seedWords(seed: Py): number[] {
  if (typeof seed === 'string') {
    const bytes = Buffer.from(seed, 'utf8');
    const whole = Buffer.concat([bytes, createHash('sha512').update(bytes).digest()]);
    return wordsOf(BigInt(`0x${whole.toString('hex') || '0'}`));
  }
  if (isInt(seed) || typeof seed === 'boolean') {
    const value = typeof seed === 'bigint' ? seed : BigInt(toNumber(seed));
    return wordsOf(value < 0n ? -value : value);
  }
  if (isFloat(seed) && toNumber(seed) >= 0 && Number.isInteger(toNumber(seed))) return wordsOf(BigInt(toNumber(seed)));
  throw new Fault(`a seed is text or a whole number, not ${typeName(seed)}`);
}

function wordsOf(value: bigint): number[] {
  const words: number[] = [];
  for (let rest = value; rest > 0n; rest >>= 32n) words.push(Number(rest & 0xffffffffn));
  return words.length > 0 ? words : [0];
}
