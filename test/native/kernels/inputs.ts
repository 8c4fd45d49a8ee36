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

/**
 * How the numbers look: plain ones; with missing values, tiny and large ones among them; subnormal
 * and just above; up to the largest, with infinities. One missing value or infinity decides a whole
 * sum, so that tiny ones are also tried alone.
 */
export type Flavour = 'plain' | 'odd' | 'tiny' | 'huge';
export const flavours: readonly Flavour[] = ['plain', 'odd', 'tiny', 'huge'];

/** `count` floats, in -2 to 2 if plain, four bytes into their buffer, so that no vector load is aligned. */
export function floats(count: number, seed: number, flavour: Flavour = 'plain'): Float32Array {
  const random = randomNumbers(seed);
  const values = new Float32Array(new ArrayBuffer(4 * (count + 1)), 4, count);
  for (let i = 0; i < count; i++) {
    const value = random() * 4 - 2;
    values[i] = flavour === 'plain' ? value : unusual(value, flavour, random);
  }
  return values;
}

function unusual(value: number, flavour: Flavour, random: () => number): number {
  const kind = Math.floor(random() * 12);
  switch (flavour) {
    case 'odd':
      return [Number.NaN, 1e-42 * value, 1.5e4 * value, -0][kind] ?? value;
    case 'tiny':
      return [0, -0, 2 ** -126, -(2 ** -149)][kind] ?? value * 2 ** -(125 + kind);
    case 'huge':
      return [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY][kind] ?? value * 1.7e38;
    default:
      return value;
  }
}

/** `count` signed bytes from -128 to 127, one byte into their buffer. */
export function bytes(count: number, seed: number): Int8Array {
  const random = randomNumbers(seed);
  const values = new Int8Array(new ArrayBuffer(count + 1), 1, count);
  for (let i = 0; i < count; i++) values[i] = Math.floor(random() * 256) - 128;
  return values;
}

/** Dense layers of one row and of many; around panels of 32 rows and columns and steps of 32; large enough to be shared out. */
export const denseShapes: readonly { rows: number; inputs: number; units: number }[] = [
  { rows: 1, inputs: 1, units: 1 },
  { rows: 3, inputs: 31, units: 17 },
  { rows: 33, inputs: 65, units: 47 },
  { rows: 32, inputs: 512, units: 32 },
  { rows: 130, inputs: 300, units: 100 },
  { rows: 700, inputs: 64, units: 96 },
  { rows: 5, inputs: 1100, units: 400 },
];
