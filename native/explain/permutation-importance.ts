import { checkFeatures } from '../estimators/checks.js';
import { EstimatorError } from '../estimators/estimator-error.js';
import type { Task } from '../estimators/model.js';
import { resolveMetric } from '../metrics/catalogue.js';
import { measureOne } from '../metrics/measure.js';
import { MetricError } from '../metrics/metric-error.js';
import type { Matrix } from '../table/matrix.js';
import { createRandom, indices, shuffle } from '../validation/random.js';

/** What is permuted, and how its loss is measured. */
export interface PermutationImportanceOptions {
  readonly model: {
    readonly task: Task;
    readonly classCount: number;
    readonly featureCount: number;
    predict(matrix: Matrix, options: { signal?: AbortSignal }): Promise<Float32Array>;
  };
  /** Rows that the model has best not seen. */
  readonly features: Matrix;
  /** Class indices or numbers, one per row. */
  readonly target: ArrayLike<number>;
  /** One number >= 0 per row; 1 each by default. */
  readonly weights?: ArrayLike<number> | undefined;
  /** A metric of the catalogue for the model's task; its default when left out. */
  readonly metric?: string | undefined;
  /** Columns permuted together, such as those that one raw column was encoded into; each alone by default. */
  readonly groups?: readonly (readonly number[])[] | undefined;
  /** How often each is permuted; 1 to 1000, 5 by default. */
  readonly repeats?: number | undefined;
  /** 0 to 2^53 - 1; 0 by default. */
  readonly seed?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Hears of permutations done. */
  readonly onProgress?: ((step: number, total: number) => void) | undefined;
}

/** How much worse a model is without what columns tell of a row. */
export interface PermutationImportance {
  readonly metric: string;
  /** The metric's value on the rows as they are. */
  readonly baseline: number;
  /** Per group, how much worse the metric gets on average, in its unit; above 0 for columns that matter. */
  readonly mean: Float64Array;
  /** Per group, the sample standard deviation over repeats (divisor n - 1); 0 for one repeat. */
  readonly stdDev: Float64Array;
  /** Row-major, groups × repeats. */
  readonly values: Float64Array;
}

/**
 * Permutation importance (Breiman, Random Forests, 2001): how much a metric worsens when the
 * values of a column are dealt to other rows. Works for any model; correlated columns
 * share their importance. What is drawn for a group depends on the seed, the group's place and the
 * number of rows alone. Rejects with MetricError for a metric of another task or not defined on
 * these rows, EstimatorError for other arguments, and the signal's reason.
 */
export async function permutationImportance(options: PermutationImportanceOptions): Promise<PermutationImportance> {
  const { model, features, target, weights, repeats = 5, seed = 0, signal, onProgress } = options;
  const { task, classCount, featureCount } = model;
  if (task === 'clustering') throw invalid('model', task, 'must be of classification or regression');
  const { name, higherIsBetter } = resolveMetric(options.metric ?? '', { task, classCount });
  checkFeatures(features, featureCount);
  const { rowCount, columnCount } = features;
  if (target.length !== rowCount) throw invalid('target', target.length, `must be ${rowCount}, one per row`);
  if (!Number.isInteger(repeats) || repeats < 1 || repeats > 1000) {
    throw invalid('repeats', repeats, 'must be a whole number from 1 to 1000');
  }
  const groups = checkGroups(options.groups, columnCount);
  const data = features.data.slice();
  const score = async () => {
    const outputs = await model.predict({ data, rowCount, columnCount }, signal === undefined ? {} : { signal });
    const value = measureOne({ task, classCount, outputs, target, weights }, name);
    if (value === null) throw new MetricError('metric', name, 'must be defined on these rows');
    return value;
  };
  const random = createRandom(seed);
  const seeds = groups.map(() => random.below(2 ** 21) * 2 ** 32 + random.next());
  const baseline = await score();
  const values = new Float64Array(groups.length * repeats);
  for (const [index, columns] of groups.entries()) {
    const drawn = createRandom(seeds[index] as number);
    for (let repeat = 0; repeat < repeats; repeat++) {
      const order = shuffle(indices(rowCount), drawn);
      for (const column of columns)
        fill(data, columnCount, column, (row) => cell(features, order[row] as number, column));
      const value = await score();
      values[index * repeats + repeat] = higherIsBetter ? baseline - value : value - baseline;
      onProgress?.(index * repeats + repeat + 1, values.length);
    }
    for (const column of columns) fill(data, columnCount, column, (row) => cell(features, row, column));
  }
  return { metric: name, baseline, values, ...summary(values, groups.length, repeats) };
}

const invalid = (field: string, seen: unknown, bound: string) =>
  new EstimatorError('INVALID_FIELD', field, seen, bound);

const cell = ({ data, columnCount }: Matrix, row: number, column: number) => data[row * columnCount + column] as number;

function fill(data: Float32Array, columnCount: number, column: number, value: (row: number) => number): void {
  for (let row = 0, at = column; at < data.length; row++, at += columnCount) data[at] = value(row);
}

function checkGroups(
  groups: readonly (readonly number[])[] | undefined,
  columnCount: number,
): readonly (readonly number[])[] {
  if (groups === undefined) return Array.from({ length: columnCount }, (_, column) => [column]);
  for (const [index, columns] of groups.entries()) {
    if (columns.length === 0) throw invalid(`groups[${index}]`, columns.length, 'must name at least one column');
    for (const column of columns) {
      if (!Number.isInteger(column) || column < 0 || column >= columnCount) {
        throw invalid(`groups[${index}]`, column, `must be a column below ${columnCount}`);
      }
    }
  }
  return groups;
}

function summary(values: Float64Array, groups: number, repeats: number): { mean: Float64Array; stdDev: Float64Array } {
  const mean = new Float64Array(groups);
  const stdDev = new Float64Array(groups);
  for (let index = 0; index < groups; index++) {
    const own = values.subarray(index * repeats, (index + 1) * repeats);
    const middle = own.reduce((sum, value) => sum + value, 0) / repeats;
    const squares = own.reduce((sum, value) => sum + (value - middle) ** 2, 0);
    mean[index] = middle;
    stdDev[index] = repeats < 2 ? 0 : Math.sqrt(squares / (repeats - 1));
  }
  return { mean, stdDev };
}
