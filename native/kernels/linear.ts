import { addon } from '../addon.js';
import { ArgumentError, checkArray, checkNumber, checkShape } from '../argument-error.js';
import { runTask, type TaskOptions } from '../cancel.js';
import { NativeMatrix } from '../matrix.js';

// Every result here has the same bits on every instruction set and at any number of threads.

const largest = 3.4028234663852886e38; // the largest single-precision number

/** The dot product of two vectors of equal length, in single precision. Throws ArgumentError. */
export function dotF32(a: Float32Array, b: Float32Array): number {
  checkArray('a', a, 'Float32Array');
  checkArray('b', b, 'Float32Array', a.length);
  return addon.dotF32(a, b);
}

/** y += alpha x, in place. Throws ArgumentError. */
export function axpyF32(alpha: number, x: Float32Array, y: Float32Array): void {
  checkNumber('alpha', alpha, -largest, largest);
  checkArray('x', x, 'Float32Array');
  checkArray('y', y, 'Float32Array', x.length);
  addon.axpyF32(alpha, x, y);
}

/** y = A x for a row-major A of rows x columns. `out` receives y if given. Throws ArgumentError. */
export function gemvF32(
  a: Float32Array,
  x: Float32Array,
  shape: { rows: number; columns: number },
  out?: Float32Array,
): Float32Array {
  checkArray('a', a, 'Float32Array', checkShape('rows', shape.rows, 'columns', shape.columns));
  checkArray('x', x, 'Float32Array', shape.columns);
  const y = out ?? new Float32Array(shape.rows);
  checkArray('out', y, 'Float32Array', shape.rows);
  addon.gemvF32(a, x, y, shape.rows, shape.columns);
  return y;
}

/**
 * y = A' x for a row-major A of rows x columns, on the calling thread: the rows of A added up, row r
 * times x[r]. `out` receives y if given. Throws ArgumentError.
 */
export function gemvTransposedF32(
  a: Float32Array,
  x: Float32Array,
  shape: { rows: number; columns: number },
  out?: Float32Array,
): Float32Array {
  checkArray('a', a, 'Float32Array', checkShape('rows', shape.rows, 'columns', shape.columns));
  checkArray('x', x, 'Float32Array', shape.rows);
  const y = out ?? new Float32Array(shape.columns);
  checkArray('out', y, 'Float32Array', shape.columns);
  addon.gemvTransposedF32(a, x, y, shape.rows, shape.columns);
  return y;
}

/** A matrix product's shape: op(A) is m x k, op(B) k x n, C m x n, all row-major. */
export interface GemmShape {
  m: number;
  n: number;
  k: number;
  /** A is stored k x m. Default false. */
  transposeA?: boolean;
  /** B is stored n x k. Default false. */
  transposeB?: boolean;
}

/**
 * C = op(A) op(B), or C += with `accumulate` and `out`. Blocks until done, on all threads when the
 * work is large; for more than a few milliseconds use `multiply`. Throws ArgumentError.
 */
export function gemmF32(
  a: Float32Array,
  b: Float32Array,
  shape: GemmShape,
  options: { out?: Float32Array; accumulate?: boolean } = {},
): Float32Array {
  const { m, n, k, transposeA = false, transposeB = false } = shape;
  checkArray('a', a, 'Float32Array', checkShape('m', m, 'k', k));
  checkArray('b', b, 'Float32Array', checkShape('k', k, 'n', n));
  const size = checkShape('m', m, 'n', n);
  if (options.accumulate && options.out === undefined) {
    throw new ArgumentError('accumulate', 'true', 'false without out');
  }
  const c = options.out ?? new Float32Array(size);
  checkArray('out', c, 'Float32Array', size);
  addon.gemmF32(a, b, c, m, n, k, transposeA, transposeB, options.accumulate ?? false);
  return c;
}

/**
 * The product of two matrices, computed on native threads while JavaScript goes on. Throws
 * ArgumentError or RangeError; rejects with the signal's reason when aborted.
 */
export async function multiply(
  a: NativeMatrix,
  b: NativeMatrix,
  options: TaskOptions & { transposeA?: boolean; transposeB?: boolean } = {},
): Promise<NativeMatrix> {
  const { transposeA = false, transposeB = false } = options;
  const product = await runTask(options, (control) =>
    addon.gemmF32Async(a.handle('a'), b.handle('b'), transposeA, transposeB, control),
  );
  return NativeMatrix.adopt(product);
}
