import { checkFeatures } from '../estimators/checks.js';
import { EstimatorError } from '../estimators/estimator-error.js';
import type { Model } from '../estimators/model.js';
import { ascendingOrder } from '../metrics/ascending-order.js';
import type { Matrix } from '../table/matrix.js';
import { createRandom, indices, shuffle } from '../validation/random.js';

/** Rows scored in one call: enough for the threads to share, little memory. */
const rowsPerCall = 65_536;

/** Which column to vary, and over which rows to average. */
export interface PartialDependenceOptions {
  readonly model: Model;
  /** The rows whose other columns are averaged over. */
  readonly features: Matrix;
  /** The column to vary, from 0. */
  readonly column: number;
  /** The values to give it, ascending; by quantiles of the column when left out. */
  readonly grid?: Float32Array | undefined;
  /** How many quantiles, from the 5th to the 95th of a hundred; 2 to 1000, 20 by default. */
  readonly gridSize?: number | undefined;
  /** The most rows to average over, drawn at random; 1 to 1000000, 1000 by default. */
  readonly sampleRows?: number | undefined;
  /** 0 to 2^53 - 1; 0 by default. */
  readonly seed?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a model predicts on average as one column varies. */
export interface PartialDependence {
  /** The column's values, ascending. */
  readonly grid: Float32Array;
  /** Row-major, grid × outputs: the mean prediction, or every class's mean probability. */
  readonly values: Float64Array;
  readonly outputCount: number;
}

/**
 * Partial dependence (Friedman, Greedy function approximation, 2001): the mean prediction over rows
 * whose column is set to each value of a grid in turn. A column with no more distinct values than
 * the grid has places is taken at each of them; missing values do not count. Rejects with
 * EstimatorError for arguments out of bounds and a column without values, and with the signal's reason.
 */
export async function partialDependence(options: PartialDependenceOptions): Promise<PartialDependence> {
  const { model, features, column, gridSize = 20, sampleRows = 1000, seed = 0, signal } = options;
  checkFeatures(features, model.featureCount);
  checkWhole('column', column, 0, features.columnCount - 1);
  checkWhole('gridSize', gridSize, 2, 1000);
  checkWhole('sampleRows', sampleRows, 1, 1_000_000);
  if (features.rowCount === 0) throw new EstimatorError('EMPTY_TABLE', 'features.rowCount', 0, 'must be >= 1');
  const grid = options.grid?.slice() ?? quantileGrid(features, column, gridSize);
  checkGrid(grid);
  const rows = sampled(features, sampleRows, seed);
  const outputCount = Math.max(1, model.classCount);
  const values = new Float64Array(grid.length * outputCount);
  const places = Math.max(1, Math.floor(rowsPerCall / rows.rowCount));
  for (let begin = 0; begin < grid.length; begin += places) {
    const part = grid.subarray(begin, begin + places);
    const outputs = await model.predict(varied(rows, column, part), { signal });
    const width = rows.rowCount * outputCount;
    for (let place = 0; place < part.length; place++) {
      for (let index = 0; index < width; index++) {
        const at = (begin + place) * outputCount + (index % outputCount);
        values[at] = (values[at] as number) + (outputs[place * width + index] as number);
      }
    }
  }
  return { grid, values: values.map((sum) => sum / rows.rowCount), outputCount };
}

function checkWhole(field: string, value: number, low: number, high: number): void {
  if (!Number.isInteger(value) || value < low || value > high) {
    throw new EstimatorError('INVALID_FIELD', field, value, `must be a whole number from ${low} to ${high}`);
  }
}

function checkGrid(grid: Float32Array): void {
  if (grid.length < 1 || grid.length > 1000) {
    throw new EstimatorError('INVALID_FIELD', 'grid', grid.length, 'must be 1 to 1000 values');
  }
  for (const [index, value] of grid.entries()) {
    if (!Number.isFinite(value)) throw new EstimatorError('NOT_FINITE', `grid[${index}]`, value, 'must be finite');
    if (index > 0 && value <= (grid[index - 1] as number)) {
      throw new EstimatorError('INVALID_FIELD', `grid[${index}]`, value, 'must be above the one before');
    }
  }
}

/** The column's distinct values, or values of its own at evenly spaced quantiles. */
function quantileGrid({ data, rowCount, columnCount }: Matrix, column: number, gridSize: number): Float32Array {
  const present = Float32Array.from(
    { length: rowCount },
    (_, row) => data[row * columnCount + column] as number,
  ).filter(Number.isFinite);
  if (present.length === 0) {
    throw new EstimatorError('INVALID_FIELD', 'column', column, 'must have at least one finite value');
  }
  const sorted = Float32Array.from(ascendingOrder(present), (row) => present[row] as number);
  const distinct = sorted.filter((value, index) => index === 0 || value !== sorted[index - 1]);
  if (distinct.length <= gridSize) return distinct;
  const quantiles = Float32Array.from({ length: gridSize }, (_, place) => {
    const share = 0.05 + (0.9 * place) / (gridSize - 1);
    return sorted[Math.round(share * (sorted.length - 1))] as number;
  });
  return quantiles.filter((value, index) => index === 0 || value !== quantiles[index - 1]);
}

/** At most `most` of the rows, in their order. */
function sampled(features: Matrix, most: number, seed: number): Matrix {
  const { data, rowCount, columnCount } = features;
  const random = createRandom(seed);
  if (rowCount <= most) return features;
  const rows = shuffle(indices(rowCount), random).slice(0, most).sort();
  const chosen = new Float32Array(most * columnCount);
  for (const [index, row] of rows.entries()) {
    chosen.set(data.subarray(row * columnCount, (row + 1) * columnCount), index * columnCount);
  }
  return { data: chosen, rowCount: most, columnCount };
}

/** The rows once for each value, with the column set to it. */
function varied({ data, rowCount, columnCount }: Matrix, column: number, grid: Float32Array): Matrix {
  const copies = new Float32Array(grid.length * data.length);
  for (const [place, value] of grid.entries()) {
    const start = place * data.length;
    copies.set(data, start);
    for (let at = start + column; at < start + data.length; at += columnCount) copies[at] = value;
  }
  return { data: copies, rowCount: rowCount * grid.length, columnCount };
}
