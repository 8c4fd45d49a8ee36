import { meansOf } from '../estimators/column-means.js';
import { treesOf } from '../estimators/trees-handle.js';
import type { ExplainedModel } from './explained-model.js';
import type { Explainer, ExplanationMethod } from './explainer.js';
import { checkCells, ExplanationError } from './explanation-error.js';
import { isLinear, linearExplainer } from './linear-shap.js';
import { treeExplainer } from './tree-shap.js';

/** How a model's estimator is explained exactly. */
export interface ExactMethod {
  readonly method: Exclude<ExplanationMethod, 'sampling'>;
  /** The memory that its explainer will hold, in bytes: an upper bound. */
  readonly memoryBytes: number;
  /** Makes the explainer; rejects with ExplanationError. */
  create(): Promise<Explainer>;
}

/** An edge of 48 bytes per node, of which a model takes at least 21. */
const treeMemoryPerModelByte = 3;

/** The most outputs times features of a linear model: 32 MiB for each row. */
const maxLinearCells = 2 ** 22;

/** The exact method of a model. Throws ExplanationError naming the estimator where there is none. */
export function exactMethodOf(model: ExplainedModel): ExactMethod {
  const { estimator = 'this model', featureCount, classCount, sizeBytes = 0 } = model;
  if (treesOf(model) !== undefined) {
    const memoryBytes = sizeBytes * treeMemoryPerModelByte;
    return { method: 'tree-shap', memoryBytes, create: () => treeExplainer(model) };
  }
  if (!isLinear(model)) throw new ExplanationError(estimator, 'has no exact explanation');
  const means = meansOf(model);
  if (means === undefined) {
    throw new ExplanationError(
      estimator,
      'its file does not tell the means of its training rows, as those of imported models do not',
    );
  }
  checkCells(estimator, featureCount, classCount, maxLinearCells);
  return {
    method: 'linear-shap',
    memoryBytes: 8 * featureCount * Math.max(1, classCount),
    create: async () => linearExplainer(model, means),
  };
}
