import type { Metric } from './metric.js';

/**
 * `rmse`, `mae` and `r2` as scikit-learn defines them. For a constant target r2 is 1 when
 * every prediction is exact and 0 otherwise; with fewer than two rows it is left out; with
 * none there are no metrics. Throws RangeError for unequal lengths.
 */
export function regressionMetrics(predictions: ArrayLike<number>, target: ArrayLike<number>): Metric[] {
  const count = target.length;
  if (predictions.length !== count) throw new RangeError(`predictions: ${predictions.length} values must be ${count}`);
  if (count === 0) return [];
  let mean = 0;
  for (let row = 0; row < count; row++) mean += (target[row] as number) / count;
  let squares = 0;
  let absolute = 0;
  let total = 0;
  for (let row = 0; row < count; row++) {
    const error = (predictions[row] as number) - (target[row] as number);
    squares += error * error;
    absolute += Math.abs(error);
    total += ((target[row] as number) - mean) ** 2;
  }
  const metrics: Metric[] = [
    { name: 'rmse', value: Math.sqrt(squares / count), higherIsBetter: false },
    { name: 'mae', value: absolute / count, higherIsBetter: false },
  ];
  if (count >= 2) {
    const value = total > 0 ? 1 - squares / total : squares === 0 ? 1 : 0;
    metrics.push({ name: 'r2', value, higherIsBetter: true });
  }
  return metrics;
}
