import { ascendingOrder } from './ascending-order.js';

/** What the order of scores says about which rows are positive. */
export interface RankingAreas {
  /** The share of (positive, negative) pairs that the score orders rightly, ties counting half. */
  readonly rocAuc: number;
  /** The mean precision over steps of recall, at every distinct score: the area under the precision-recall steps. */
  readonly averagePrecision: number;
}

/**
 * The areas under both curves of one score, as scikit-learn's `roc_auc_score` and
 * `average_precision_score`. A row is positive if its label is `positive`. Null when positives or
 * negatives have no weight.
 */
export function rankingAreas(
  scores: Float32Array | Float64Array,
  labels: ArrayLike<number>,
  positive: number,
  weights?: ArrayLike<number>,
): RankingAreas | null {
  const order = ascendingOrder(scores);
  let positives = 0;
  let negatives = 0;
  let pairs = 0;
  let precision = 0;
  // From the highest score down, tied scores together.
  for (let end = order.length; end > 0; ) {
    const score = scores[order[end - 1] as number] as number;
    let positiveHere = 0;
    let negativeHere = 0;
    for (; end > 0 && scores[order[end - 1] as number] === score; end--) {
      const row = order[end - 1] as number;
      const weight = weights === undefined ? 1 : (weights[row] as number);
      if (labels[row] === positive) positiveHere += weight;
      else negativeHere += weight;
    }
    pairs += negativeHere * (positives + positiveHere / 2);
    positives += positiveHere;
    negatives += negativeHere;
    if (positiveHere > 0) precision += positiveHere * (positives / (positives + negatives));
  }
  if (!(positives > 0 && negatives > 0)) return null;
  return { rocAuc: pairs / (positives * negatives), averagePrecision: precision / positives };
}
