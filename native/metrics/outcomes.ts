import { checkWeights } from './weights.js';

/** scikit-learn's clip for f32 probabilities: the spacing of f32 at 1. */
const epsilon = 2 ** -23;

/** What a classifier's answers come to, as sums of weights (1 per row by default). */
export interface Outcomes {
  readonly total: number;
  /** Predicted rightly. */
  readonly right: number;
  /** Of minus the logarithm of the probability given to the row's class. */
  readonly loss: number;
  /**
   * Of the squared distance of the probabilities from the row's class as a unit vector; of two
   * classes, of class 1's probability from 1 or 0.
   */
  readonly squares: number;
  /** Per class: rows of it, rows predicted as it, rows of it predicted rightly. */
  readonly actual: Float64Array;
  readonly predicted: Float64Array;
  readonly hits: Float64Array;
}

/** Refuses probabilities that are not rows × classCount numbers, and labels that are no class. Throws RangeError. */
export function checkAnswers(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  classCount: number,
  weights: ArrayLike<number> | undefined,
): void {
  const rowCount = labels.length;
  if (probabilities.length !== rowCount * classCount) {
    throw new RangeError(`probabilities: ${probabilities.length} values must be ${rowCount * classCount}`);
  }
  for (let row = 0; row < rowCount; row++) {
    const label = labels[row] as number;
    if (!Number.isInteger(label) || label < 0 || label >= classCount) {
      throw new RangeError(`labels[${row}]: ${label} must be a class index below ${classCount}`);
    }
  }
  for (let index = 0; index < probabilities.length; index++) {
    const value = probabilities[index] as number;
    if (Number.isNaN(value)) throw new RangeError(`probabilities[${index}]: NaN must be a number`);
  }
  checkWeights(weights, rowCount);
}

/** Counts outcomes of checked answers. The prediction is the most probable class, of equal ones the lowest. */
export function countOutcomes(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  classCount: number,
  weights?: ArrayLike<number>,
): Outcomes {
  const actual = new Float64Array(classCount);
  const predicted = new Float64Array(classCount);
  const hits = new Float64Array(classCount);
  let total = 0;
  let right = 0;
  let loss = 0;
  let squares = 0;
  for (let row = 0; row < labels.length; row++) {
    const weight = weights === undefined ? 1 : (weights[row] as number);
    const label = labels[row] as number;
    const offset = row * classCount;
    let best = 0;
    let distance = 0;
    for (let index = 0; index < classCount; index++) {
      const value = probabilities[offset + index] as number;
      if (value > (probabilities[offset + best] as number)) best = index;
      const missing = index === label ? 1 - value : value;
      distance = classCount === 2 ? missing * missing : distance + missing * missing;
    }
    const probability = probabilities[offset + label] as number;
    loss -= weight * Math.log(Math.min(Math.max(probability, epsilon), 1 - epsilon));
    squares += weight * distance;
    total += weight;
    actual[label] = (actual[label] as number) + weight;
    predicted[best] = (predicted[best] as number) + weight;
    if (best === label) {
      hits[label] = (hits[label] as number) + weight;
      right += weight;
    }
  }
  return { total, right, loss, squares, actual, predicted, hits };
}

/** The index of the largest of `count` values from `offset`; of equal ones the lowest. */
export function mostProbable(probabilities: ArrayLike<number>, offset: number, count: number): number {
  let best = 0;
  for (let index = 1; index < count; index++) {
    if ((probabilities[offset + index] as number) > (probabilities[offset + best] as number)) best = index;
  }
  return best;
}

/**
 * How often each class was taken for each: classCount × classCount, row-major, a row per actual
 * class and a column per predicted one; sums of weights. Throws RangeError as `classificationMetrics`.
 */
export function confusionMatrix(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  classCount: number,
  weights?: ArrayLike<number>,
): Float64Array {
  checkAnswers(probabilities, labels, classCount, weights);
  const counts = new Float64Array(classCount * classCount);
  for (let row = 0; row < labels.length; row++) {
    const cell = (labels[row] as number) * classCount + mostProbable(probabilities, row * classCount, classCount);
    counts[cell] = (counts[cell] as number) + (weights === undefined ? 1 : (weights[row] as number));
  }
  return counts;
}
