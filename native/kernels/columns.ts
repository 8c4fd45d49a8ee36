import { addon, type RawColumnStatistics } from '../addon.js';
import { ArgumentError, checkArray, checkShape } from '../argument-error.js';
import { runTask, type TaskOptions } from '../cancel.js';
import type { NativeMatrix } from '../matrix.js';

/**
 * Statistics per column, NaN left out. A column without a number has count 0 and NaN for the rest.
 * `variance` is divided by count, not count - 1. An infinite value shows in `low` or `high` and
 * makes mean and variance NaN.
 */
export type ColumnStatistics = RawColumnStatistics;

/** Rows x columns of a row-major matrix. */
export interface MatrixShape {
  rows: number;
  columns: number;
}

/**
 * Count, mean, variance, lowest and highest of each column in one pass over the data. Sums are
 * double precision about a value of the column, so a large mean costs no accuracy. The same bits on
 * every instruction set and at any number of threads. Throws ArgumentError.
 */
export function columnStatistics(data: Float32Array, shape: MatrixShape): ColumnStatistics {
  const { rows, columns } = shape;
  checkArray('data', data, 'Float32Array', checkShape('rows', rows, 'columns', columns, 1));
  const found = {
    count: new Float64Array(columns),
    mean: new Float64Array(columns),
    variance: new Float64Array(columns),
    low: new Float64Array(columns),
    high: new Float64Array(columns),
  };
  addon.columnStatistics(data, rows, columns, found.count, found.mean, found.variance, found.low, found.high);
  return found;
}

/** The same on native threads, while JavaScript goes on. */
export function columnStatisticsOf(matrix: NativeMatrix, options: TaskOptions = {}): Promise<ColumnStatistics> {
  return runTask(options, (control) => addon.columnStatisticsAsync(matrix.handle('matrix'), control));
}

/** Throws ArgumentError for the first column that holds an infinite value. */
export function refuseInfinite(statistics: ColumnStatistics): void {
  for (let column = 0; column < statistics.count.length; column++) {
    for (const value of [statistics.low[column], statistics.high[column]]) {
      if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) {
        throw new ArgumentError(`data column ${column}`, `holds ${value} and`, 'finite or missing (NaN)');
      }
    }
  }
}
