import './raw.js';
import { addon } from '../addon.js';
import { runTask } from '../cancel.js';
import { checkFeatures } from '../estimators/checks.js';
import { EstimatorError } from '../estimators/estimator-error.js';
import { type TreesHandle, treesOf } from '../estimators/trees-handle.js';
import type { ExplainedModel } from './explained-model.js';
import type { Explainer, ExplanationSpace } from './explainer.js';
import { checkCells, ExplanationError } from './explanation-error.js';
import type { RawForestExplainer } from './raw.js';

/** The most outputs times features: a thread computes in 256 bytes for each. */
const maxCells = 2 ** 18;

/**
 * Exact Shapley values of the features of trees: what leaves a feature out averages over both sides
 * of a split in proportion to their training rows (Lundberg et al., From local explanations to
 * global understanding with explainable AI for trees, Nature Machine Intelligence, 2020;
 * path-dependent). A forest is explained in the space of its predictions, gradient boosting in that
 * of its sums: log-odds for two classes, a score per class for more, the number or its logarithm.
 * Missing values and categories take the way they take in scoring. The same bits at any number of
 * threads and on every instruction set.
 *
 * Takes memory of its own, about 96 bytes per split, and is independent of `model.dispose()`.
 * Rejects with ExplanationError for a model without trees, whose file was written without the
 * training rows per node, or that is too large to explain; with TypeError for one disposed of.
 */
export async function treeExplainer(model: ExplainedModel): Promise<Explainer> {
  const trees = treesOf(model);
  const { estimator = 'this model', featureCount, classCount } = model;
  if (trees === undefined) throw new ExplanationError(estimator, 'has no trees');
  if (!isCovered(trees)) {
    throw new ExplanationError(
      estimator,
      'its file does not tell the training rows per node, as those of imported models may not',
    );
  }
  checkCells(estimator, featureCount, classCount, maxCells);
  let handle: RawForestExplainer | null = await layOut(estimator, trees);
  const baseValues = addon.forestExplainerBaseValues(handle);
  const outputCount = baseValues.length;
  return {
    featureCount,
    outputCount,
    space: spaceOf(trees, classCount),
    method: 'tree-shap',
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

function isCovered(trees: TreesHandle): boolean {
  return trees.kind === 'forest' ? addon.forestCovered(trees.forest) : addon.boostingCovered(trees.boosting);
}

async function layOut(estimator: string, trees: TreesHandle): Promise<RawForestExplainer> {
  try {
    return await (trees.kind === 'forest'
      ? addon.forestExplainer(trees.forest, 0, null)
      : addon.boostingExplainer(trees.boosting, null));
  } catch (error) {
    // Paths that are too long for the memory of a thread.
    if ((error as { code?: unknown }).code !== 'NATIVE_FAILURE') throw error;
    throw new ExplanationError(estimator, (error as Error).message);
  }
}

function spaceOf(trees: TreesHandle, classCount: number): ExplanationSpace {
  if (trees.kind === 'forest') return classCount === 0 ? 'value' : 'probability';
  if (classCount > 0) return classCount === 2 ? 'log-odds' : 'score';
  return trees.logarithmic ? 'log-value' : 'value';
}
