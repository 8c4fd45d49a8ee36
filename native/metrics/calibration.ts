import { checkAnswers, mostProbable } from './outcomes.js';

/** The rows whose probability lies above `low` and up to `high`; the first bin holds 0 too. */
export interface CalibrationBin {
  readonly low: number;
  readonly high: number;
  /** The sum of the rows' weights; 1 each by default. */
  readonly weight: number;
  /** What was predicted on average; null for an empty bin. */
  readonly predicted: number | null;
  /** How often it happened; null for an empty bin. */
  readonly observed: number | null;
}

/**
 * How probabilities and what happened agree, in bins of equal width. For two classes the
 * probability is that of class 1 and what may happen is class 1 (scikit-learn's
 * `calibration_curve`); for more it is that of the predicted class, and that the prediction is
 * right (Guo et al., On calibration of modern neural networks, 2017). Throws RangeError for
 * `binCount` outside 1 to 1000 and as `classificationMetrics`.
 */
export function calibrationBins(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  classCount: number,
  { binCount = 10, weights }: { binCount?: number; weights?: ArrayLike<number> | undefined } = {},
): CalibrationBin[] {
  if (!Number.isInteger(binCount) || binCount < 1 || binCount > 1000) {
    throw new RangeError(`binCount: ${binCount} must be an integer from 1 to 1000`);
  }
  checkAnswers(probabilities, labels, classCount, weights);
  const weight = new Float64Array(binCount);
  const predicted = new Float64Array(binCount);
  const observed = new Float64Array(binCount);
  for (let row = 0; row < labels.length; row++) {
    const class_ = classCount === 2 ? 1 : mostProbable(probabilities, row * classCount, classCount);
    const probability = probabilities[row * classCount + class_] as number;
    const bin = Math.min(Math.max(Math.ceil(probability * binCount) - 1, 0), binCount - 1);
    const share = weights === undefined ? 1 : (weights[row] as number);
    weight[bin] = (weight[bin] as number) + share;
    predicted[bin] = (predicted[bin] as number) + share * probability;
    if (labels[row] === class_) observed[bin] = (observed[bin] as number) + share;
  }
  return Array.from(weight, (sum, bin) => ({
    low: bin / binCount,
    high: (bin + 1) / binCount,
    weight: sum,
    predicted: sum > 0 ? (predicted[bin] as number) / sum : null,
    observed: sum > 0 ? (observed[bin] as number) / sum : null,
  }));
}

/** The mean distance between predicted and observed over bins, by their weights; null without rows. */
export function expectedCalibrationError(bins: readonly CalibrationBin[]): number | null {
  let sum = 0;
  let total = 0;
  for (const { weight, predicted, observed } of bins) {
    total += weight;
    if (predicted !== null && observed !== null) sum += weight * Math.abs(predicted - observed);
  }
  return total > 0 ? sum / total : null;
}
