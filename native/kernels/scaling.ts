import { addon } from '../addon.js';
import { ArgumentError, checkArray, checkNumber, checkShape } from '../argument-error.js';
import { runTask, type TaskOptions } from '../cancel.js';
import { NativeMatrix } from '../matrix.js';
import {
  type ColumnStatistics,
  columnStatistics,
  columnStatisticsOf,
  type MatrixShape,
  refuseInfinite,
} from './columns.js';

/** y = (x - minus[c]) * times[c] + plus[c] for column c. NaN stays NaN. */
export interface ColumnScaling {
  minus: Float32Array;
  times: Float32Array;
  plus: Float32Array;
}

/** Centres each column on its mean and divides by its standard deviation; a constant one only centres. */
export function standardizeScaling(statistics: ColumnStatistics): ColumnScaling {
  refuseInfinite(statistics);
  const columns = statistics.count.length;
  const scaling = emptyScaling(columns);
  for (let c = 0; c < columns; c++) {
    const mean = statistics.mean[c] ?? Number.NaN;
    const deviation = Math.sqrt(statistics.variance[c] ?? Number.NaN);
    scaling.minus[c] = Number.isNaN(mean) ? 0 : mean;
    scaling.times[c] = Number.isNaN(deviation) ? 1 : reciprocal(deviation === 0 ? 1 : deviation);
  }
  return scaling;
}

/** Maps each column's lowest value to `low` and its highest to `high`; a constant one to `low`. */
export function minMaxScaling(statistics: ColumnStatistics, low = 0, high = 1): ColumnScaling {
  checkNumber('low', low, -3e38, 3e38);
  checkNumber('high', high, -3e38, 3e38);
  if (!(low < high)) throw new ArgumentError('low', String(low), `below high ${high}`);
  refuseInfinite(statistics);
  const columns = statistics.count.length;
  const scaling = emptyScaling(columns);
  for (let c = 0; c < columns; c++) {
    const lowest = statistics.low[c] ?? Number.NaN;
    const range = (statistics.high[c] ?? Number.NaN) - lowest;
    scaling.minus[c] = Number.isNaN(lowest) ? 0 : lowest;
    scaling.times[c] = range > 0 ? limited((high - low) / range) : high - low;
    scaling.plus[c] = low;
  }
  return scaling;
}

/** Fits standardization to the columns of `data`. Throws ArgumentError. */
export function standardizeFit(data: Float32Array, shape: MatrixShape): ColumnScaling {
  return standardizeScaling(columnStatistics(data, shape));
}

/** Fits min-max scaling to the columns of `data`; the target range is 0 to 1 unless given. */
export function minMaxFit(data: Float32Array, shape: MatrixShape, range = { low: 0, high: 1 }): ColumnScaling {
  return minMaxScaling(columnStatistics(data, shape), range.low, range.high);
}

/**
 * Applies a scaling. `out` receives the result if given and may be `data` itself: fresh memory costs
 * more than the arithmetic, so give it when there is any. Throws ArgumentError.
 */
export function scaleColumns(
  data: Float32Array,
  shape: MatrixShape,
  scaling: ColumnScaling,
  out?: Float32Array,
): Float32Array {
  const { rows, columns } = shape;
  const size = checkShape('rows', rows, 'columns', columns, 1);
  checkArray('data', data, 'Float32Array', size);
  checkScaling(scaling, columns);
  const result = out ?? new Float32Array(size);
  checkArray('out', result, 'Float32Array', size);
  addon.affineColumns(data, result, rows, columns, scaling.minus, scaling.times, scaling.plus);
  return result;
}

export { scaleColumns as minMaxApply, scaleColumns as standardizeApply };

/** Applies a scaling on native threads, into a new matrix, while JavaScript goes on. */
export async function scaleMatrix(
  matrix: NativeMatrix,
  scaling: ColumnScaling,
  options: TaskOptions = {},
): Promise<NativeMatrix> {
  checkScaling(scaling, matrix.columnCount);
  const scaled = await runTask(options, (control) =>
    addon.affineColumnsAsync(matrix.handle('matrix'), scaling.minus, scaling.times, scaling.plus, control),
  );
  return NativeMatrix.adopt(scaled);
}

/** Fits standardization to a matrix on native threads. */
export async function standardizeFitMatrix(matrix: NativeMatrix, options: TaskOptions = {}): Promise<ColumnScaling> {
  return standardizeScaling(await columnStatisticsOf(matrix, options));
}

function emptyScaling(columns: number): ColumnScaling {
  return { minus: new Float32Array(columns), times: new Float32Array(columns), plus: new Float32Array(columns) };
}

function checkScaling(scaling: ColumnScaling, columns: number): void {
  checkArray('scaling.minus', scaling.minus, 'Float32Array', columns);
  checkArray('scaling.times', scaling.times, 'Float32Array', columns);
  checkArray('scaling.plus', scaling.plus, 'Float32Array', columns);
}

// A spread so small that its reciprocal overflows single precision: differences of that size are
// all but zero themselves, so the largest factor there is still maps them sensibly.
function limited(factor: number): number {
  return Math.min(factor, 3.4028234663852886e38);
}

function reciprocal(value: number): number {
  return limited(1 / value);
}
