import { elementScale } from './element-scale.js';
import type { EncodeOp, FittedOp } from './fitted-op.js';
import { scaled } from './fitted-op.js';
import type { FittedRecipeData, ScalarInput, TensorInput } from './fitted-recipe-data.js';
import { fateOfNull, featureWidths } from './fitted-recipe-data.js';
import type { Projection } from './projection.js';
import { beyondFloatBound, RecipeError } from './recipe-error.js';
import type { Scalar } from './row-values.js';
import { unknownBound } from './run-op.js';
import type { TensorReader } from './tensor-values.js';

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

/** How the cells of an input column become features. */
export type ColumnPlan = (
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

/** The plans of a recipe's inputs, in their order; their features stand side by side. */
export function columnPlans(
  data: FittedRecipeData,
  { acceptsMissing, reductions }: { acceptsMissing: boolean; reductions: readonly Reduction[] },
): ColumnPlan[] {
  const widths = featureWidths(data);
  let offset = 0;
  return data.inputs.map((input, index): ColumnPlan => {
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
}

/** A reduction with room for the values of one row. */
export interface Reduction {
  readonly projection: Projection;
  readonly values: Float64Array;
}

function reducedOf(reductions: readonly Reduction[], name: string): ColumnPlan['reduced'] {
  for (const { projection, values } of reductions) {
    const at = projection.columns.indexOf(name);
    if (at >= 0) return { values, at };
  }
  return null;
}

function tensorReader(input: TensorInput, ops: readonly FittedOp[]): TensorReader {
  const scales = ops.flatMap((op) => (op.kind === 'scale' && op.column === input.name ? [op] : []));
  return { input, scale: elementScale(input.dtype, scales) };
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

/** Writes the features of one value at `at`. Throws RecipeError that does not yet name where the value stood. */
export function encodeValue(plan: ColumnPlan, raw: Scalar, row: number, out: Float32Array, at: number): void {
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

/** Writes the features of a null in the place of a tensor of a row whose features begin at `at`; throws the same. */
export function encodeNull(plan: ColumnPlan, row: number, out: Float32Array, at: number): void {
  if (!plan.nullable) throw refusedNull(plan.input.name, row);
  out.fill(Number.NaN, at + plan.offset, at + plan.offset + plan.width);
}

function refusedNull(column: string, row: number): RecipeError {
  return new RecipeError('NOT_FINITE', '', null, 'must not be null: the model needs a value here', { row, column });
}
