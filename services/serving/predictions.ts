import type { Scores, ScoringModel } from '../../native/bundle/bundle.js';
import type { ColumnType } from '../../native/table/table.js';
import type { Value } from '../../proto/gen/tenon/common/v1/index.js';
import type { Prediction } from '../../proto/gen/tenon/serving/v1/index.js';

/** Reads the prediction of a row out of a model's scores; what is the same for all is put together once. */
export function predictionsOf({
  signature,
  outputCount,
}: Pick<ScoringModel, 'signature' | 'outputCount'>): (scores: Scores, row: number) => Prediction {
  const { task, target } = signature;
  if (task !== 'classification') {
    return (scores, row) => ({ value: numberValue(scores[row] ?? Number.NaN, task), probabilities: [] });
  }
  const values = signature.classes.map((name) => classValue(name, target?.type ?? 'string'));
  return (scores, row) => classPrediction(scores, row * outputCount, values);
}

function classPrediction(scores: Scores, offset: number, values: readonly Value[]): Prediction {
  const probabilities = new Array<number>(values.length);
  for (let index = 0; index < values.length; index++) probabilities[index] = scores[offset + index] ?? Number.NaN;
  return { value: values[likeliest(probabilities)] ?? { nullValue: 'NULL_VALUE' }, probabilities };
}

/** A number, or the number of a group. */
function numberValue(score: number, task: ScoringModel['signature']['task']): Value {
  return task === 'clustering' ? { integerValue: score } : { doubleValue: score };
}

/** The place of the largest probability; the first of equals wins, as in training. */
export function likeliest(probabilities: ArrayLike<number>): number {
  return likeliestAt(probabilities, 0, probabilities.length);
}

/** The same of `count` probabilities from `offset` on; the place counts from there. */
export function likeliestAt(probabilities: ArrayLike<number>, offset: number, count: number): number {
  let best = 0;
  for (let index = 1; index < count; index++) {
    if ((probabilities[offset + index] as number) > (probabilities[offset + best] as number)) best = index;
  }
  return best;
}

/** A class as a value of the target's type; whole numbers that no double holds exactly stay decimal text. */
function classValue(name: string, type: ColumnType): Value {
  if (type === 'boolean') return { boolValue: name === 'true' };
  if (type === 'double') return { doubleValue: Number(name) };
  if (type === 'integer' && Number.isSafeInteger(Number(name))) return { integerValue: Number(name) };
  return { stringValue: name };
}
