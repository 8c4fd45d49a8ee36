import { addon } from '../addon.js';
import { ArgumentError, checkArray, checkInteger, checkNumber, checkShape } from '../argument-error.js';
import type { MatrixShape } from './columns.js';
import type { GemmShape } from './linear.js';

/** The deepest product of which 32 bits hold every sum. */
const maxDepth = 65_536;

/** A matrix in 8 bits: value [r][c] is about q[r][c] * scale[r]. */
export interface QuantizedRows {
  /** Row-major, each from -127 to 127. */
  q: Int8Array;
  /** Per row, positive. */
  scale: Float32Array;
}

/**
 * Quantizes each row (one output channel of a layer) symmetrically: scale = max|x| / 127, q = x /
 * scale rounded to nearest, ties to even. A row of values all below 1e-36 becomes zeros with scale 1.
 * Throws ArgumentError, also for a value that is NaN or infinite. The same bits everywhere.
 */
export function quantizeInt8(data: Float32Array, shape: MatrixShape): QuantizedRows {
  const size = checkShape('rows', shape.rows, 'columns', shape.columns);
  checkArray('data', data, 'Float32Array', size);
  const quantized = { q: new Int8Array(size), scale: new Float32Array(shape.rows) };
  const spoiled = addon.quantizeInt8(data, quantized.q, quantized.scale, shape.rows, shape.columns);
  if (spoiled >= 0) {
    const row = data.subarray(spoiled * shape.columns, (spoiled + 1) * shape.columns);
    const column = row.findIndex((value) => !Number.isFinite(value));
    throw new ArgumentError(`data[${spoiled}][${column}]`, String(row[column]), 'finite');
  }
  return quantized;
}

/** The exact dot product of two vectors of equal length. Throws ArgumentError. */
export function dotInt8(a: Int8Array, b: Int8Array): number {
  checkArray('a', a, 'Int8Array');
  checkArray('b', b, 'Int8Array', a.length);
  return addon.dotInt8(a, b);
}

/**
 * y[r] = (row r of `matrix` . x) * matrix.scale[r] * xScale, the sums exact. `out` receives y if
 * given. Throws ArgumentError.
 */
export function gemvInt8(
  matrix: QuantizedRows,
  x: Int8Array,
  xScale: number,
  shape: MatrixShape,
  out = new Float32Array(shape.rows),
): Float32Array {
  checkArray('matrix.q', matrix.q, 'Int8Array', checkShape('rows', shape.rows, 'columns', shape.columns));
  checkArray('matrix.scale', matrix.scale, 'Float32Array', shape.rows);
  checkArray('x', x, 'Int8Array', shape.columns);
  checkNumber('xScale', xScale, 0, 3e38);
  checkArray('out', out, 'Float32Array', shape.rows);
  addon.gemvInt8(matrix.q, x, matrix.scale, xScale, out, shape.rows, shape.columns);
  return out;
}

/**
 * C = A op(B) in 8 bits, the sums exact in 32: A is m x k, op(B) k x n, C m x n, all row-major; k is
 * at most 65,536. `out` receives C if given. Blocks until done, on all threads when the work is
 * large. Throws ArgumentError.
 */
export function gemmInt8(
  a: Int8Array,
  b: Int8Array,
  { m, n, k, transposeB = false }: Omit<GemmShape, 'transposeA'>,
  out?: Int32Array,
): Int32Array {
  checkInteger('k', k, 0, maxDepth);
  checkArray('a', a, 'Int8Array', checkShape('m', m, 'k', k));
  checkArray('b', b, 'Int8Array', checkShape('k', k, 'n', n));
  const size = checkShape('m', m, 'n', n);
  const c = out ?? new Int32Array(size);
  checkArray('out', c, 'Int32Array', size);
  addon.gemmInt8(a, b, c, m, n, k, transposeB);
  return c;
}
