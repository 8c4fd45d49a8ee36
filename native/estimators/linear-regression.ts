import type { TaskOptions } from '../cancel.js';
import type { CheckedFit, Estimator, EstimatorDefinition } from './estimator-definition.js';
import { EstimatorError } from './estimator-error.js';
import { fitLinear, loadLinear } from './linear-model.js';
import { methodParameters, solverParameters } from './linear-parameters.js';
import type { Model, ModelFile } from './model.js';
import { choiceOf, numberOf } from './parameters.js';

/** The normal equations take memory by the square and time by the cube of the features. */
const maxExactColumns = 4096;

const definition: EstimatorDefinition = {
  id: 'linear-regression',
  displayName: 'Linear regression',
  description:
    'A weighted sum of the features. Minimizes the mean over rows of half the squared error, plus alpha times half the squared coefficients (l2, ridge), their absolute values (l1, lasso) or a mixture (elasticnet). The default solver is exact. Features that others determine, such as the last of a one-hot group, get coefficient zero where nothing is penalized. Takes no missing values.',
  tasks: ['regression'],
  acceptsMissing: false,
  parameters: [
    ...methodParameters(
      ['exact', 'lbfgs', 'gd', 'sgd', 'momentum', 'nesterov', 'adagrad', 'rmsprop', 'adam', 'adamw'],
      'none',
      `exact solves the normal equations (with l1 by coordinate descent) for up to ${maxExactColumns} features; lbfgs follows the curvature of all rows; gd steps along the gradient of all rows, the others along that of batch_size rows.`,
    ),
    {
      name: 'alpha',
      type: 'double',
      default: 1e-4,
      min: 0,
      max: 1e9,
      onlyWith: [{ parameter: 'penalty', values: ['l1', 'l2', 'elasticnet'] }],
      help: "The strength of the penalty. As scikit-learn's Lasso for l1 and its ElasticNet; its Ridge for l2 is alpha divided by the number of rows.",
    },
    ...solverParameters([
      {
        parameter: 'solver',
        values: ['lbfgs', 'gd', 'sgd', 'momentum', 'nesterov', 'adagrad', 'rmsprop', 'adam', 'adamw'],
      },
      { parameter: 'penalty', values: ['l1', 'elasticnet'] },
    ]),
  ],
};

/** Least squares, ridge and lasso: native/src/algorithms/linear_model.h. */
export const linearRegression: Estimator = {
  definition,
  refusesNotFinite: true,

  async fit(request: CheckedFit, options: TaskOptions): Promise<Model> {
    const { parameters, features } = request;
    if (choiceOf(parameters, 'solver') === 'exact' && features.columnCount > maxExactColumns) {
      const bound = `must be <= ${maxExactColumns} for solver exact; choose lbfgs or another`;
      throw new EstimatorError('INVALID_FIELD', 'features.columnCount', features.columnCount, bound);
    }
    return await fitLinear(definition.id, request, numberOf(parameters, 'alpha'), options);
  },

  load: (file: ModelFile): Model => loadLinear(definition.id, file, { classes: 'none', oneVsRest: false }),
};
