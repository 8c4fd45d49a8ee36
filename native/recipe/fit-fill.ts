import type { ColumnType } from '../table/table.js';
import { quantilesOf, statisticsOf } from './column-views.js';
import type { FillOp, FillValue } from './fitted-op.js';
import { RecipeError } from './recipe-error.js';
import type { RecipeStep } from './recipe-step.js';
import { settledColumn } from './settled-column.js';
import { modeOf, type NumberStatistics, valueCounts } from './statistics.js';
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
 * The replacement for each column's nulls. Mean and median turn an integer column into doubles,
 * whatever they come to, so that the type never depends on the rows. Throws RecipeError
 * INVALID_FIELD when a column has no value to learn from.
 */
export function fillOps(step: FillStep, columns: readonly WorkingScalar[], rowCount: number, field: string): FillOp[] {
  const isNumber = ({ type }: WorkingScalar) => type === 'double' || type === 'integer';
  const strategyFor = (column: WorkingScalar) =>
    step.strategy === 'default' ? (isNumber(column) ? 'median' : 'mode') : step.strategy;
  const means = meansIn(
    columns.filter((column) => strategyFor(column) === 'mean'),
    rowCount,
  );
  const medians = mediansIn(
    columns.filter((column) => strategyFor(column) === 'median'),
    rowCount,
  );
  return columns.map((column): FillOp => {
    const { name } = column;
    const strategy = strategyFor(column);
    const op = (fill: FillValue): FillOp => ({ kind: 'fill', column: name, fill });
    if (strategy === 'constant') return op(constantFor(column, step, field));
    if (strategy === 'mode') return op(modeFor(column, rowCount, field));
    const value = (strategy === 'mean' ? means : medians).get(column);
    if (value === undefined) throw noValue(name, field);
    if (Number.isFinite(value)) return op({ type: 'double', value });
    const bound = `mean of column ${name} must be finite`;
    throw new RecipeError('NOT_FINITE', `${field}.strategy`, value, bound, { column: name });
  });
}

/** The mean of each column that has a number. */
function meansIn(columns: readonly WorkingScalar[], rowCount: number): Map<WorkingScalar, number> {
  const statistics = statisticsOf(columns, rowCount);
  const found = columns.map((column, index) => [column, statistics[index] as NumberStatistics] as const);
  return new Map(found.filter(([, { count }]) => count > 0).map(([column, { mean }]) => [column, mean]));
}

/** The median of each column that has a number; for an even count the middle of the two. */
function mediansIn(columns: readonly WorkingScalar[], rowCount: number): Map<WorkingScalar, number> {
  const medians = quantilesOf(columns, rowCount, [0.5]);
  return new Map(columns.flatMap((column, index) => (medians[index] ?? []).map((median) => [column, median] as const)));
}

function modeFor(column: WorkingScalar, rowCount: number, field: string): FillValue {
  const { name, type } = column;
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
