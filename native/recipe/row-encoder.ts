import { nearestName } from '../table/nearest-name.js';
import { entryPath, shownValue } from '../table/table-error.js';
import { elementScale } from './element-scale.js';
import { notFiniteAt } from './features.js';
import type { EncodeOp, FittedOp } from './fitted-op.js';
import { scaled } from './fitted-op.js';
import type { FittedRecipeData, ScalarInput, TensorInput } from './fitted-recipe-data.js';
import { fateOfNull, featureWidths, reductionsOf } from './fitted-recipe-data.js';
import type { ValueLike } from './from-message.js';
import type { Projection } from './projection.js';
import { project, projectionOf } from './projection.js';
import { beyondFloatBound, RecipeError } from './recipe-error.js';
import type { Scalar, StructValueLike } from './row-values.js';
import { readStructValue, readTypedValue } from './row-values.js';
import { unknownBound } from './run-op.js';
import { readTensorList, readTypedTensor, type TensorReader } from './tensor-values.js';

/** Turns raw rows into features one at a time, without a table between. */
export interface RowEncoder {
  readonly featureCount: number;
  /** What encoding a row takes: the elements of its tensors and the operations of its reductions; 0 without either. */
  readonly rowCost: number;
  /** Writes the features of `records[row]`, a `google.protobuf.Struct`, at `offset`. */
  encodeRecord(fields: Readonly<Record<string, StructValueLike>>, row: number, out: Float32Array, offset: number): void;
  /** Writes the features of `rows[row]`, a `tenon.common.v1.Row`, at `offset`. */
  encodeRow(values: Readonly<Record<string, ValueLike>>, row: number, out: Float32Array, offset: number): void;
}

/** An operation on one value; `replace` and `index` are looked up once, here. */
type ValueOp =
  | { readonly kind: 'refuseNull' }
  | { readonly kind: 'fill'; readonly replace: Scalar; readonly toDouble: boolean }
  | { readonly kind: 'scale'; readonly apply: (value: number) => number }
  | {
      readonly kind: 'oneHot' | 'ordinal';
      readonly index: ReadonlyMap<string, number>;
      readonly refuseUnknown: boolean;
    };

type ColumnPlan = (
  | { readonly input: ScalarInput; readonly tensor: null }
  // How a tensor is read and scaled.
  | { readonly input: TensorInput; readonly tensor: TensorReader }
) & {
  readonly ops: readonly ValueOp[];
  readonly offset: number;
  readonly width: number;
  readonly nullable: boolean;
  /** Where a reduction waits for the value instead; null for a feature of its own. */
  readonly reduced: { readonly values: Float64Array; readonly at: number } | null;
  /** Whether every object has a property of that name, so that presence needs a closer look. */
  readonly inherited: boolean;
};

/**
 * Compiles a recipe for single rows; the result equals `FittedRecipe.apply` outside training.
 * Without `acceptsMissing`, a null that no step replaces is refused. Its functions throw
 * RecipeError naming `records[i].fields["column"]` or `rows[i].values["column"]`:
 * UNKNOWN_COLUMN, MISSING_COLUMN, WRONG_TYPE, NOT_FINITE, UNKNOWN_CATEGORY.
 */
export function compileRowEncoder(data: FittedRecipeData, { acceptsMissing }: { acceptsMissing: boolean }): RowEncoder {
  const widths = featureWidths(data);
  const reductions = reductionsOf(data).map((op): Reduction => {
    return { projection: projectionOf(op), values: new Float64Array(op.columns.length) };
  });
  let offset = 0;
  const plans = data.inputs.map((input, index): ColumnPlan => {
    const fate = fateOfNull(data, input.name);
    // A literal without a spread: reading objects made by spreading doubled the time of a row.
    const plan = {
      input,
      tensor: input.type === 'tensor' ? tensorReader(input, data.ops) : null,
      ops: data.ops.flatMap((op) => valueOps(op, input.name)),
      offset,
      width: widths[index] as number,
      nullable: fate !== 'refused' && (fate !== 'missing' || acceptsMissing),
      reduced: reducedOf(reductions, input.name),
      inherited: input.name in Object.prototype,
    } as ColumnPlan;
    offset += plan.width;
    return plan;
  });
  const ownWidth = offset;
  for (const { projection } of reductions) offset += projection.componentCount;
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
    featureCount: offset,
    rowCost: rowCostOf(plans, reductions),
    encodeRecord: encoderOf<StructValueLike>((row) => `records[${row}].fields`, readStructValue, readTensorList),
    encodeRow: encoderOf<ValueLike>((row) => `rows[${row}].values`, readTypedValue, readTypedTensor),
  };
}

/** A reduction with room for the values of one row. */
interface Reduction {
  readonly projection: Projection;
  readonly values: Float64Array;
}

function rowCostOf(plans: readonly ColumnPlan[], reductions: readonly Reduction[]): number {
  const elements = plans.reduce((sum, { tensor, width }) => sum + (tensor === null ? 0 : width), 0);
  // A product and a sum for each weight.
  return reductions.reduce((sum, { projection }) => sum + 2 * projection.weights.length, elements);
}

function reducedOf(reductions: readonly Reduction[], name: string): ColumnPlan['reduced'] {
  for (const { projection, values } of reductions) {
    const at = projection.columns.indexOf(name);
    if (at >= 0) return { values, at };
  }
  return null;
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

function tensorReader(input: TensorInput, ops: readonly FittedOp[]): TensorReader {
  const scales = ops.flatMap((op) => (op.kind === 'scale' && op.column === input.name ? [op] : []));
  return { input, scale: elementScale(input.dtype, scales) };
}

function located(error: RecipeError, field: string): RecipeError {
  return new RecipeError(error.reason, field, error.seen, error.bound, { row: error.row, column: error.column });
}

function valueOps(op: FittedOp, column: string): ValueOp[] {
  if (op.kind === 'dropDuplicates') return [];
  if (op.kind === 'dropMissing' || op.kind === 'pca')
    return op.columns.includes(column) ? [{ kind: 'refuseNull' }] : [];
  if (op.column !== column) return [];
  switch (op.kind) {
    case 'fill': {
      const { type, value } = op.fill;
      const replace = type === 'integer' ? integerOf(value) : value;
      return [{ kind: 'fill', replace, toDouble: type === 'double' }];
    }
    case 'scale':
      return [{ kind: 'scale', apply: (value) => scaled(op, value) }];
    default:
      return [encodeOp(op)];
  }
}

function encodeOp({ kind, categories, unknown }: EncodeOp): ValueOp {
  const index = new Map(categories.map((category, position) => [category, position]));
  return { kind, index, refuseUnknown: unknown === 'error' };
}

function integerOf(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

function encodeValue(plan: ColumnPlan, raw: Scalar, row: number, out: Float32Array, at: number): void {
  const column = plan.input.name;
  let value = raw;
  if (value === null && !plan.nullable) throw refusedNull(column, row);
  for (const op of plan.ops) {
    switch (op.kind) {
      case 'refuseNull':
        if (value === null) throw refusedNull(column, row);
        break;
      case 'fill':
        if (value === null) value = op.replace;
        else if (op.toDouble) value = Number(value);
        break;
      case 'scale':
        if (value !== null) value = op.apply(Number(value));
        break;
      default: {
        const code = value === null ? null : (op.index.get(String(value)) ?? -1);
        if (code === -1 && op.refuseUnknown) {
          throw new RecipeError('UNKNOWN_CATEGORY', '', value, unknownBound(column), { row, column });
        }
        if (op.kind === 'oneHot') {
          out.fill(0, at, at + plan.width);
          if (code !== null && code >= 0) out[at + code] = 1;
          return;
        }
        value = code;
      }
    }
  }
  if (plan.reduced !== null) {
    // A null has been refused above.
    plan.reduced.values[plan.reduced.at] = Number(value);
    return;
  }
  const feature = Math.fround(value === null ? Number.NaN : Number(value));
  if (value !== null && !Number.isFinite(feature)) {
    throw new RecipeError('NOT_FINITE', '', Number(value), beyondFloatBound, { row, column });
  }
  out[at] = feature;
}

/** A null in the place of a tensor. */
function encodeNull(plan: ColumnPlan, row: number, out: Float32Array, at: number): void {
  if (!plan.nullable) throw refusedNull(plan.input.name, row);
  out.fill(Number.NaN, at + plan.offset, at + plan.offset + plan.width);
}

function refusedNull(column: string, row: number): RecipeError {
  return new RecipeError('NOT_FINITE', '', null, 'must not be null: the model needs a value here', { row, column });
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
