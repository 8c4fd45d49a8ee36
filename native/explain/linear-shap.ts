import { setImmediate as nextTurn } from 'node:timers/promises';
import { checkFeatures, refuseNotFinite } from '../estimators/checks.js';
import { EstimatorError } from '../estimators/estimator-error.js';
import { takeWeights } from '../estimators/packed-weights.js';
import { TensorReader } from '../estimators/tensors.js';
import type { ExplainedModel } from './explained-model.js';
import type { Contributions, Explainer, ExplanationSpace } from './explainer.js';

/** Numbers worked out between two turns of the event loop: a few milliseconds' worth. */
const numbersPerTurn = 2 ** 20;

/**
 * Exact Shapley values of a linear model's features, taken as independent: a feature left out has
 * its mean, so that its contribution is its coefficient times its distance from the mean
 * (Lundberg and Lee, A unified approach to interpreting model predictions, 2017, corollary 1).
 * Regression is explained in the unit of the target, classes before the logistic function or
 * softmax.
 *
 * `means` holds the mean of each feature as the model sees it, over training rows say. Throws
 * EstimatorError for a model that is not linear, and for means that are not one finite number per feature.
 */
export function linearExplainer(model: ExplainedModel, means: Float64Array): Explainer {
  const { featureCount } = model;
  const { weights, intercept } = coefficientsOf(model);
  if (means.length !== featureCount) {
    throw new EstimatorError('INVALID_FIELD', 'means', means.length, `must be ${featureCount}, one per feature`);
  }
  const wrong = means.findIndex((mean) => !Number.isFinite(mean));
  if (wrong >= 0) throw new EstimatorError('NOT_FINITE', `means[${wrong}]`, means[wrong], 'must be finite');
  const centre = means.slice();
  const outputCount = intercept.length;
  const baseValues = intercept.map((start, output) =>
    centre.reduce((sum, mean, c) => sum + (weights[output * featureCount + c] as number) * mean, start),
  );
  let disposed = false;
  return {
    featureCount,
    outputCount,
    space: spaceOf(model),
    method: 'linear-shap',
    baseValues,
    async explain(matrix, { signal, onProgress } = {}): Promise<Contributions> {
      signal?.throwIfAborted();
      checkFeatures(matrix, featureCount);
      if (disposed) throw new EstimatorError('INVALID_FIELD', 'explainer', '(disposed of)', 'must not be used');
      refuseNotFinite(matrix, null);
      const { data, rowCount } = matrix;
      const values = new Float64Array(rowCount * outputCount * featureCount);
      const rowsPerTurn = Math.max(1, Math.floor(numbersPerTurn / (outputCount * featureCount)));
      for (let begin = 0; begin < rowCount; begin += rowsPerTurn) {
        if (begin > 0) await nextTurn();
        signal?.throwIfAborted();
        const end = Math.min(rowCount, begin + rowsPerTurn);
        let at = begin * outputCount * featureCount;
        for (let row = begin; row < end; row++) {
          for (let output = 0; output < outputCount; output++) {
            for (let c = 0; c < featureCount; c++) {
              const distance = (data[row * featureCount + c] as number) - (centre[c] as number);
              values[at++] = (weights[output * featureCount + c] as number) * distance;
            }
          }
        }
        onProgress?.(end, rowCount);
      }
      return { values, rowCount, outputCount, featureCount, baseValues };
    },
    dispose() {
      disposed = true;
    },
  };
}

const linearEstimators: ReadonlySet<string | undefined> = new Set([
  'linear-regression',
  'logistic-regression',
  'linear-svm',
  'multinomial-naive-bayes',
]);

/** Whether a model is a sum of coefficients times features. */
export function isLinear({ estimator }: ExplainedModel): boolean {
  return linearEstimators.has(estimator);
}

function spaceOf({ estimator, classCount }: ExplainedModel): ExplanationSpace {
  if (classCount === 0) return 'value';
  // A support vector machine divides each class from the rest.
  return classCount === 2 || estimator === 'linear-svm' ? 'log-odds' : 'score';
}

/** Coefficients, outputs × features, and an intercept per output. */
function coefficientsOf(model: ExplainedModel): { weights: Float64Array; intercept: Float64Array } {
  const outputs = model.classCount > 2 ? model.classCount : 1;
  if (!isLinear(model)) {
    throw new EstimatorError('INVALID_FIELD', 'model', model.estimator, 'must be a linear model');
  }
  const reader = new TensorReader(model.toTensors().tensors);
  const weights = takeWeights(reader, [outputs, model.featureCount]);
  return { weights, intercept: reader.take('intercept', 'F64', [outputs]) };
}
