import { EstimatorError } from '../../native/estimators/estimator-error.js';
import { ExchangeError } from '../../native/exchange/exchange-error.js';
import { RecipeError } from '../../native/recipe/recipe-error.js';
import { shownValue, TableError } from '../../native/table/table-error.js';
import { ValidationError } from '../../native/validation/validation-error.js';
import { TenonError } from '../mesh/errors.js';

/**
 * An error of the layers below as one of Tenon's: what a recipe, a table, an estimator or
 * a division of rows refuses is told with its field. Anything else is returned as it is.
 */
export function refusalOf(error: unknown): unknown {
  if (error instanceof RecipeError && error.row !== undefined) return rowRefusal(error);
  const told =
    error instanceof RecipeError ||
    error instanceof TableError ||
    error instanceof EstimatorError ||
    error instanceof ExchangeError;
  if (told) {
    return refusal(error, error.reason, error.field);
  }
  return error instanceof ValidationError ? refusal(error, 'INVALID_FIELD', error.field) : error;
}

/** What is wrong with a row of the table is told at the field that names the version: the rows stand in no field. */
function rowRefusal(error: RecipeError): TenonError {
  const { reason, seen, bound, row = 0, column = '' } = error;
  const field = 'job.spec.dataset_version';
  const description = `row ${row}, column ${shownValue(column)}: ${shownValue(seen)} ${bound}`;
  return new TenonError({
    reason,
    message: `${field}: ${description}`,
    facts: { field, row, column },
    violations: [{ field, description }],
    cause: error,
  });
}

function refusal(error: Error, reason: TenonError['reason'], field: string): TenonError {
  const { message } = error;
  const description = message.startsWith(`${field}: `) ? message.slice(field.length + 2) : message;
  return new TenonError({ reason, message, facts: { field }, violations: [{ field, description }], cause: error });
}
