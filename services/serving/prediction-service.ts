import type { Scores } from '../../native/bundle/bundle.js';
import type { PredictionServiceHandlers } from '../../proto/gen/tenon/serving/v1/index.js';
import type { BytesHandler } from '../mesh/rpc/bytes-handler.js';
import type { Implementation } from '../mesh/rpc/handler.js';
import { findRows } from './encoded-rows.js';
import type { Fleet } from './fleet.js';
import { maxRows } from './limits.js';
import { partialDependence } from './partial-dependence.js';
import { checkExplain, checkName, checkPartialDependence, checkPredict } from './validate.js';

/** The handlers of PredictionService. */
export function createPredictionService(fleet: Fleet): Implementation<PredictionServiceHandlers> {
  function runtimeNamed(deployment: string) {
    // A known name is a valid one, so that it is checked only where it is not known.
    return fleet.find(deployment) ?? fleet.get(checkName(deployment, 'deployment'));
  }

  return {
    predict(request, context) {
      const active = runtimeNamed(request.deployment).active();
      checkPredict(request);
      const { scorer, manifest } = active.loaded;
      const modelVersion = manifest.version;
      active.acquire();
      let answer: ReturnType<typeof scorer.predict>;
      try {
        answer = scorer.predict(request, context);
      } catch (error) {
        active.release();
        throw error;
      }
      if (!(answer instanceof Promise)) {
        active.release();
        return { modelVersion, predictions: answer.predictions, classes: answer.classes };
      }
      return answer.then((later) => ({ modelVersion, ...later })).finally(() => active.release());
    },

    async explain(request, { signal }) {
      const active = runtimeNamed(request.deployment).active();
      const asked = checkExplain(request);
      const { explanations, manifest } = active.loaded;
      const { records, rows } = request;
      active.acquire();
      try {
        const answer = await explanations.explain(records.length > 0 ? { records } : { rows }, asked, signal);
        return { modelVersion: manifest.version, ...answer };
      } finally {
        active.release();
      }
    },

    async getPartialDependence(request, { signal }) {
      const active = runtimeNamed(request.deployment).active();
      const gridSize = checkPartialDependence(request);
      const { model, manifest } = active.loaded;
      const { records, rows, column } = request;
      active.acquire();
      try {
        const sent = records.length > 0 ? { records } : { rows };
        const answer = await partialDependence(model, sent, { column, gridSize, signal });
        return { modelVersion: manifest.version, ...answer };
      } finally {
        active.release();
      }
    },

    getSignature({ deployment }) {
      const { version, signature } = runtimeNamed(deployment).active().loaded.manifest;
      return { modelVersion: version, signature };
    },
  };
}

/** Answers Predict from the bytes of its request; the handler above answers the same, and what is wrong. */
export function createPredictOnBytes(fleet: Fleet): BytesHandler {
  return (request, context) => {
    const found = findRows(request);
    const runtime = found === null ? undefined : fleet.find(found.deployment);
    if (found === null || runtime === undefined || found.rows.rowCount > maxRows) return null;
    const { rows } = found;
    const active = runtime.active();
    const { scorer, encodePredictions } = active.loaded;
    const answer = (scores: Scores | null) => (scores === null ? null : encodePredictions(scores, rows.rowCount));
    active.acquire();
    let scores: ReturnType<typeof scorer.predictEncoded>;
    try {
      scores = scorer.predictEncoded(rows, context);
    } catch (error) {
      active.release();
      throw error;
    }
    if (scores instanceof Promise) return scores.then(answer).finally(() => active.release());
    active.release();
    return answer(scores);
  };
}
