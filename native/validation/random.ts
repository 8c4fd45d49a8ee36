import { ValidationError } from './validation-error.js';

/** A stream of random numbers that depends on the seed alone. */
export interface Random {
  /** The next 32 bits, 0 to 2^32 - 1. */
  next(): number;
  /** A whole number below `bound` (1 to 2^32), every one equally likely. */
  below(bound: number): number;
}

/**
 * xoshiro128** (Blackman and Vigna), its state filled by a 32-bit mix of both halves of the
 * seed. Only 32-bit arithmetic, so the same on every machine and free of BigInt.
 * Throws ValidationError for a seed outside 0 to 2^53 - 1.
 */
export function createRandom(seed: number): Random {
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new ValidationError('seed', seed, 'must be a whole number, 0 to 2^53 - 1');
  let mixed = (seed % 2 ** 32) | 0;
  const high = Math.floor(seed / 2 ** 32) | 0;
  const mix = () => {
    mixed = (mixed + 0x9e3779b9) | 0;
    let word = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
    return word ^ (word >>> 15);
  };
  let a = mix();
  mixed ^= Math.imul(high, 0x85ebca6b);
  let b = mix();
  let c = mix();
  // A state of all zeros would never leave it.
  let d = mix() | 1;
  const next = () => {
    const scrambled = Math.imul(b, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result;
  };
  return {
    next,
    below(bound) {
      // Refuses the uneven tail, so that the remainder is unbiased.
      const limit = 2 ** 32 - (2 ** 32 % bound);
      let word = next();
      while (word >= limit) word = next();
      return word % bound;
    },
  };
}

/** Shuffles in place (Fisher and Yates) and returns the same array. */
export function shuffle(values: Uint32Array, random: Random): Uint32Array {
  for (let index = values.length - 1; index > 0; index--) {
    const other = random.below(index + 1);
    const value = values[index] as number;
    values[index] = values[other] as number;
    values[other] = value;
  }
  return values;
}

/** The whole numbers below `count`, ascending. */
export function indices(count: number): Uint32Array {
  const all = new Uint32Array(count);
  for (let index = 0; index < count; index++) all[index] = index;
  return all;
}
