import type { TaskOptions } from '../cancel.js';
import type { CheckedFit, Estimator, EstimatorDefinition } from './estimator-definition.js';
import { fitLinear, loadLinear } from './linear-model.js';
import { methodParameters, solverParameters } from './linear-parameters.js';
import type { Model, ModelFile } from './model.js';
import { numberOf } from './parameters.js';
import { totalWeight } from './sample-weights.js';

const definition: EstimatorDefinition = {
  id: 'logistic-regression',
  displayName: 'Logistic regression',
  description:
    'Class probabilities from weighted sums of the features; one sum for two classes, otherwise one per class (softmax). Minimizes the mean over rows of the logistic loss, plus 1 / (C rows) times half the squared coefficients (l2) or their absolute values (l1), as scikit-learn does. Takes no missing values.',
  tasks: ['classification'],
  acceptsMissing: false,
  parameters: [
    ...methodParameters(
      ['lbfgs', 'gd', 'sgd', 'momentum', 'adam'],
      'l2',
      ['lbfgs', 'momentum', 'adam'],
      'lbfgs follows the curvature of all rows and seldom needs tuning; gd steps along the gradient of all rows; sgd, momentum and adam along that of batch_size rows.',
    ),
    {
      name: 'C',
      type: 'double',
      default: 1,
      min: 0,
      minExclusive: true,
      max: 1e12,
      onlyWith: [{ parameter: 'penalty', values: ['l1', 'l2'] }],
      help: 'The inverse of the strength of the penalty.',
    },
    ...solverParameters([{ parameter: 'solver', values: ['lbfgs', 'gd', 'sgd', 'momentum', 'adam'] }]),
  ],
};

/** Logistic regression: native/src/algorithms/linear_model.h. */
export const logisticRegression: Estimator = {
  definition,

  async fit(request: CheckedFit, options: TaskOptions): Promise<Model> {
    return await fitLinear(
      definition.id,
      request,
      1 / (numberOf(request.parameters, 'C') * totalWeight(request)),
      options,
    );
  },

  load: (file: ModelFile): Model => loadLinear(definition.id, file, true),
};
