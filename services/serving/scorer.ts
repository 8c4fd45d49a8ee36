import type { RawRows, Scores, ScoringModel } from '../../native/bundle/bundle.js';
import type { Value } from '../../proto/gen/tenon/common/v1/index.js';
import type { Prediction, PredictRequest__Output, PredictResponse } from '../../proto/gen/tenon/serving/v1/index.js';
import type { CallContext } from '../mesh/rpc/handler.js';
import { rowError } from './errors.js';
import { maxSyncElements, maxSyncRows } from './limits.js';

/** Answers Predict for one version: raw rows in, typed values out. */
export interface Scorer {
  /**
   * Scores up to 64 rows (of large tensors fewer) before it returns, more on native threads. Throws the row errors of
   * the contract as TenonError; then no row is answered.
   */
  predict(
    request: PredictRequest__Output,
    context: Pick<CallContext, 'signal'>,
  ): Pick<PredictResponse, 'predictions' | 'classes'> | Promise<Pick<PredictResponse, 'predictions' | 'classes'>>;
}

/** The scorer over a model; what is the same for every answer is put together once, here. */
export function createScorer(model: ScoringModel): Scorer {
  const { signature, outputCount, encoder } = model;
  const syncRows = Math.min(maxSyncRows, Math.max(1, Math.floor(maxSyncElements / Math.max(1, encoder.elementCount))));
  const classes = [...signature.classes];
  const values = classes.map((name) => classValue(name, signature.target.type));
  const classified = signature.task === 'classification';

  function answer(scores: Scores, rowCount: number) {
    const predictions = new Array<Prediction>(rowCount);
    for (let row = 0; row < rowCount; row++) {
      predictions[row] = classified
        ? classPrediction(scores, row * outputCount, values)
        : { value: { doubleValue: scores[row] ?? Number.NaN }, probabilities: [] };
    }
    return { predictions, classes };
  }

  async function predictMany(raw: RawRows, rowCount: number, signal: AbortSignal) {
    try {
      return answer(await model.predictBatch(raw, { signal }), rowCount);
    } catch (error) {
      throw rowError(error);
    }
  }

  return {
    predict({ records, rows }, context) {
      const rowCount = records.length + rows.length;
      // A call makes its signal when it is first asked for, which few rows can do without.
      if (rowCount > syncRows) {
        return predictMany(records.length > 0 ? { records } : { rows }, rowCount, context.signal);
      }
      try {
        return answer(records.length > 0 ? model.predictRecords(records) : model.predictRows(rows), rowCount);
      } catch (error) {
        throw rowError(error);
      }
    },
  };
}

function classPrediction(scores: Scores, offset: number, values: readonly Value[]): Prediction {
  const probabilities = new Array<number>(values.length);
  let best = 0;
  for (let index = 0; index < values.length; index++) {
    const probability = scores[offset + index] ?? Number.NaN;
    probabilities[index] = probability;
    // The first of equals wins, as in training.
    if (probability > (probabilities[best] ?? Number.NaN)) best = index;
  }
  return { value: values[best] ?? { nullValue: 'NULL_VALUE' }, probabilities };
}

/** A class as a value of the target's type; whole numbers that no double holds exactly stay decimal text. */
function classValue(name: string, type: ScoringModel['signature']['target']['type']): Value {
  if (type === 'boolean') return { boolValue: name === 'true' };
  if (type === 'double') return { doubleValue: Number(name) };
  if (type === 'integer' && Number.isSafeInteger(Number(name))) return { integerValue: Number(name) };
  return { stringValue: name };
}
