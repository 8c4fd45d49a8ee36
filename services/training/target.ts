import type { Column__Output, Task__Output } from '../../proto/gen/tenon/common/v1/index.js';
import type { ColumnProfile__Output } from '../../proto/gen/tenon/data/v1/index.js';
import { invalidField, TenonError } from '../mesh/errors.js';
import { maxClasses, maxInferredClasses } from './limits.js';

/** A task that is decided. */
export type DecidedTask = Exclude<Task__Output, 'TASK_UNSPECIFIED'>;

/**
 * The task of a job: as stated, or chosen from the target column as signature.proto says.
 * Throws WRONG_TYPE or INVALID_FIELD when the column cannot be a target of that task.
 */
export function taskOf(stated: Task__Output, column: Column__Output, profile: ColumnProfile__Output): DecidedTask {
  const { name, type } = column;
  const field = 'job.spec.target';
  if (['COLUMN_TYPE_TIMESTAMP', 'COLUMN_TYPE_TENSOR', 'COLUMN_TYPE_UNSPECIFIED'].includes(type)) {
    throw wrongType(field, name, type, 'must be a boolean, integer, double or string column');
  }
  const classLike =
    type === 'COLUMN_TYPE_BOOLEAN' ||
    type === 'COLUMN_TYPE_STRING' ||
    (type === 'COLUMN_TYPE_INTEGER' && profile.distinctCount <= maxInferredClasses);
  const inferred = classLike ? 'TASK_CLASSIFICATION' : 'TASK_REGRESSION';
  const task = stated === 'TASK_UNSPECIFIED' ? inferred : stated;
  if (task === 'TASK_REGRESSION' && type !== 'COLUMN_TYPE_INTEGER' && type !== 'COLUMN_TYPE_DOUBLE') {
    throw wrongType(field, name, type, 'must be an integer or double column for regression');
  }
  if (task === 'TASK_CLASSIFICATION') {
    if (type === 'COLUMN_TYPE_DOUBLE') {
      throw wrongType(field, name, type, 'must be a boolean, integer or string column for classification');
    }
    if (profile.distinctCount < 2 || profile.distinctCount > maxClasses) {
      const seen = `${name} with ${profile.distinctCount} distinct values`;
      throw invalidField(field, seen, `must have 2 to ${maxClasses} distinct values for classification`);
    }
  }
  return task;
}

function wrongType(field: string, column: string, type: string, bound: string): TenonError {
  const description = `column ${JSON.stringify(column)} is ${type}; it ${bound}`;
  return new TenonError({
    reason: 'WRONG_TYPE',
    message: `${field}: ${description}`,
    violations: [{ field, description }],
    facts: { field, column, type },
  });
}

/** Classes in the order of their probabilities: integers by value, everything else by code point of its text. */
export function sortedClasses(values: Iterable<string>, type: Column__Output['type']): string[] {
  const classes = [...new Set(values)];
  if (type !== 'COLUMN_TYPE_INTEGER') return classes.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return classes.sort((a, b) => {
    const difference = BigInt(a) - BigInt(b);
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  });
}
