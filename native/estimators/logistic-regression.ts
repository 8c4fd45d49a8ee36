import type { TaskOptions } from '../cancel.js';
import type { CheckedFit, Estimator, EstimatorDefinition } from './estimator-definition.js';
import { fitLinear, loadLinear } from './linear-model.js';
import { methodParameters, solverParameters } from './linear-parameters.js';
import type { Model, ModelFile } from './model.js';
import { choiceOf, numberOf } from './parameters.js';
import { balancedWeights, totalWeight } from './sample-weights.js';

const solvers = ['lbfgs', 'gd', 'sgd', 'momentum', 'nesterov', 'adagrad', 'rmsprop', 'adam', 'adamw'];

const definition: EstimatorDefinition = {
  id: 'logistic-regression',
  displayName: 'Logistic regression',
  description:
    'Class probabilities from weighted sums of the features; one sum for two classes, otherwise one per class (softmax). Minimizes the mean over rows of the logistic loss, plus 1 / (C rows) times half the squared coefficients (l2), their absolute values (l1) or a mixture (elasticnet), as scikit-learn does. Takes no missing values.',
  tasks: ['classification'],
  acceptsMissing: false,
  parameters: [
    ...methodParameters(
      solvers,
      'l2',
      'lbfgs follows the curvature of all rows and seldom needs tuning; gd steps along the gradient of all rows, the others along that of batch_size rows.',
    ),
    {
      name: 'C',
      type: 'double',
      default: 1,
      min: 0,
      minExclusive: true,
      max: 1e12,
      onlyWith: [{ parameter: 'penalty', values: ['l1', 'l2', 'elasticnet'] }],
      help: 'The inverse of the strength of the penalty.',
    },
    {
      name: 'class_weight',
      type: 'choice',
      default: 'none',
      choices: ['none', 'balanced'],
      help: 'balanced weighs each class by the inverse of its share.',
    },
    ...solverParameters([{ parameter: 'solver', values: solvers }]),
  ],
};

/** Logistic regression: native/src/algorithms/linear_model.h. */
export const logisticRegression: Estimator = {
  definition,
  refusesNotFinite: true,

  async fit(request: CheckedFit, options: TaskOptions): Promise<Model> {
    const { parameters } = request;
    const balanced = choiceOf(parameters, 'class_weight') === 'balanced';
    const weighted = balanced ? { ...request, weights: balancedWeights(request) } : request;
    // Balancing leaves the sum of the weights as it was.
    const strength = 1 / (numberOf(parameters, 'C') * totalWeight(request));
    return await fitLinear(definition.id, weighted, strength, options);
  },

  load: (file: ModelFile): Model => loadLinear(definition.id, file, { classes: 'some', oneVsRest: false }),
};
