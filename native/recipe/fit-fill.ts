import type { ColumnType } from '../table/table.js';
import { presentNumbers, statisticsOf } from './column-views.js';
import type { FillValue } from './fitted-op.js';
import { RecipeError } from './recipe-error.js';
import type { RecipeStep } from './recipe-step.js';
import { settledColumn } from './settled-column.js';
import { medianOf, modeOf, valueCounts } from './statistics.js';
import type { WorkingScalar } from './workspace.js';

type FillStep = Extract<RecipeStep, { kind: 'fillMissing' }>;

const int64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n } as const;

/** The column types that the step can fill. Decimal text can fill integers, but only where they are named. */
export function fillableTypes({ strategy, constant, columns }: FillStep): readonly ColumnType[] {
  switch (strategy) {
    case 'mean':
    case 'median':
      return ['double', 'integer'];
    case 'constant':
      if (typeof constant === 'boolean') return ['boolean'];
      if (typeof constant === 'bigint') return ['integer', 'double'];
      if (typeof constant === 'number') return ['double'];
      return columns.length === 0 ? ['string'] : ['string', 'integer'];
    default:
      return ['double', 'integer', 'string', 'boolean'];
  }
}

/**
 * The replacement for a column's nulls. Mean and median turn an integer column into doubles,
 * whatever they come to, so that the type never depends on the rows. Throws RecipeError
 * INVALID_FIELD when the column has no value to learn from.
 */
export function fillValueFor(column: WorkingScalar, rowCount: number, step: FillStep, field: string): FillValue {
  const { name, type } = column;
  if (step.strategy === 'constant') return constantFor(column, step, field);
  const isNumber = type === 'double' || type === 'integer';
  const strategy = step.strategy === 'default' ? (isNumber ? 'median' : 'mode') : step.strategy;
  if (strategy !== 'mode') {
    const value = strategy === 'mean' ? meanIn(column, rowCount) : medianIn(column, rowCount);
    if (value === undefined) throw noValue(name, field);
    if (!Number.isFinite(value))
      throw new RecipeError('NOT_FINITE', `${field}.strategy`, value, `mean of column ${name} must be finite`, {
        column: name,
      });
    return { type: 'double', value };
  }
  const mode = modeOf(valueCounts(settledColumn(column, rowCount)));
  if (mode === undefined) throw noValue(name, field);
  switch (type) {
    case 'boolean':
      return { type, value: mode === 1 };
    case 'double':
      return { type, value: Number(mode) };
    case 'string':
      return { type, value: String(mode) };
    default:
      return { type: 'integer', value: String(mode) };
  }
}

function meanIn(column: WorkingScalar, rowCount: number): number | undefined {
  const [statistics] = statisticsOf([column], rowCount);
  return statistics === undefined || statistics.count === 0 ? undefined : statistics.mean;
}

function medianIn(column: WorkingScalar, rowCount: number): number | undefined {
  const numbers = presentNumbers(column, rowCount);
  return numbers.length === 0 ? undefined : medianOf(numbers);
}

function noValue(column: string, field: string): RecipeError {
  const bound = `has no value in the training rows; use STRATEGY_CONSTANT or leave the column out`;
  return new RecipeError('INVALID_FIELD', `${field}.strategy`, column, bound, { column });
}

function constantFor({ name, type }: WorkingScalar, { constant }: FillStep, field: string): FillValue {
  if (type === 'integer') {
    const text = String(constant);
    if (/^(0|-?[1-9]\d{0,18})$/.test(text) && BigInt(text) >= int64.min && BigInt(text) <= int64.max) {
      return { type, value: text };
    }
  } else if (type === 'double' && (typeof constant === 'bigint' || typeof constant === 'number')) {
    return { type, value: Number(constant) };
  } else if (type === 'boolean' && typeof constant === 'boolean') {
    return { type, value: constant };
  } else if (type === 'string' && typeof constant === 'string') {
    return { type, value: constant };
  }
  throw new RecipeError(
    'INVALID_FIELD',
    `${field}.constant`,
    constant,
    `must be of the type of column ${name}, ${type}`,
    { column: name },
  );
}
