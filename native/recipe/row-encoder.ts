import { nearestName } from '../table/nearest-name.js';
import { entryPath, shownValue } from '../table/table-error.js';
import type { ColumnPlan, Reduction } from './column-plan.js';
import { columnPlans, encodeNull, encodeValue } from './column-plan.js';
import { notFiniteAt } from './features.js';
import type { FittedRecipeData, ScalarInput } from './fitted-recipe-data.js';
import { reductionsOf } from './fitted-recipe-data.js';
import type { ValueLike } from './from-message.js';
import { project, projectionOf } from './projection.js';
import { beyondFloatBound, RecipeError } from './recipe-error.js';
import type { Scalar, StructValueLike } from './row-values.js';
import { readStructValue, readTypedValue } from './row-values.js';
import { readTensorList, readTypedTensor, type TensorReader } from './tensor-values.js';

/** Turns raw rows into features one at a time, without a table between. */
export interface RowEncoder {
  readonly featureCount: number;
  /** How each input column is encoded. */
  readonly plans: readonly ColumnPlan[];
  /** What encoding a row takes: the elements of its tensors and the operations of its reductions; 0 without either. */
  readonly rowCost: number;
  /** Writes the features of `records[row]`, a `google.protobuf.Struct`, at `offset`. */
  encodeRecord(fields: Readonly<Record<string, StructValueLike>>, row: number, out: Float32Array, offset: number): void;
  /** Writes the features of `rows[row]`, a `tenon.common.v1.Row`, at `offset`. */
  encodeRow(values: Readonly<Record<string, ValueLike>>, row: number, out: Float32Array, offset: number): void;
}

/**
 * Compiles a recipe for single rows; the result equals `FittedRecipe.apply` outside training.
 * Without `acceptsMissing`, a null that no step replaces is refused. Its functions throw
 * RecipeError naming `records[i].fields["column"]` or `rows[i].values["column"]`:
 * UNKNOWN_COLUMN, MISSING_COLUMN, WRONG_TYPE, NOT_FINITE, UNKNOWN_CATEGORY.
 */
export function compileRowEncoder(data: FittedRecipeData, { acceptsMissing }: { acceptsMissing: boolean }): RowEncoder {
  const reductions = reductionsOf(data).map((op): Reduction => {
    return { projection: projectionOf(op), values: new Float64Array(op.columns.length) };
  });
  const plans = columnPlans(data, { acceptsMissing, reductions });
  const ownWidth = plans.reduce((sum, { width }) => sum + width, 0);
  const featureCount = reductions.reduce((sum, { projection }) => sum + projection.componentCount, ownWidth);
  const encoderOf =
    <Value>(
      path: (row: number) => string,
      read: (value: Value, input: ScalarInput, field: string, row: number) => Scalar,
      readTensor: (value: Value, tensor: TensorReader, row: number, out: Float32Array, at: number) => boolean,
    ) =>
    (values: Readonly<Record<string, Value>>, row: number, out: Float32Array, at: number): void => {
      for (const plan of plans) {
        const { name } = plan.input;
        const value = plan.inherited && !Object.hasOwn(values, name) ? undefined : values[name];
        // The path is only put together when it is needed.
        if (value === undefined) throw missingColumn(path(row), name, row, Object.keys(values), plans);
        try {
          if (plan.tensor === null) encodeValue(plan, read(value, plan.input, '', row), row, out, at + plan.offset);
          else if (!readTensor(value, plan.tensor, row, out, at + plan.offset)) encodeNull(plan, row, out, at);
        } catch (error) {
          throw error instanceof RecipeError ? located(error, entryPath(path(row), name)) : error;
        }
      }
      refuseUnknown(values, plans, path(row), row);
      if (reductions.length > 0) addComponents(reductions, path, row, out, at + ownWidth);
    };
  return {
    featureCount,
    plans,
    rowCost: rowCostOf(plans, reductions),
    encodeRecord: encoderOf<StructValueLike>((row) => `records[${row}].fields`, readStructValue, readTensorList),
    encodeRow: encoderOf<ValueLike>((row) => `rows[${row}].values`, readTypedValue, readTypedTensor),
  };
}

function rowCostOf(plans: readonly ColumnPlan[], reductions: readonly Reduction[]): number {
  const elements = plans.reduce((sum, { tensor, width }) => sum + (tensor === null ? 0 : width), 0);
  // A product and a sum for each weight.
  return reductions.reduce((sum, { projection }) => sum + 2 * projection.weights.length, elements);
}

function addComponents(
  reductions: readonly Reduction[],
  path: (row: number) => string,
  row: number,
  out: Float32Array,
  start: number,
): void {
  let at = start;
  for (const { projection, values } of reductions) {
    project(projection, values, out, at);
    const wrong = notFiniteAt(out, at, projection.componentCount);
    if (wrong >= 0) {
      const column = `pca component ${wrong}`;
      throw new RecipeError('NOT_FINITE', path(row), out[at + wrong], `${beyondFloatBound}, as ${column}`, { row });
    }
    at += projection.componentCount;
  }
}

function located(error: RecipeError, field: string): RecipeError {
  return new RecipeError(error.reason, field, error.seen, error.bound, { row: error.row, column: error.column });
}

/** A column that the row lacks; where the row has one of a like name that is no input, that is what was meant. */
function missingColumn(
  path: string,
  column: string,
  row: number,
  present: readonly string[],
  plans: readonly ColumnPlan[],
): RecipeError {
  const inputs = new Set(plans.map(({ input }) => input.name));
  const near = nearestName(
    column,
    present.filter((name) => !inputs.has(name)),
  );
  const hint = near === undefined ? '' : `; the row has ${shownValue(near)}, which is no input column`;
  const bound = `must be present; send null for a missing value${hint}`;
  return new RecipeError('MISSING_COLUMN', entryPath(path, column), null, bound, { row, column });
}

function refuseUnknown(
  values: Readonly<Record<string, unknown>>,
  plans: readonly ColumnPlan[],
  path: string,
  row: number,
): void {
  let count = 0;
  for (const _name in values) count++;
  // All inputs were found, so equal counts mean that there is nothing else.
  if (count === plans.length && Object.getPrototypeOf(values) === Object.prototype) return;
  const known = new Set(plans.map(({ input }) => input.name));
  const unknown = Object.keys(values).find((name) => !known.has(name)) ?? '__proto__';
  const near = nearestName(unknown, known);
  const bound = `is no input column of the model${near === undefined ? '' : `; did you mean ${near}?`}`;
  throw new RecipeError('UNKNOWN_COLUMN', entryPath(path, unknown), unknown, bound, { row, column: unknown });
}
