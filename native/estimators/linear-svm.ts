import { addon } from '../addon.js';
import { runTask, type TaskOptions } from '../cancel.js';
import type { CheckedFit, Estimator, EstimatorDefinition } from './estimator-definition.js';
import { EstimatorError } from './estimator-error.js';
import { linearModel, loadLinear } from './linear-model.js';
import type { Model, ModelFile } from './model.js';
import { booleanOf, choiceOf, numberOf, ParameterError } from './parameters.js';
import type { RawFit, RawLinear } from './raw.js';
import { balancedWeights } from './sample-weights.js';

declare module '../addon.js' {
  interface Addon {
    linearSvmFit: RawFit<{ model: RawLinear | null; epochs: number; converged: boolean; means: Float64Array }>;
  }
}

const definition: EstimatorDefinition = {
  id: 'linear-svm',
  displayName: 'Linear support vector machine',
  description:
    "A weighted sum of the features that keeps classes apart by a margin, one class against the rest; for numbers a band of width epsilon around the sum costs nothing. Minimizes half the squared coefficients, the intercept's among them, plus C times the losses, as scikit-learn's LinearSVC and LinearSVR do, by Newton's method where the loss is squared and there are no more features than rows (nor than 2048), otherwise by dual coordinate descent (Hsieh and others, 2008). Probabilities are Platt's sigmoid of the margin, fitted to the training rows, for more than two classes scaled to sum to one: the likeliest class can differ from the one of the greatest margin. Wants features of about unit variance (standardize them in the recipe) and takes no missing values.",
  tasks: ['classification', 'regression'],
  acceptsMissing: false,
  parameters: [
    {
      name: 'loss',
      type: 'choice',
      default: 'squared',
      choices: ['squared', 'plain'],
      help: "What a row costs: how far it is within the margin (classes) or outside the band of epsilon (numbers), squared or as it is. scikit-learn's squared_hinge and hinge, squared_epsilon_insensitive and epsilon_insensitive.",
    },
    {
      name: 'C',
      type: 'double',
      default: 1,
      min: 0,
      minExclusive: true,
      max: 1e9,
      help: 'What the losses weigh against the coefficients.',
    },
    {
      name: 'epsilon',
      type: 'double',
      default: 0,
      min: 0,
      max: 1e300,
      help: 'The distance from the target that costs nothing; regression only.',
    },
    {
      name: 'fit_intercept',
      type: 'boolean',
      default: true,
      help: 'Whether to learn a constant beside the coefficients.',
    },
    {
      name: 'intercept_scaling',
      type: 'double',
      default: 1,
      min: 0,
      minExclusive: true,
      max: 1e6,
      onlyWith: [{ parameter: 'fit_intercept', values: ['true'] }],
      help: 'The value of the column that stands for the intercept: the larger, the less the intercept costs.',
    },
    {
      name: 'class_weight',
      type: 'choice',
      default: 'none',
      choices: ['none', 'balanced'],
      help: 'balanced weighs each class by the inverse of its share; classification only.',
    },
    {
      name: 'max_iter',
      type: 'integer',
      default: 1000,
      min: 1,
      max: 10_000_000,
      help: "The most passes over the rows, or steps of Newton's method.",
    },
    {
      name: 'tol',
      type: 'double',
      default: 1e-4,
      min: 0,
      max: 1,
      help: "When to stop. Newton's method: the length of the gradient, as a share of the first one's and of the rarer class. Descent: the widest gap between gradients of the dual problem, for numbers the violations left as a share of the first.",
    },
  ],
};

/** Linear support vector machines: fitted by native/src/algorithms/linear_svm.h. */
export const linearSvm: Estimator = {
  definition,

  async fit(request: CheckedFit, options: TaskOptions): Promise<Model> {
    const { features, target, rows, classCount, parameters, seed } = request;
    const balanced = choiceOf(parameters, 'class_weight') === 'balanced';
    if (classCount === 0 && balanced) {
      throw new ParameterError('parameters["class_weight"]', 'balanced', 'must be none for regression');
    }
    const epsilon = numberOf(parameters, 'epsilon');
    if (classCount > 0 && epsilon !== 0) {
      throw new ParameterError('parameters["epsilon"]', epsilon, 'must be 0 for classification');
    }
    const weights = balanced ? balancedWeights(request) : request.weights;
    const raw = {
      squared: Number(choiceOf(parameters, 'loss') === 'squared'),
      c: numberOf(parameters, 'C'),
      epsilon,
      interceptScaling: booleanOf(parameters, 'fit_intercept') ? numberOf(parameters, 'intercept_scaling') : 0,
      maxEpochs: numberOf(parameters, 'max_iter'),
      tolerance: numberOf(parameters, 'tol'),
      seed,
    };
    const { data, rowCount, columnCount } = features;
    const { model, means } = await runTask(options, (control) =>
      addon.linearSvmFit(data, rowCount, columnCount, rows, target, weights, classCount, raw, control),
    );
    if (model === null) {
      throw new EstimatorError(
        'NOT_FINITE',
        'parameters["C"]',
        raw.c,
        'must be smaller, or targets or weights must be: coefficients left the finite numbers',
      );
    }
    return linearModel(definition.id, model, columnCount, classCount, means);
  },

  load: (file: ModelFile): Model => loadLinear(definition.id, file, { classes: 'either', oneVsRest: true }),
};
