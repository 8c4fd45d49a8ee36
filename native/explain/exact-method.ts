import { meansOf } from '../estimators/column-means.js';
import { treesOf } from '../estimators/trees-handle.js';
import type { ExplainedModel } from './explained-model.js';
import type { Explainer, ExplanationMethod } from './explainer.js';
import { ExplanationError } from './explanation-error.js';
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

/** Two edges of 48 bytes per split, where scoring takes at least 24 bytes for each of its two children. */
const treeMemoryPerModelByte = 2;

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
    throw new ExplanationError(estimator, 'its file lacks the means of its training rows; train it again');
  }
  return {
    method: 'linear-shap',
    memoryBytes: 8 * featureCount * Math.max(1, classCount),
    create: async () => linearExplainer(model, means),
  };
}
