import { EstimatorError } from '../../native/estimators/estimator-error.js';
import { RecipeError } from '../../native/recipe/recipe-error.js';
import { TableError } from '../../native/table/table-error.js';
import { ValidationError } from '../../native/validation/validation-error.js';
import { TenonError } from '../mesh/errors.js';

/**
 * An error of the layers below as one of Tenon's: what a recipe, a table, an estimator or
 * a division of rows refuses is told with its field. Anything else is returned as it is.
 */
export function refusalOf(error: unknown): unknown {
  if (error instanceof RecipeError || error instanceof TableError || error instanceof EstimatorError) {
    return refusal(error, error.reason, error.field);
  }
  return error instanceof ValidationError ? refusal(error, 'INVALID_FIELD', error.field) : error;
}

function refusal(error: Error, reason: TenonError['reason'], field: string): TenonError {
  const { message } = error;
  const description = message.startsWith(`${field}: `) ? message.slice(field.length + 2) : message;
  return new TenonError({ reason, message, facts: { field }, violations: [{ field, description }], cause: error });
}
