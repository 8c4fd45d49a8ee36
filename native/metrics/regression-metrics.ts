import { definitionsOf } from './catalogue.js';
import type { Metric } from './metric.js';
import { checkWeights } from './weights.js';

/** Which metrics, and how rows count. */
export interface RegressionOptions {
  /** One number >= 0 per row; 1 each by default. */
  readonly weights?: ArrayLike<number> | undefined;
  /** Names of the catalogue; those that it reports by default. */
  readonly names?: readonly string[] | undefined;
  /** The quantile that `pinball_loss` takes predictions for, above 0 and below 1; 0.5 by default. */
  readonly quantile?: number | undefined;
}

/** scikit-learn's stand-in for a target of 0 in `mape`: the spacing of f64 at 1. */
const epsilon = 2 ** -52;

interface Sums {
  readonly total: number;
  readonly rows: number;
  /** Of errors: prediction minus target. */
  readonly errors: number;
  readonly squares: number;
  readonly absolute: number;
  readonly relative: number;
  readonly pinball: number;
  readonly largest: number;
  /** Of squared distances from the mean: of targets and of errors. */
  readonly targetSpread: number;
  readonly errorSpread: number;
}

/**
 * The catalogue's metrics of regression, as scikit-learn defines them. For a constant target `r2`
 * and `explained_variance` are 1 when the errors leave nothing to explain and 0 otherwise.
 *
 * A metric that is not defined is left out: every one without rows of positive weight, `r2` and
 * `explained_variance` with fewer than two such rows. Throws RangeError for unequal lengths, a
 * weight below 0, or a quantile outside 0 to 1.
 */
export function regressionMetrics(
  predictions: ArrayLike<number>,
  target: ArrayLike<number>,
  { weights, names, quantile = 0.5 }: RegressionOptions = {},
): Metric[] {
  const count = target.length;
  if (predictions.length !== count) throw new RangeError(`predictions: ${predictions.length} values must be ${count}`);
  if (!(quantile > 0 && quantile < 1)) throw new RangeError(`quantile: ${quantile} must be above 0 and below 1`);
  checkWeights(weights, count);
  const sums = sumUp(predictions, target, weights, quantile);
  if (!(sums.total > 0)) return [];
  const metrics: Metric[] = [];
  for (const { name, higherIsBetter } of definitionsOf('regression', names)) {
    const value = formulas[name]?.(sums) ?? null;
    if (value !== null) metrics.push({ name, value, higherIsBetter });
  }
  return metrics;
}

function sumUp(
  predictions: ArrayLike<number>,
  target: ArrayLike<number>,
  weights: ArrayLike<number> | undefined,
  quantile: number,
): Sums {
  let [total, rows, targets, errors, squares, absolute, relative, pinball, largest] = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  for (let row = 0; row < target.length; row++) {
    const weight = weights === undefined ? 1 : (weights[row] as number);
    if (weight === 0) continue;
    const wanted = target[row] as number;
    const error = (predictions[row] as number) - wanted;
    const size = Math.abs(error);
    total += weight;
    rows++;
    targets += weight * wanted;
    errors += weight * error;
    squares += weight * error * error;
    absolute += weight * size;
    relative += (weight * size) / Math.max(Math.abs(wanted), epsilon);
    // Too low costs the quantile, too high the rest to one.
    pinball += weight * (error < 0 ? quantile : 1 - quantile) * size;
    if (!(size <= largest)) largest = size;
  }
  const meanTarget = targets / total;
  const meanError = errors / total;
  let [targetSpread, errorSpread] = [0, 0];
  for (let row = 0; row < target.length; row++) {
    const weight = weights === undefined ? 1 : (weights[row] as number);
    const wanted = target[row] as number;
    targetSpread += weight * (wanted - meanTarget) ** 2;
    errorSpread += weight * ((predictions[row] as number) - wanted - meanError) ** 2;
  }
  return { total, rows, errors, squares, absolute, relative, pinball, largest, targetSpread, errorSpread };
}

/** One less the share that is left of a spread; of none, whether none is left. */
function explained(left: number, spread: number, rows: number): number | null {
  if (rows < 2) return null;
  return spread > 0 ? 1 - left / spread : left === 0 ? 1 : 0;
}

const formulas: Readonly<Record<string, (sums: Sums) => number | null>> = {
  rmse: ({ squares, total }) => Math.sqrt(squares / total),
  mae: ({ absolute, total }) => absolute / total,
  mape: ({ relative, total }) => relative / total,
  r2: ({ squares, targetSpread, rows }) => explained(squares, targetSpread, rows),
  explained_variance: ({ errorSpread, targetSpread, rows }) => explained(errorSpread, targetSpread, rows),
  max_error: ({ largest }) => largest,
  pinball_loss: ({ pinball, total }) => pinball / total,
};
