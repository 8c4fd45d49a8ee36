import type { Scores } from '../../native/bundle/bundle.js';
import type { PredictionServiceHandlers } from '../../proto/gen/tenon/serving/v1/index.js';
import type { BytesHandler } from '../mesh/rpc/bytes-handler.js';
import type { Implementation } from '../mesh/rpc/handler.js';
import { whileUsed } from './active-version.js';
import { findRows } from './encoded-rows.js';
import type { Fleet } from './fleet.js';
import { maxFeatures, maxRows } from './limits.js';
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
      checkPredict(request, active.loaded.model.encoder);
      return whileUsed(active, ({ scorer, manifest }) => {
        const modelVersion = manifest.version;
        const answer = scorer.predict(request, context);
        return answer instanceof Promise
          ? answer.then((later) => ({ modelVersion, ...later }))
          : { modelVersion, predictions: answer.predictions, classes: answer.classes };
      });
    },

    async explain(request, { signal }) {
      const active = runtimeNamed(request.deployment).active();
      const asked = checkExplain(request);
      const { records, rows } = request;
      return whileUsed(active, async ({ explanations, manifest }) => {
        const answer = await explanations.explain(records.length > 0 ? { records } : { rows }, asked, signal);
        return { modelVersion: manifest.version, ...answer };
      });
    },

    async getPartialDependence(request, { signal }) {
      const active = runtimeNamed(request.deployment).active();
      const gridSize = checkPartialDependence(request);
      const { records, rows, column } = request;
      return whileUsed(active, async ({ model, manifest }) => {
        const sent = records.length > 0 ? { records } : { rows };
        const answer = await partialDependence(model, sent, { column, gridSize, signal });
        return { modelVersion: manifest.version, ...answer };
      });
    },

    getSignature({ deployment }) {
      const { version, signature } = runtimeNamed(deployment).active().loaded.manifest;
      return { modelVersion: version, signature };
    },
  };
}

/** Answers Predict from the bytes of its request; the handler above answers the same, and says what is wrong. */
export function createPredictOnBytes(fleet: Pick<Fleet, 'find'>): BytesHandler {
  return (request, context) => {
    const found = findRows(request);
    const active = found === null ? null : (fleet.find(found.deployment)?.current ?? null);
    if (found === null || active === null) return null;
    const { rows } = found;
    const { rowCount } = rows;
    const { model, encodePredictions } = active.loaded;
    if (rowCount > maxRows || rowCount * model.encoder.featureCount > maxFeatures) return null;
    const answer = (scores: Scores | null) => (scores === null ? null : encodePredictions(scores, rowCount));
    return whileUsed(active, ({ scorer }) => {
      const scores = scorer.predictEncoded(rows, context);
      return scores instanceof Promise ? scores.then(answer) : answer(scores);
    });
  };
}
