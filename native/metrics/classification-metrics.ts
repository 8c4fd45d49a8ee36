import { calibrationBins, expectedCalibrationError } from './calibration.js';
import { definitionsOf } from './catalogue.js';
import type { Metric } from './metric.js';
import { checkAnswers, countOutcomes, type Outcomes } from './outcomes.js';
import { type RankingAreas, rankingAreas } from './ranking.js';

/** Which metrics, and how rows count. */
export interface ClassificationOptions {
  /** One number >= 0 per row; 1 each by default. */
  readonly weights?: ArrayLike<number> | undefined;
  /** Names of the catalogue; those that it reports by default. */
  readonly names?: readonly string[] | undefined;
}

/** What formulas read; the dear parts are worked out when first asked for. */
interface Facts extends Outcomes {
  readonly classCount: number;
  areas(): RankingAreas | null;
  calibrationError(): number | null;
}

/**
 * The catalogue's metrics of classification, as scikit-learn defines them. `probabilities` is
 * row-major, rows × classCount; `labels` holds class indices. The prediction is the most probable
 * class, of equal ones the lowest. Of two classes, class 1 is the positive one.
 *
 * Averages: macro is the mean over the classes that occur among labels or predictions, weighted
 * the mean over them by their rows, micro counts all classes together; a division by zero gives 0.
 * `roc_auc` and `average_precision` are of class 1 for two classes, else the mean over classes
 * against the rest, over those that have positives and negatives.
 *
 * A metric that is not defined is left out: every one without rows of positive weight, those of
 * two classes for more, the areas when no class has both sides, `matthews_corrcoef` when
 * labels are of one class. Throws RangeError for wrong lengths, a label that is no class, NaN, or
 * a weight below 0.
 */
export function classificationMetrics(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  classCount: number,
  { weights, names }: ClassificationOptions = {},
): Metric[] {
  checkAnswers(probabilities, labels, classCount, weights);
  const outcomes = countOutcomes(probabilities, labels, classCount, weights);
  if (!(outcomes.total > 0)) return [];
  let areas: RankingAreas | null | undefined;
  const facts: Facts = {
    ...outcomes,
    classCount,
    areas() {
      if (areas === undefined) areas = areasOf(probabilities, labels, classCount, weights);
      return areas;
    },
    calibrationError: () => expectedCalibrationError(calibrationBins(probabilities, labels, classCount, { weights })),
  };
  const metrics: Metric[] = [];
  for (const { name, higherIsBetter } of definitionsOf('classification', names)) {
    const value = formulas[name]?.(facts) ?? null;
    if (value !== null) metrics.push({ name, value, higherIsBetter });
  }
  return metrics;
}

type Average = 'macro' | 'micro' | 'weighted' | 'binary';
type PerClass = (facts: Facts, index: number) => number;

const ratio = (part: number, whole: number) => (whole > 0 ? part / whole : 0);
const at = (values: Float64Array, index: number) => values[index] as number;

const precision: PerClass = ({ hits, predicted }, index) => ratio(at(hits, index), at(predicted, index));
const recall: PerClass = ({ hits, actual }, index) => ratio(at(hits, index), at(actual, index));
const f1: PerClass = ({ hits, actual, predicted }, index) =>
  ratio(2 * at(hits, index), at(actual, index) + at(predicted, index));

function averaged(measure: PerClass, average: Average): (facts: Facts) => number | null {
  return (facts) => {
    const { classCount, actual, predicted, right, total } = facts;
    if (average === 'binary') return classCount === 2 ? measure(facts, 1) : null;
    // Every row is one prediction and one label: all three ratios are that of the right ones.
    if (average === 'micro') return right / total;
    let sum = 0;
    let classes = 0;
    for (let index = 0; index < classCount; index++) {
      if (at(actual, index) + at(predicted, index) === 0) continue;
      classes++;
      sum += measure(facts, index) * (average === 'weighted' ? at(actual, index) : 1);
    }
    return sum / (average === 'weighted' ? total : classes);
  };
}

/** The mean recall over the classes that occur among the labels. */
function balancedAccuracy({ actual, hits, classCount }: Facts): number {
  let sum = 0;
  let classes = 0;
  for (let index = 0; index < classCount; index++) {
    if (at(actual, index) === 0) continue;
    classes++;
    sum += at(hits, index) / at(actual, index);
  }
  return sum / classes;
}

/** Gorodkin's correlation for any number of classes; 0 when every prediction is of one class. */
function matthews({ actual, predicted, right, total, classCount }: Facts): number | null {
  let [together, actualSquares, predictedSquares, classes] = [0, 0, 0, 0];
  for (let index = 0; index < classCount; index++) {
    together += at(actual, index) * at(predicted, index);
    actualSquares += at(actual, index) ** 2;
    predictedSquares += at(predicted, index) ** 2;
    if (at(actual, index) > 0) classes++;
  }
  if (classes < 2) return null;
  const spread = (total ** 2 - predictedSquares) * (total ** 2 - actualSquares);
  return spread > 0 ? (right * total - together) / Math.sqrt(spread) : 0;
}

const formulas: Readonly<Record<string, (facts: Facts) => number | null>> = {
  accuracy: ({ right, total }) => right / total,
  balanced_accuracy: balancedAccuracy,
  precision: averaged(precision, 'binary'),
  precision_macro: averaged(precision, 'macro'),
  precision_micro: averaged(precision, 'micro'),
  precision_weighted: averaged(precision, 'weighted'),
  recall: averaged(recall, 'binary'),
  recall_macro: averaged(recall, 'macro'),
  recall_micro: averaged(recall, 'micro'),
  recall_weighted: averaged(recall, 'weighted'),
  f1: averaged(f1, 'binary'),
  f1_macro: averaged(f1, 'macro'),
  f1_micro: averaged(f1, 'micro'),
  f1_weighted: averaged(f1, 'weighted'),
  matthews_corrcoef: matthews,
  log_loss: ({ loss, total }) => loss / total,
  brier_score: ({ squares, total }) => squares / total,
  roc_auc: (facts) => facts.areas()?.rocAuc ?? null,
  average_precision: (facts) => facts.areas()?.averagePrecision ?? null,
  expected_calibration_error: (facts) => facts.calibrationError(),
};

/** The areas of class 1 of two, or their means over classes against the rest; null if none has both sides. */
function areasOf(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  classCount: number,
  weights: ArrayLike<number> | undefined,
): RankingAreas | null {
  if (classCount < 2) return null;
  const scores =
    probabilities instanceof Float32Array ? new Float32Array(labels.length) : new Float64Array(labels.length);
  let [rocAuc, averagePrecision, classes] = [0, 0, 0];
  for (let index = classCount === 2 ? 1 : 0; index < classCount; index++) {
    for (let row = 0; row < scores.length; row++) scores[row] = probabilities[row * classCount + index] as number;
    const areas = rankingAreas(scores, labels, index, weights);
    if (areas === null) continue;
    rocAuc += areas.rocAuc;
    averagePrecision += areas.averagePrecision;
    classes++;
  }
  return classes === 0 ? null : { rocAuc: rocAuc / classes, averagePrecision: averagePrecision / classes };
}
