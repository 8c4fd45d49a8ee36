import { ArgumentError, checkArray } from '../argument-error.js';
import type { Matrix } from '../table/matrix.js';
import type { EstimatorDefinition } from './estimator-definition.js';
import { EstimatorError } from './estimator-error.js';

/** What a fit says of its columns. */
export interface ColumnRoles {
  readonly features: Matrix;
  readonly classCount: number;
  readonly categorical?: Uint8Array | null | undefined;
  readonly monotone?: Int8Array | null | undefined;
}

/**
 * The roles, null where none is given. Refuses roles an estimator has no use for, of another length
 * or value, and those that contradict each other. Throws EstimatorError.
 */
export function checkColumns(
  { features, classCount, categorical = null, monotone = null }: ColumnRoles,
  { id, acceptsCategorical = false, acceptsMonotone = false }: EstimatorDefinition,
): { categorical: Uint8Array | null; monotone: Int8Array | null } {
  const columns = features.columnCount;
  check('categorical', categorical, 'Uint8Array', columns, acceptsCategorical, id, [0, 1]);
  check('monotone', monotone, 'Int8Array', columns, acceptsMonotone, id, [-1, 0, 1]);
  for (let column = 0; monotone !== null && column < columns; column++) {
    if (monotone[column] === 0) continue;
    const bound = (text: string) =>
      new EstimatorError('INVALID_FIELD', `monotone[${column}]`, monotone[column], `must be 0 ${text}`);
    if (categorical?.[column] === 1) throw bound('for a categorical column');
    if (classCount > 2) throw bound('with more than two classes');
  }
  return { categorical, monotone };
}

function check(
  field: string,
  roles: Uint8Array | Int8Array | null,
  type: 'Uint8Array' | 'Int8Array',
  columns: number,
  accepted: boolean,
  id: string,
  values: readonly number[],
): void {
  if (roles === null) return;
  if (!accepted)
    throw new EstimatorError('INVALID_FIELD', field, '(given)', `must not be given: ${id} has no use for it`);
  try {
    checkArray(field, roles, type, columns);
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    throw new EstimatorError('INVALID_FIELD', error.field, error.seen, `must be ${error.bound}`);
  }
  for (let column = 0; column < columns; column++) {
    const value = roles[column] as number;
    if (values.includes(value)) continue;
    throw new EstimatorError('INVALID_FIELD', `${field}[${column}]`, value, `must be one of ${values.join(', ')}`);
  }
}
