import { addon } from '../addon.js';
import { ArgumentError, checkArray, checkInteger, checkShape } from '../argument-error.js';
import { columnStatistics } from '../kernels/columns.js';
import type { Matrix } from '../table/matrix.js';
import type { CheckedFit } from './estimator-definition.js';
import { EstimatorError } from './estimator-error.js';

/** As many columns as any estimator takes. */
export const maxColumns = 2 ** 20;

/** Rows are numbered in 31 bits. */
export const maxRows = 2 ** 31 - 1;

/** Classes are numbered in 16 bits. */
export const maxClasses = 65535;

/** Runs checks of the native faces, whose errors name arguments, and names them below `prefix`. */
function named<Result>(prefix: string, check: () => Result): Result {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    throw new EstimatorError('INVALID_FIELD', `${prefix}${error.field}`, error.seen, `must be ${error.bound}`);
  }
}

/**
 * Refuses a matrix whose claimed shape is not that of its data, before anything is allocated from
 * the claim. Throws EstimatorError.
 */
export function checkMatrix(matrix: Matrix, field: string): void {
  named(`${field}.`, () => {
    checkInteger('rowCount', matrix.rowCount, 0, maxRows);
    checkInteger('columnCount', matrix.columnCount, 1, maxColumns);
    checkArray(
      'data',
      matrix.data,
      'Float32Array',
      checkShape('rowCount', matrix.rowCount, 'columnCount', matrix.columnCount),
    );
  });
}

/** Refuses a matrix that is none, or whose columns are not a model's features. */
export function checkFeatures(matrix: Matrix, featureCount: number): void {
  checkMatrix(matrix, 'features');
  if (matrix.columnCount !== featureCount) {
    throw new EstimatorError('INVALID_FIELD', 'features.columnCount', matrix.columnCount, `must be ${featureCount}`);
  }
}

/** Refuses row numbers beyond the matrix, and none at all. */
export function checkRows(rows: Uint32Array, rowCount: number): void {
  named('', () => checkArray('rows', rows, 'Uint32Array'));
  if (rows.length === 0) throw new EstimatorError('EMPTY_TABLE', 'rows', 0, 'must name at least one row');
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index] as number;
    if (row >= rowCount) throw new EstimatorError('INVALID_FIELD', `rows[${index}]`, row, `must be below ${rowCount}`);
  }
}

/**
 * Refuses weights that are negative, not finite, or zero for every row to learn from. Returns the
 * rows that count: `rows` itself unless one of them has weight zero.
 */
export function checkWeights(
  weights: Float64Array | null,
  rows: Uint32Array | null,
  rowCount: number,
): Uint32Array | null {
  if (weights === null) return rows;
  named('', () => checkArray('weights', weights, 'Float64Array', rowCount));
  const count = rows?.length ?? rowCount;
  const counting = new Uint32Array(count);
  let kept = 0;
  let sum = 0;
  for (let index = 0; index < count; index++) {
    const row = rows === null ? index : (rows[index] as number);
    const weight = weights[row] as number;
    if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY)) {
      const reason = weight < 0 ? 'INVALID_FIELD' : 'NOT_FINITE';
      throw new EstimatorError(reason, `weights[${row}]`, weight, 'must be finite and >= 0');
    }
    if (weight > 0) counting[kept++] = row;
    sum += weight;
  }
  if (sum === Number.POSITIVE_INFINITY)
    throw new EstimatorError('NOT_FINITE', 'weights', sum, 'must have a finite sum');
  if (kept === 0) throw new EstimatorError('INVALID_FIELD', 'weights', 'all zero', 'must be positive for some row');
  return kept === count ? rows : counting.slice(0, kept);
}

/** From here on threads are faster than a loop in JavaScript. */
const manyNumbers = 2 ** 20;

/** Whether every number is finite, or NaN where that is allowed. */
function allGood({ data, rowCount, columnCount }: Matrix, missingAllowed: boolean): boolean {
  const { count, low, high } = columnStatistics(data, { rows: rowCount, columns: columnCount });
  // Of a column without a number low is NaN.
  const finite = (value: number) => value - value === 0 || (missingAllowed && Number.isNaN(value));
  return low.every(finite) && high.every(finite) && (missingAllowed || count.every((found) => found === rowCount));
}

/** Refuses infinite features, and missing ones unless `missingAllowed`; names the column. */
export function refuseNotFinite(matrix: Matrix, rows: Uint32Array | null, missingAllowed = false): void {
  const { data, columnCount } = matrix;
  if (rows === null && !missingAllowed && addon.allFinite(data)) return;
  if (data.length > manyNumbers && allGood(matrix, missingAllowed)) return;
  const count = rows?.length ?? matrix.rowCount;
  for (let index = 0; index < count; index++) {
    const row = rows === null ? index : (rows[index] as number);
    const start = row * columnCount;
    for (let column = 0; column < columnCount; column++) {
      const value = data[start + column] as number;
      // Only infinities and NaN differ from themselves when subtracted.
      if (value - value === 0 || (missingAllowed && Number.isNaN(value))) continue;
      const bound = missingAllowed
        ? 'must be finite or missing (NaN)'
        : 'must be finite: this estimator takes no missing values';
      throw new EstimatorError('NOT_FINITE', `features column ${column}`, value, bound, { row, column });
    }
  }
}

/**
 * What `learn`, a native fit, promises. It refuses a feature that is not finite by its column alone: the error then
 * names the row as well. `more` looks for what else the fit refuses so.
 */
export async function namingCells<Result>(
  request: Pick<CheckedFit, 'features' | 'rows'>,
  learn: () => Promise<Result>,
  more?: () => void,
): Promise<Result> {
  try {
    return await learn();
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'CANCELLED') {
      refuseNotFinite(request.features, request.rows);
      more?.();
    }
    throw error;
  }
}

/** What a fit rejects with whose sums overflowed: features are not so large, weights can be. */
export function sumsOverflow(): EstimatorError {
  const bound = 'must be smaller: sums of features times weights left the finite numbers';
  return new EstimatorError('NOT_FINITE', 'weights', Number.POSITIVE_INFINITY, bound);
}

/** Refuses targets where there is nothing to predict. */
export function checkNoTarget(target: Float64Array): void {
  named('', () => checkArray('target', target, 'Float64Array', 0));
}

/** Refuses targets that are no class index below `classCount`, or for 0 no finite number. */
export function checkTarget(
  target: Float64Array,
  rows: Uint32Array | null,
  rowCount: number,
  classCount: number,
): void {
  named('', () => checkArray('target', target, 'Float64Array', rowCount));
  // What is wrong with a target, and where, the loop tells.
  if (rows === null && addon.lookAtTarget(target, classCount) === 2) return;
  const count = rows?.length ?? rowCount;
  let first = -1;
  let varies = false;
  for (let index = 0; index < count; index++) {
    const row = rows === null ? index : (rows[index] as number);
    const value = target[row] as number;
    if (classCount === 0) {
      if (Number.isFinite(value)) continue;
      throw new EstimatorError('NOT_FINITE', `target[${row}]`, value, 'must be finite');
    }
    if (!Number.isInteger(value) || value < 0 || value >= classCount) {
      const bound = `must be a class index from 0 to ${classCount - 1}`;
      throw new EstimatorError(Number.isFinite(value) ? 'INVALID_FIELD' : 'NOT_FINITE', `target[${row}]`, value, bound);
    }
    if (index === 0) first = value;
    else if (value !== first) varies = true;
  }
  if (classCount > 0 && !varies) {
    throw new EstimatorError('INVALID_FIELD', 'target', `only class ${first}`, 'must hold at least two classes');
  }
}
