import type { PcaOp } from './fitted-op.js';

/** A fitted reduction with its numbers at hand. */
export interface Projection {
  readonly columns: readonly string[];
  readonly componentCount: number;
  /** Per column. */
  readonly mean: Float64Array;
  /** componentCount x columns. */
  readonly weights: Float32Array;
}

/** What `weights` and `mean` hold, or null where the text is not that of so many numbers. */
export function numbersOf(base64: string, Numbers: typeof Float64Array): Float64Array | null;
export function numbersOf(base64: string, Numbers: typeof Float32Array): Float32Array | null;
export function numbersOf(
  base64: string,
  Numbers: typeof Float64Array | typeof Float32Array,
): Float64Array | Float32Array | null {
  const bytes = Buffer.from(base64, 'base64');
  // Decoding skips what is not base64; encoding again shows it.
  if (bytes.length % Numbers.BYTES_PER_ELEMENT !== 0 || bytes.toString('base64') !== base64) return null;
  const numbers = new Numbers(bytes.length / Numbers.BYTES_PER_ELEMENT);
  new Uint8Array(numbers.buffer).set(bytes);
  return numbers;
}

/** Numbers as `numbersOf` reads them. */
export function base64Of(numbers: Float64Array | Float32Array): string {
  return Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength).toString('base64');
}

/** The reduction that an operation means; the operation must have been checked. */
export function projectionOf({ columns, componentCount, mean, weights }: PcaOp): Projection {
  const read = { mean: numbersOf(mean, Float64Array), weights: numbersOf(weights, Float32Array) };
  if (read.mean === null || read.weights === null) throw new TypeError('a reduction was not checked');
  return { columns, componentCount, mean: read.mean, weights: read.weights };
}

/**
 * Writes the components of one row at `at` of `out`: the only place where they are computed. Sums
 * are in double precision, in the order of the columns. `values`, one per column, are written over.
 */
export function project(
  { componentCount, mean, weights }: Projection,
  values: Float64Array,
  out: Float32Array,
  at: number,
): void {
  const { length } = mean;
  for (let column = 0; column < length; column++) {
    values[column] = (values[column] as number) - (mean[column] as number);
  }
  for (let component = 0; component < componentCount; component++) {
    const start = component * length;
    let sum = 0;
    for (let column = 0; column < length; column++) {
      sum += (weights[start + column] as number) * (values[column] as number);
    }
    out[at + component] = sum;
  }
}
