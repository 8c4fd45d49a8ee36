import type { Metric } from './metric.js';
import { rocAuc } from './roc-auc.js';

/** scikit-learn's clip for f32 probabilities: the spacing of f32 at 1. */
const epsilon = 2 ** -23;

/**
 * `accuracy`, `precision_macro`, `recall_macro`, `f1_macro`, `log_loss` and `roc_auc`, as
 * scikit-learn defines them. `probabilities` is row-major, rows × classCount; `labels` holds
 * class indices. The prediction is the most probable class, of equal ones the lowest.
 * Macro averages run over the classes that occur among labels or predictions, a division
 * by zero giving 0. `roc_auc` is of class 1 for two classes, else the mean over classes
 * against the rest; classes without positives or negatives do not count, and where none
 * is left the metric is left out. No rows, no metrics. Throws RangeError for wrong
 * lengths or a label that is no class.
 */
export function classificationMetrics(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  classCount: number,
): Metric[] {
  const rowCount = labels.length;
  if (probabilities.length !== rowCount * classCount) {
    throw new RangeError(`probabilities: ${probabilities.length} values must be ${rowCount * classCount}`);
  }
  if (rowCount === 0) return [];
  const confusion = countOutcomes(probabilities, labels, classCount);
  const { right, loss } = confusion;
  const { precision, recall, f1 } = macroAverages(confusion);
  const metrics: Metric[] = [
    { name: 'accuracy', value: right / rowCount, higherIsBetter: true },
    { name: 'precision_macro', value: precision, higherIsBetter: true },
    { name: 'recall_macro', value: recall, higherIsBetter: true },
    { name: 'f1_macro', value: f1, higherIsBetter: true },
    { name: 'log_loss', value: loss / rowCount, higherIsBetter: false },
  ];
  const auc = areaUnderCurve(probabilities, labels, classCount);
  if (auc !== null) metrics.push({ name: 'roc_auc', value: auc, higherIsBetter: true });
  return metrics;
}

interface Outcomes {
  readonly right: number;
  readonly loss: number;
  /** Per class: rows of it, rows predicted as it, rows of it predicted rightly. */
  readonly actual: Float64Array;
  readonly predicted: Float64Array;
  readonly hits: Float64Array;
}

function countOutcomes(probabilities: ArrayLike<number>, labels: ArrayLike<number>, classCount: number): Outcomes {
  const actual = new Float64Array(classCount);
  const predicted = new Float64Array(classCount);
  const hits = new Float64Array(classCount);
  let right = 0;
  let loss = 0;
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row] as number;
    if (!Number.isInteger(label) || label < 0 || label >= classCount) {
      throw new RangeError(`labels[${row}]: ${label} must be a class index below ${classCount}`);
    }
    const best = mostProbable(probabilities, row * classCount, classCount);
    const probability = probabilities[row * classCount + label] as number;
    loss -= Math.log(Math.min(Math.max(probability, epsilon), 1 - epsilon));
    actual[label] = (actual[label] as number) + 1;
    predicted[best] = (predicted[best] as number) + 1;
    if (best === label) {
      hits[label] = (hits[label] as number) + 1;
      right++;
    }
  }
  return { right, loss, actual, predicted, hits };
}

/** The index of the largest of `count` values from `offset`; of equal ones the lowest. */
export function mostProbable(probabilities: ArrayLike<number>, offset: number, count: number): number {
  let best = 0;
  for (let index = 1; index < count; index++) {
    if ((probabilities[offset + index] as number) > (probabilities[offset + best] as number)) best = index;
  }
  return best;
}

function macroAverages({ actual, predicted, hits }: Outcomes): { precision: number; recall: number; f1: number } {
  let [precision, recall, f1, classes] = [0, 0, 0, 0];
  for (const [index, hit] of hits.entries()) {
    const rows = actual[index] as number;
    const claims = predicted[index] as number;
    if (rows + claims === 0) continue;
    classes++;
    if (claims > 0) precision += hit / claims;
    if (rows > 0) recall += hit / rows;
    f1 += (2 * hit) / (rows + claims);
  }
  return { precision: precision / classes, recall: recall / classes, f1: f1 / classes };
}

function areaUnderCurve(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  classCount: number,
): number | null {
  const scoresOf = (index: number) =>
    Float64Array.from({ length: labels.length }, (_, row) => probabilities[row * classCount + index] as number);
  if (classCount < 2) return null;
  if (classCount === 2) return rocAuc(scoresOf(1), (row) => labels[row] === 1);
  let sum = 0;
  let counted = 0;
  for (let index = 0; index < classCount; index++) {
    const area = rocAuc(scoresOf(index), (row) => labels[row] === index);
    if (area === null) continue;
    sum += area;
    counted++;
  }
  return counted === 0 ? null : sum / counted;
}
