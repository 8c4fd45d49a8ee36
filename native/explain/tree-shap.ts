import './raw.js';
import { addon } from '../addon.js';
import { runTask } from '../cancel.js';
import { checkFeatures } from '../estimators/checks.js';
import { EstimatorError } from '../estimators/estimator-error.js';
import { forestOf } from '../estimators/forest-handle.js';
import type { Model } from '../estimators/model.js';
import type { Explainer } from './explainer.js';
import type { RawForestExplainer } from './raw.js';

/**
 * Exact Shapley values of a forest's features, in the space of its predictions: what leaves a
 * feature out averages over both sides of a split in proportion to their training rows (Lundberg
 * et al., From local explanations to global understanding with explainable AI for trees, Nature
 * Machine Intelligence, 2020; path-dependent). Missing values take the way they take in scoring.
 * The same bits at any thread count.
 *
 * Takes memory of its own, about 96 bytes per split, and is independent of `model.dispose()`.
 * Throws EstimatorError for a model that is no forest, that has been disposed of, or whose file
 * was written without the training rows per node.
 */
export function treeExplainer(model: Model): Explainer {
  const forest = forestOf(model);
  const refuse = (seen: unknown, bound: string) => new EstimatorError('INVALID_FIELD', 'model', seen, bound);
  if (forest === undefined) throw refuse(model.estimator, 'must be a forest');
  if (addon.forestCovered(forest) === false) {
    throw refuse('a forest without covers', 'must hold the training rows per node: train it again');
  }
  let handle: RawForestExplainer | null = addon.forestExplainer(forest, 0);
  const { featureCount } = model;
  const baseValues = addon.forestExplainerBaseValues(handle);
  const outputCount = baseValues.length;
  return {
    featureCount,
    outputCount,
    space: 'prediction',
    baseValues,
    async explain(matrix, options = {}) {
      checkFeatures(matrix, featureCount);
      const live = handle;
      if (live === null) throw new EstimatorError('INVALID_FIELD', 'explainer', '(disposed of)', 'must not be used');
      const { data, rowCount } = matrix;
      const values = await runTask(options, (control) => addon.forestExplain(live, data, rowCount, control));
      return { values, rowCount, outputCount, featureCount, baseValues };
    },
    dispose() {
      if (handle !== null) addon.forestExplainerDispose(handle);
      handle = null;
    },
  };
}
