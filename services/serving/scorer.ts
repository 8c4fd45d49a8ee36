import type { RawRows, Scores, ScoringModel } from '../../native/bundle/bundle.js';
import { isQuick } from '../../native/bundle/scoring-model.js';
import type { EncodedRows } from '../../native/recipe/row-reader.js';
import type { Prediction, PredictRequest__Output, PredictResponse } from '../../proto/gen/tenon/serving/v1/index.js';
import type { CallContext } from '../mesh/rpc/handler.js';
import { rowError } from './errors.js';
import { maxSyncCost, maxSyncOperations, maxSyncRows } from './limits.js';
import { predictionsOf } from './predictions.js';

/** Answers Predict for one version: raw rows in, typed values out. */
export interface Scorer {
  /**
   * Scores up to 64 rows before it returns, of large tensors, reductions and models fewer or none; more on native
   * threads. Throws the row errors of the contract as TenonError; then no row is answered.
   */
  predict(
    request: PredictRequest__Output,
    context: Pick<CallContext, 'signal'>,
  ): Pick<PredictResponse, 'predictions' | 'classes'> | Promise<Pick<PredictResponse, 'predictions' | 'classes'>>;
  /** The same of rows in the bytes of a request, as scores; null where they must be decoded and given to `predict`. */
  predictEncoded(rows: EncodedRows, context: Pick<CallContext, 'signal'>): Scores | null | Promise<Scores | null>;
}

/** How many rows of a model are scored before Predict returns. */
function syncRowsOf({ encoder, model }: ScoringModel): number {
  if (!isQuick(model)) return 0;
  const byCost = Math.max(1, Math.floor(maxSyncCost / Math.max(1, encoder.rowCost)));
  const byOperations = Math.floor(maxSyncOperations / Math.max(1, model.operationsPerRow ?? 0));
  return Math.min(maxSyncRows, byCost, byOperations);
}

/** The scorer over a model; what is the same for every answer is put together once, here. */
export function createScorer(model: ScoringModel): Scorer {
  const classes = [...model.signature.classes];
  const predictionAt = predictionsOf(model);
  const syncRows = syncRowsOf(model);

  function answer(scores: Scores, rowCount: number) {
    const predictions = new Array<Prediction>(rowCount);
    for (let row = 0; row < rowCount; row++) predictions[row] = predictionAt(scores, row);
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
    predictEncoded(rows, context) {
      if (model.encoded === null) return null;
      return rows.rowCount > syncRows
        ? model.encoded.predictBatch(rows, { signal: context.signal })
        : model.encoded.predict(rows);
    },
  };
}
