// Sizes and numbers that reach every path of a kernel.

/** Floats of one step of the elementwise kernels and of the dot product. */
export const lanes = 16;
export const dotStep = 64;

/** 0, 1, and each step less one, itself, and one more; five steps; and more than one chunk of the pool. */
export const sizes: readonly number[] = [0, 1, 15, 16, 17, 63, 64, 65, 80, 320, 321];

/** A size that the pool shares out: more than two of its chunks, and no multiple of anything. */
export const sharedSize = 3 * 65536 + 21;

/** A generator of numbers in 0 to 1 (mulberry32), the same for the same seed. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** How the numbers look: plain ones, or with missing values, tiny and huge ones among them. */
export type Flavour = 'plain' | 'odd';

/** `count` floats in -2 to 2, four bytes into their buffer, so that no vector load is aligned. */
export function floats(count: number, seed: number, flavour: Flavour = 'plain'): Float32Array {
  const random = randomNumbers(seed);
  const values = new Float32Array(new ArrayBuffer(4 * (count + 1)), 4, count);
  for (let i = 0; i < count; i++) {
    values[i] = random() * 4 - 2;
    if (flavour === 'plain') continue;
    const kind = Math.floor(random() * 12);
    if (kind === 0) values[i] = Number.NaN;
    if (kind === 1) values[i] = 1e-42 * (i % 7); // subnormal
    if (kind === 2) values[i] = 3e4 * (random() - 0.5);
    if (kind === 3) values[i] = -0;
  }
  return values;
}

/** `count` signed bytes from -128 to 127, one byte into their buffer. */
export function bytes(count: number, seed: number): Int8Array {
  const random = randomNumbers(seed);
  const values = new Int8Array(new ArrayBuffer(count + 1), 1, count);
  for (let i = 0; i < count; i++) values[i] = Math.floor(random() * 256) - 128;
  return values;
}
