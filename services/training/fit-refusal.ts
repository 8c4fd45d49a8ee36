import { EstimatorError } from '../../native/estimators/estimator-error.js';
import { ParameterError } from '../../native/estimators/parameters.js';
import { shownValue } from '../../native/table/table-error.js';
import { invalidField, TenonError } from '../mesh/errors.js';

/** What was fitted, for words that the job's owner knows. */
export interface Refused {
  /** Where the estimator's parameters stand in the job. */
  readonly parametersField: string;
  readonly featureNames: readonly string[];
  /** Empty for regression. */
  readonly classes: readonly string[];
  /** Per row to learn from its class or number. */
  readonly target: Float64Array;
  /** The row of the dataset version that a row to learn from is. */
  sourceRow(row: number): number;
}

/** What an estimator refused, told at a field of the job. Anything else is returned as it is. */
export function fitRefusal(error: unknown, refused: Refused): unknown {
  if (error instanceof ParameterError) {
    const name = /^parameters(.*)$/s.exec(error.field)?.[1] ?? '';
    return invalidField(`${refused.parametersField}${name}`, error.seen, error.bound);
  }
  if (!(error instanceof EstimatorError)) return error;
  const { field, description, facts = {} } = toldOf(error, refused);
  return new TenonError({
    reason: error.reason,
    message: `${field}: ${description}`,
    facts: { field, ...facts },
    violations: [{ field, description }],
    cause: error,
  });
}

interface Told {
  field: string;
  description: string;
  facts?: Record<string, string | number>;
}

function toldOf({ field, seen, bound, cell }: EstimatorError, refused: Refused): Told {
  const { featureNames, classes, target, parametersField } = refused;
  if (cell !== null) {
    const column = featureNames[cell.column] ?? '';
    const row = refused.sourceRow(cell.row);
    const description = `${shownValue(column)} is ${shownValue(seen)} in row ${row}; ${bound}`;
    return { field: 'job.spec.features', description, facts: { row, column } };
  }
  if (field === 'target' && classes.length > 0) {
    const only = shownValue(classes[target[0] ?? 0] ?? '');
    const rows = target.length;
    const description = `only class ${only} is among the ${rows} rows to learn from; ${bound}`;
    return { field: 'job.spec.target', description, facts: { rows } };
  }
  const description = `${shownValue(seen)} ${bound}`;
  if (field.startsWith('parameters')) {
    return { field: `${parametersField}${field.slice('parameters'.length)}`, description };
  }
  if (field.startsWith('features')) return { field: 'job.spec.features', description: `columns: ${description}` };
  return { field: field.startsWith('weights') ? 'job.spec.weight_column' : `job.spec.${field}`, description };
}
